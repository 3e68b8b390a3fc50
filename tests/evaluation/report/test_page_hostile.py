"""What is not ours is hostile: no name, path or article text may run, link, hide, reorder the page or break it."""

import re
from dataclasses import replace
from typing import cast

import pytest
from tests.evaluation.report.contents import actor, capability, failure, full_content, full_values
from tests.inference.explain.reading import ALLOWED_TAGS, Node, find_steering, read_page, read_text
from tests.inference.explain.test_page_hostile import HOSTILE

from hawadith_evaluation.report import ReportContent, render_report_page

SVG_TAGS = frozenset({"svg", "path", "circle", "g", "text", "title", "desc"})
TABLE_TAGS = frozenset({"table", "caption", "thead", "tbody", "tr", "th", "td"})
FURTHER_TAGS = frozenset({"nav", "figure", "figcaption", "i"})
FORBIDDEN = frozenset({"style", "src", "srcset", "action", "formaction", "xlink:href", "fill", "filter", "background"})


def hostile_content(payload: str) -> ReportContent:
    """The payload everywhere that something not ours goes."""
    values = full_values()
    values["labels"] = {payload: values["labels"]["arms"]}
    values["model"] = values["date"] = values["command"] = payload
    values["data"] = {"path": payload, "sha256": payload}
    values["operating"] = {payload: values["operating"]["arms"]}
    for key in ("counts", "reliability", "guarantees", "abstain", "evidence"):
        items = cast("list[dict[str, object]]", values[key])
        cast("dict[str, object]", values)[key] = [
            {**item, "label": payload} for item in items if item["label"] == "arms"
        ]
    for item in cast("list[dict[str, object]]", values["counts"]):
        item["period"] = payload
    values["slices"] = [{**item, "dimension": payload, "name": payload} for item in values["slices"]]
    noise = capability(payload, flips=0.5)
    noise["examples"] = [{payload: payload}]
    moved = actor(payload, label=payload, change=0.1)
    moved["kind"] = payload
    values["robustness"]["capabilities"], values["robustness"]["actors"] = [noise], [moved]
    curves = {payload: full_content().curves["arms"]}
    read = failure(payload, id_=payload, title=payload, text=f"قبل {payload} بعد")
    read["evidence"] = [("text", 2, len(payload) + 6), ("title", 0, len(payload))]
    return ReportContent(metrics=values, curves=curves, failures=[read])


def assert_inert(html: str) -> None:
    """Nothing but the page's own tags and attributes, and no character that steers rendering."""
    for node in read_page(html).find_all():
        assert node.tag in ALLOWED_TAGS | SVG_TAGS | TABLE_TAGS | FURTHER_TAGS, node.tag
        for attribute, value in node.attributes.items():
            assert not attribute.startswith("on"), f"<{node.tag} {attribute}>"
            assert attribute not in FORBIDDEN, f"<{node.tag} {attribute}>"
            if attribute == "href":
                assert re.fullmatch(r"#[a-z0-9-]+", value)
            if attribute in {"id", "class", "aria-labelledby"}:
                assert re.fullmatch(r"[a-z0-9 -]*", value)
    assert find_steering(html) == set()
    html.encode("utf-8")


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_text_is_inert_and_shown_whole(payload: str) -> None:
    html = render_report_page(hostile_content(payload))
    assert_inert(html)
    [item] = read_page(html).find_all("details", style="failure")
    assert read_text(item) == f"قبل {payload} بعد"
    assert item.find("span", style="headline").raw_text() == payload


def test_everything_not_ours_is_isolated() -> None:
    """Outside of charts, which are drawn left to right, it stands in `<bdi dir="auto">`: its direction ends with it."""
    marker = "شمسية"
    page = read_page(render_report_page(hostile_content(marker)))
    isolated = [node for node in page.find_all("bdi") if node.attributes == {"dir": "auto"}]
    shown = sum(_count(node, marker) for node in isolated)
    drawn = sum(_count(node, marker) for node in page.find_all("svg"))
    assert shown > 30
    assert shown + drawn == _count(page, marker)


def _count(node: Node, marker: str) -> int:
    parts = (child.count(marker) if isinstance(child, str) else _count(child, marker) for child in node.children)
    return sum(parts)


def test_page_of_harmless_content_is_inert_by_the_same_measure() -> None:
    assert_inert(render_report_page(full_content()))
    assert_inert(render_report_page(replace(full_content(), failures=())))
