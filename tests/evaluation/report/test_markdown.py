"""The Markdown twin: figures as readers quote them, nothing undefined dressed up as a number, nothing of an article at work or in sight."""

import re
import unicodedata
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evaluation.report.contents import (
    ARTICLE,
    LABELS,
    bare_content,
    bare_values,
    counts,
    failure,
    full_content,
    full_values,
)

from hawadith_evaluation.metrics import compute_metrics
from hawadith_evaluation.metrics_file import MetricsValues
from hawadith_evaluation.report import ReportContent, render_markdown, render_summary, render_table
from hawadith_evaluation.report.assembly import build_sections
from hawadith_evaluation.report.markdown import quote
from hawadith_evaluation.targets import Targets


def measure(*, resamples: int = 0) -> MetricsValues:
    positive = np.array([[1, 0], [1, 0], [0, 0], [0, 0]], dtype=np.bool_)
    scores = np.array([[0.9, 0.1], [0.2, 0.1], [0.3, 0.1], [0.7, 0.1]])
    targets = Targets(labels=("mines", "arms"), positive=positive, judged=np.ones_like(positive))
    decisions = scores > 0.5
    return compute_metrics(
        targets, probabilities=scores, decisions=decisions, groups=None, resamples=resamples
    ).to_mapping()


def test_table_without_intervals_holds_the_values() -> None:
    assert render_table(measure()).splitlines() == [
        "| label | n | precision | recall | F1 | average precision |",
        "|---|---:|---|---|---|---|",
        "| `mines` | 2 | 0.50 | 0.50 | 0.50 | 0.75 |",
        "| `arms` | 0 | – | – | – | – |",
        "| micro | 2 | 0.50 | 0.50 | 0.50 | 0.75 |",
        "| macro |  | 0.50 | 0.50 | 0.50 | 0.75 |",
        "",
        "- All labels right: 0.50 of 4 fully judged articles.",
        "- False alarms per 1,000 articles without incidents: 500.0, on 2 such articles.",
        "",
        "n counts positive articles. – is undefined, for want of positives or of predictions.",
    ]


def test_table_tells_of_articles_that_report_several_types_where_there_are_any() -> None:
    metrics = measure()
    assert "two or more types" not in render_table(metrics)
    metrics["several"] = {
        "n": 24,
        "n_pairs": 50,
        "recall": {"value": 0.72, "low": None, "high": None},
        "all_found": {"value": 0.5, "low": 0.31, "high": 0.69},
    }
    assert (
        "- Articles that report two or more types: all found in 0.50 [0.31, 0.69] of 24; recall 0.72 over their 50 pairs of article and "
        "type.\n"
    ) in render_table(metrics)


def test_table_shows_intervals_in_brackets_and_what_they_are() -> None:
    metrics = measure(resamples=50)
    metrics["labels"]["mines"]["f1"] = {"value": 0.713, "low": 0.649, "high": 0.772}
    text = render_table(metrics)
    assert "| 0.71 [0.65, 0.77] |" in text
    assert "95% intervals, percentile bootstrap over near-duplicate groups, 50 resamples, seed 13" in text
    assert text.endswith(".\n")


def test_report_names_model_data_date_and_command() -> None:
    text = render_markdown(bare_content())
    assert text.startswith(
        "# Evaluation\n\n- Model: `linear-0123456789ab`\n- Data: `../shared/data/articles.dev.jsonl`\n"
    )
    assert f"- SHA-256: `{'ab' * 32}`\n- Date: `2026-01-31 08:00 UTC`\n- Command: `hawadith evaluate" in text
    assert "Not read" not in text


def test_report_holds_every_section_once_in_order() -> None:
    titles = [section.title for section in build_sections(full_content())]
    assert re.findall(r"^## (.*)$", render_markdown(full_content()), flags=re.MULTILINE) == titles


def test_report_holds_every_cell_that_the_page_shows_at_first() -> None:
    lines = iter(render_markdown(full_content()).splitlines())
    for section in build_sections(full_content()):
        for row in (row for table in section.tables for row in table.rows[: table.shown]):
            parts = [part for cell in row.cells for part in (cell.text, cell.interval)]
            assert any(all(part in line for part in parts) for line in lines), f"{section.title}: {parts}"


def test_every_table_is_well_formed() -> None:
    blocks = re.findall(r"(?:^\|.*\n)+", render_markdown(full_content()), flags=re.MULTILINE)
    assert len(blocks) >= 12
    for block in blocks:
        assert len({line.count("|") for line in block.splitlines()}) == 1, block


def test_report_puts_warnings_above_every_figure() -> None:
    text = render_markdown(full_content())
    assert text.index("**Warning:** The model was probably trained on these articles.") < text.index("|")


def test_report_names_failures_and_quotes_none() -> None:
    content = replace(full_content(), failures=[failure(id_="a-77")])
    text = render_markdown(content)
    assert "| `arms` | false alarm | `a-77` | 0.930 | 0.370 |" in text
    assert not any(line in text for line in ARTICLE.splitlines() if line)
    assert "شاحنة على المعبر" not in text
    assert "انفجر لغم" not in text  # examples of the robustness suite quote articles, too


def test_long_tables_are_cut_and_say_so() -> None:
    values = full_values()
    values["slices"] = [*values["slices"]] * 20
    text = render_markdown(ReportContent(metrics=values))
    assert "\n20 more rows in `report.html`.\n" in text


def test_tables_that_the_page_folds_away_are_left_to_it() -> None:
    values = bare_values()
    values["counts"] = counts("arms")
    text = render_markdown(ReportContent(metrics=values))
    assert "| `arms` | 50 | 78 | 87 | +9 [+7, +11] |" in text
    assert "2024-05" not in text
    assert "By period" not in text


def test_summary_of_bare_values_is_the_table() -> None:
    assert render_summary(bare_values()) == render_table(bare_values())


def test_summary_has_a_line_on_each_label_and_on_robustness() -> None:
    lines = render_summary(full_values()).removeprefix(render_table(full_values())).strip().splitlines()
    assert len(lines) == 2 * len(LABELS) + 1
    assert lines[2] == (
        "- Calibration of `deals`: ECE 0.021 [0.013, 0.029], Brier score 0.052 [0.042, 0.062], on 12 positives, too few to rely on."
    )
    assert lines[3] == "- Promise for `arms`: recall of at least 0.90 with 90% confidence at threshold 0.112."
    assert lines[5] == "- Promise for `deals`: recall of at least 0.90 with 90% confidence cannot be met."
    assert lines[6] == (
        "- Robustness: 2 of 4 capabilities within tolerance; outside of it: `noise as of a scanner`, `a denied rumour lowers it`."
    )


def test_summary_says_when_nothing_is_outside_of_tolerance() -> None:
    values = full_values()
    values["robustness"]["capabilities"] = values["robustness"]["capabilities"][:2]
    assert "- Robustness: 2 of 2 capabilities within tolerance; none outside of it.\n" in render_summary(values)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("wiki", "`wiki`"),
        ("", ""),
        ("a ` b", "``a ` b``"),
        ("`a``b`", "``` `a``b` ```"),
        ("a | b", "`a ¦ b`"),
        ("two\n\nlines\t", "`two lines`"),
        ("\u202ea\x1b[31m", "`[U+202E]a[U+001B][31m`"),
    ],
)
def test_quote_makes_one_inert_line(text: str, quoted: str) -> None:
    assert quote(text) == quoted


@given(st.text(st.characters(codec=None) | st.sampled_from("`|\n<[]()!*_@\\\u202e\ud800ا"), max_size=30))
def test_quoted_text_cannot_leave_its_code_span(text: str) -> None:
    quoted = quote(text)
    if not quoted:
        assert not text.split()
        return
    opening = re.match("`+", quoted)
    assert opening is not None
    fence = opening[0]
    inner = quoted[len(fence) : -len(fence)]
    assert quoted.endswith(fence)
    assert inner[-1] != "`" != inner[0]
    assert fence not in re.findall("`+", inner)
    assert "|" not in quoted
    assert {unicodedata.category(character) for character in quoted}.isdisjoint({"Cc", "Cs", "Zl", "Zp"})


def test_a_bar_in_a_reason_of_ours_ends_no_cell() -> None:
    values = full_values()
    values["guarantees"] = [{**values["guarantees"][2], "why": "p(a|b) is unknown"}]
    [row] = [line for line in render_markdown(ReportContent(metrics=values)).splitlines() if "unknown" in line]
    assert row.count("|") == 8


def test_hostile_names_cannot_forge_a_row() -> None:
    values = full_values()
    hostile = "x` | 1.00 [1.00, 1.00] |\n| `better"
    values["slices"][0]["name"] = values["model"] = hostile
    text = render_markdown(ReportContent(metrics=values))
    assert "\n| `better" not in text
    [row] = [line for line in text.splitlines() if "better" in line and line.startswith("| `source`")]
    assert row.count("|") == 8
