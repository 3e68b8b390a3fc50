"""The report page, parsed back and held against the values."""

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from tests.evaluation.report.contents import (
    ARTICLE,
    LABELS,
    bare_content,
    failure,
    full_content,
)
from tests.inference.explain.reading import Node, read_marked, read_page, read_text

import hawadith_evaluation.report.page as page_module
from hawadith_evaluation.report import ReportContent, render_report_page, write_report_page
from hawadith_evaluation.report.assembly import build_sections
from hawadith_evaluation.report.page import FAILURE_BYTES


def render(content: ReportContent) -> Node:
    """The page as a tree."""
    return read_page(render_report_page(content))


def section(page: Node, anchor: str) -> Node:
    """One section of a page."""
    [found] = [node for node in page.find_all("section", style="part") if node.attributes["id"] == anchor]
    return found


def said(node: Node) -> str:
    """All text of a node, white space collapsed, folds and their captions included."""
    parts = [child if isinstance(child, str) else said(child) for child in node.children]
    return re.sub(r"\s+", " ", "".join(parts)).strip()


@pytest.fixture(scope="module")
def page() -> Node:
    return render(full_content())


def test_page_has_every_section_with_its_heading_and_how_to_read_it(page: Node) -> None:
    for expected in build_sections(full_content()):
        found = section(page, expected.anchor)
        assert said(found.find("h2")) == expected.title
        assert said(found.find("p", style="reading")) == expected.reading
        assert found.attributes["aria-labelledby"] == found.find("h2").attributes["id"]


def test_page_shows_every_cell_of_every_table(page: Node) -> None:
    for expected in build_sections(full_content()):
        if expected.anchor == "failures":
            continue
        rows = [row for row in section(page, expected.anchor).find_all("tr") if row.find_all("td")]
        shown = [[said(cell) for cell in row.children if isinstance(cell, Node)] for row in rows]
        assert shown == [
            [f"{cell.text} {cell.interval}".strip() for cell in row.cells]
            for table in expected.tables
            for row in table.rows
        ]


def test_page_draws_a_strip_for_every_figure(page: Node) -> None:
    for expected in build_sections(full_content()):
        if expected.anchor != "failures":
            strips = sum(
                cell.strip is not None for table in expected.tables for row in table.rows for cell in row.cells
            )
            assert len(section(page, expected.anchor).find_all("svg", style="strip")) == strips


def test_charts_have_a_title_and_a_description(page: Node) -> None:
    plots = [plot for expected in build_sections(full_content()) for plot in expected.plots]
    charts = [svg for svg in page.find_all("svg") if svg.attributes.get("role") == "img"]
    assert len(charts) == 3 * len(LABELS)
    assert [said(chart.find("desc")) for chart in charts] == [plot.description for plot in plots]
    for chart in charts:
        title, description = chart.attributes["aria-labelledby"].split()
        assert {node.attributes.get("id"): said(node) for node in chart.find_all("title")}[title] in LABELS
        assert [node.attributes["id"] for node in chart.find_all("desc")] == [description]


def test_strips_are_hidden_from_screen_readers_for_the_number_is_beside_them(page: Node) -> None:
    assert {svg.attributes.get("aria-hidden") for svg in page.find_all("svg", style="strip")} == {"true"}


def test_tables_have_captions_and_scroll_inside_themselves(page: Node) -> None:
    regions = page.find_all("div", style="scroll")
    assert len(regions) == len(page.find_all("table"))
    for region in regions:
        assert region.attributes["tabindex"] == "0"
        assert region.attributes["aria-labelledby"] == region.find("caption").attributes["id"]
        assert {cell.attributes.get("scope") for cell in region.find_all("th")} <= {"col", "row", "rowgroup"}


def test_ids_are_unique_and_every_reference_leads_somewhere(page: Node) -> None:
    ids = [node.attributes["id"] for node in page.find_all() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    references = {
        reference
        for node in page.find_all()
        for reference in f"{node.attributes.get('aria-labelledby', '')} {node.attributes.get('href', '')}".split()
    }
    assert {reference.removeprefix("#") for reference in references} <= set(ids)


def test_headings_are_in_order_and_landmarks_are_there(page: Node) -> None:
    levels = [int(node.tag[1]) for node in page.find_all() if re.fullmatch("h[1-6]", node.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert all(len(page.find_all(tag)) == 1 for tag in ("header", "nav", "main"))
    assert page.find("html").attributes == {"lang": "en", "dir": "ltr"}


def test_long_tables_are_folded_after_their_first_rows(page: Node) -> None:
    folds = section(page, "actors").find_all("details", style="more")
    assert [said(fold.find("summary")) for fold in folds] == [f"4 more: {label}" for label in LABELS]
    by_period = section(page, "counts").find_all("details", style="more")
    assert [said(fold.find("summary")) for fold in by_period] == [f"By period: {label}" for label in LABELS]


def test_page_says_what_it_is_of(page: Node) -> None:
    top = said(page.find("header"))
    assert all(part in top for part in ("linear-0123456789ab", "ab" * 32, "--seed 13", "628 near-duplicate groups"))
    assert [said(node) for node in page.find("dl", style="sums").find_all("dd")] == ["0.63", "0.71", "0.86", "82"]
    assert "The model was probably trained on these articles." in said(page.find("p", style="warning"))


def test_back_quotes_in_a_sentence_mark_code(page: Node) -> None:
    [code] = section(page, "limits").find_all("code")
    assert said(code) == "hawadith compare"
    assert "`" not in said(page.find("main"))


def test_failures_are_collapsed_and_read_right_to_left_with_their_evidence_marked(page: Node) -> None:
    failures = section(page, "failures").find_all("details", style="failure")
    assert len(failures) == 6
    for item in failures:
        assert "open" not in item.attributes
        assert item.find("div", style="text").attributes["dir"] == "rtl"
        assert read_text(item) == ARTICLE
        assert list(read_marked(item).values()) == [ARTICLE.splitlines()[0]]
    assert [said(node) for node in section(page, "failures").find_all("h3")] == list(LABELS)
    assert said(failures[1].find("summary")).startswith("missed probability 0.93, threshold 0.37 arms-missed")


def test_untitled_and_long_failures_are_shown_whole() -> None:
    long = "جلس الصيادون على الرصيف. " * 200
    item = failure(text=f"ضبطت شاحنة.\n{long}", title="")
    [shown] = render(replace(full_content(), failures=[item])).find_all("details", style="failure")
    assert read_text(shown) == item["text"]
    assert said(shown.find("summary").find("span", style="headline")) == "untitled"
    assert len(shown.find_all("details", style="fold")) == 1


def test_examples_are_shown_for_failing_capabilities(page: Node) -> None:
    [examples] = section(page, "robustness").find_all("details", style="more")
    assert [said(name) for name in examples.find_all("h3")] == ["noise as of a scanner", "a denied rumour lowers it"]
    assert [said(text) for text in examples.find_all("dd")] == ["انفجر لغم قرب القرية.", "انفجر لعم قرب القرية."] * 2


def test_bare_page_has_no_charts_and_names_what_is_missing() -> None:
    page = render(bare_content())
    assert [node for node in page.find_all("svg") if node.attributes.get("role") == "img"] == []
    assert "quality of the evidence" in said(page.find("dl", style="identity"))
    assert page.find_all("p", style="warning") == []


def test_page_stays_small_whatever_the_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    """A character that is spelt out takes forty bytes: hostile articles would make a page that no browser opens."""
    monkeypatch.setattr(page_module, "FAILURE_BYTES", 100_000)
    failures = [failure(text="\u202e" * 1000, id_=f"id-{letter}") for letter in "abcd"]
    page = render(replace(full_content(), failures=failures))
    shown = page.find_all("details", style="failure")
    assert [said(item.find("span", style="id")) for item in shown] == ["id-a", "id-b"]
    assert said(section(page, "failures").find("p", style="note")).endswith(": id-c, id-d")


def test_articles_leave_room_for_the_rest_of_the_page() -> None:
    without = render_report_page(replace(full_content(), failures=()))
    assert len(without.encode("utf-8")) + FAILURE_BYTES < 3_000_000


def test_policy_allows_the_one_style_sheet_and_nothing_else() -> None:
    html = render_report_page(full_content())
    [css] = re.findall(r"<style>(.*?)</style>", html, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    [meta] = [node for node in read_page(html).find_all("meta") if "http-equiv" in node.attributes]
    assert meta.attributes == {"http-equiv": "Content-Security-Policy", "content": policy}


def test_page_is_the_same_for_the_same_content() -> None:
    assert render_report_page(full_content()) == render_report_page(full_content())


def test_page_is_written_whole_into_a_new_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.html"
    write_report_page(path, full_content())
    assert path.read_text(encoding="utf-8") == render_report_page(full_content())
    assert [file.name for file in path.parent.iterdir()] == ["report.html"]
