"""Article text is hostile input: nothing in it may run, link, hide, reorder the page or break it."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import build_type
from tests.inference.explain.articles import TYPOLOGY, build_item
from tests.inference.explain.reading import (
    ALLOWED_TAGS,
    find_steering,
    read_cards,
    read_marked,
    read_page,
    read_text,
    read_title,
)

from hawadith.explain import render_page
from hawadith.prediction import Evidence, Prediction
from hawadith.records import Record
from hawadith.typology import Typology

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title></head><body onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)' style='position:fixed",
    "<a href='javascript:alert(1)'>اضغط</a>",
    "javascript:alert(1) data:text/html,<script>alert(1)</script>",
    "<!-- --><![CDATA[ ]]><?xml ?>",
    "{{ 7*7 }}{% raw %}{# #}${7*7}",
    "&lt;script&gt; &#x202e; &amp;nbsp; &bogus;",
    "</bdi></p></div></article></main></body></html>",
    "\u202eمقلوب\u202c \u2066a\u2069 \u200e\u200f\u061c",
    "\x1b[31mأحمر\x1b[0m\x07\x00\x9b31m",
    "\ud800 \udfff \ufeff \ufffe \U000e0041",
    "صفر\u200bعرض\u2060وصل\u00adناعم",
    "سطر\r\nوسطر\rوسطر\u2028وسطر\x0b\x0c\x85آخر",
    '=HYPERLINK("http://example.org") @import url(//example.org)',
    "ا" + "\u0651\u0650" * 300,
    "[SEP] [CLS]",
]


def _assert_inert(html: str) -> None:
    page = read_page(html)
    for node in page.find_all():
        assert node.tag in ALLOWED_TAGS, node.tag
        for name, value in node.attributes.items():
            assert not name.startswith("on"), f"<{node.tag} {name}>"
            assert name not in {
                "style",
                "src",
                "srcset",
                "srcdoc",
                "action",
                "formaction",
                "background",
                "ping",
                "target",
            }
            if name == "href":
                assert re.fullmatch(r"#a\d+-e\d+", value)
            if name in {"id", "for", "class"}:
                assert re.fullmatch(r"[a-z0-9 -]*", value)
    assert find_steering(html) == set()
    html.encode("utf-8")


def _hostile_item(payload: str) -> tuple[Record, Prediction]:
    """The payload everywhere that data goes, with marks that begin and end inside it."""
    text = f"قبل {payload} بعد"
    spans = [("arms", 0, len(text)), ("mine", 4, 4 + len(payload)), ("deal", 5, len(text))]
    record = Record(id=payload, title=payload, text=text, date=payload, source=payload)
    evidence = [Evidence(label=label, field="text", start=s, end=e, text=text[s:e], score=1.0) for label, s, e in spans]
    evidence.append(Evidence(label="arms", field="title", start=0, end=len(payload), text=payload, score=1.0))
    prediction = Prediction(
        id=payload, status="ok", labels=TYPOLOGY.ids, scores=dict.fromkeys(TYPOLOGY.ids, 0.9), evidence=tuple(evidence)
    )
    return record, prediction


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_article_is_inert_and_shown_whole(payload: str) -> None:
    record, prediction = _hostile_item(payload)
    failed = (record, Prediction(id=payload, status="error", scores={}, error=payload))
    unlabelled = (record, replace(prediction, labels=(), evidence=()))
    html = render_page(
        [(record, prediction), unlabelled, failed], typology=TYPOLOGY, model_id=payload, generated=payload
    )
    _assert_inert(html)
    cards = read_cards(html)
    assert [(read_title(card), read_text(card)) for card in cards] == [(record.title, record.text)] * 2
    assert read_marked(cards[0]) == {f"a1-e{key}": item.text for key, item in enumerate(prediction.evidence)}


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_any_text_is_inert_and_read_back_whole(data: st.DataObject) -> None:
    alphabet = st.characters(codec=None) | st.sampled_from("<>&\"'/\u202e\u200f\r\n \t\x1b\ud800ا.")
    text = data.draw(st.text(alphabet, min_size=1, max_size=60))
    bounds = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    spans = data.draw(st.lists(bounds.filter(lambda pair: pair[0] < pair[1]), max_size=3))
    evidence = [
        Evidence(label=label, field="text", start=start, end=end, text=text[start:end], score=1.0)
        for label, (start, end) in zip(TYPOLOGY.ids, spans, strict=False)
    ]
    html = render_page([build_item(text, *evidence)], typology=TYPOLOGY, model_id="m")
    [card] = read_cards(html)
    assert read_text(card) == text
    assert read_marked(card) == {f"a1-e{key}": item.text for key, item in enumerate(evidence)}
    assert find_steering(html) == set()


def test_all_article_text_is_isolated() -> None:
    """No text of an article stands outside `<bdi dir="auto">`: its direction is its own and ends with it."""
    marker = "شمسية"
    record, prediction = _hostile_item(marker)
    failed = (record, Prediction(id=marker, status="error", scores={}, error=marker))
    page = read_page(render_page([(record, prediction), failed], typology=TYPOLOGY, model_id=marker, generated=marker))
    isolated = [node for node in page.find_all("bdi") if node.attributes == {"dir": "auto"}]
    shown = sum(node.raw_text().count(marker) for node in isolated)
    assert shown == page.raw_text().count(marker) > 10


@pytest.mark.parametrize("payload", HOSTILE[:5] + HOSTILE[11:14])
def test_typology_cannot_break_the_page_either(payload: str) -> None:
    label = replace(build_type("arms"), name_ar=payload, name_en=payload, definition=payload, includes=(payload,))
    record, prediction = build_item("خبر عن شاحنة", labels=("arms",))
    evidence = (Evidence(label="arms", field="text", start=0, end=3, text="خبر", score=1.0),)
    item = (record, replace(prediction, scores={"arms": 0.9}, evidence=evidence))
    _assert_inert(render_page([item], typology=Typology(version=1, labels=(label,)), model_id="m"))
