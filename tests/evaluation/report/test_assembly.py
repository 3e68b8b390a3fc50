"""Which sections a report has, and what it says that it lacks."""

from tests.evaluation.report.contents import bare_content, bare_values, full_content, full_values

from hawadith_evaluation.report.assembly import (
    build_sections,
    describe_identity,
    list_absent,
    list_warnings,
    pick_headlines,
)
from hawadith_evaluation.report.content import ReportContent

ALL = [
    *("figures", "curves", "counts", "slices", "reliability", "promises", "review", "evidence"),
    *("robustness", "actors", "failures", "limits"),
]


def test_full_report_has_every_section_in_order() -> None:
    assert [section.anchor for section in build_sections(full_content())] == ALL


def test_bare_report_has_the_figures_and_what_they_mean() -> None:
    assert [section.anchor for section in build_sections(bare_content())] == ["figures", "limits"]


def test_every_section_says_how_to_read_it() -> None:
    for section in build_sections(full_content()):
        assert section.reading.endswith(".")
        assert section.title[0].isupper()


def test_every_row_fills_its_columns() -> None:
    for section in build_sections(full_content()):
        for table in section.tables:
            assert {len(row.cells) for row in table.rows} == {len(table.columns)}, table.caption


def test_empty_sections_are_absent() -> None:
    values = full_values()
    values["slices"], values["robustness"]["actors"] = [], []
    anchors = [section.anchor for section in build_sections(ReportContent(metrics=values))]
    assert "slices" not in anchors
    assert "actors" not in anchors
    assert "robustness" in anchors


def test_identity_says_what_on_what_when_and_how() -> None:
    identity = {term: cell.text for term, cell in describe_identity(full_values())}
    assert identity == {
        "Model": "linear-0123456789ab",
        "Data": "../shared/data/articles.dev.jsonl",
        "Articles": "640 articles in 628 near-duplicate groups",
        "SHA-256": "ab" * 32,
        "Date": "2026-01-31 08:00 UTC",
        "Command": "hawadith evaluate ../shared/data/articles.dev.jsonl --resamples 1000 --seed 13",
        "Not read": "empty 1, error 2; counted as given no label",
    }


def test_report_names_what_was_not_measured_and_why() -> None:
    values = full_values()
    del values["slices"], values["robustness"]
    values["left_out"] = {"robustness": "nobody asked for it", "faithfulness": "it needs the model"}
    assert list_absent(values) == (
        "robustness and actors (nobody asked for it)",
        "faithfulness (it needs the model)",
        "slices",
    )
    assert dict(describe_identity(values))["Not measured"].text == "; ".join(list_absent(values))


def test_bare_values_lack_every_section() -> None:
    assert len(list_absent(bare_values())) == 8
    assert list_warnings(bare_values()) == ()


def test_headlines_are_four_figures_with_intervals() -> None:
    headlines = {what: (cell.text, cell.interval) for what, cell in pick_headlines(bare_values())}
    assert headlines == {
        "macro F1": ("0.63", "[0.58, 0.68]"),
        "macro average precision": ("0.71", "[0.66, 0.76]"),
        "articles with all labels right": ("0.86", "[0.84, 0.88]"),
        "false alarms per 1,000 articles without incidents": ("82", "[70, 94]"),
    }
