"""The Markdown report: figures as readers quote them, nothing undefined dressed up as a number."""

import numpy as np

from hawadith_evaluation.metrics import compute_metrics
from hawadith_evaluation.metrics_file import MetricsValues, ReportValues
from hawadith_evaluation.report_markdown import render_report, render_table
from hawadith_evaluation.targets import Targets


def measure(*, resamples: int = 0) -> MetricsValues:
    positive = np.array([[1, 0], [1, 0], [0, 0], [0, 0]], dtype=np.bool_)
    scores = np.array([[0.9, 0.1], [0.2, 0.1], [0.3, 0.1], [0.7, 0.1]])
    targets = Targets(labels=("mines", "arms"), positive=positive, judged=np.ones_like(positive))
    decisions = scores > 0.5
    return compute_metrics(
        targets, probabilities=scores, decisions=decisions, groups=None, resamples=resamples
    ).to_mapping()


def report(**changes: object) -> ReportValues:
    return {
        **measure(resamples=50),
        "model": "linear-0123",
        "data": {"path": "dev.jsonl", "sha256": "ab" * 32},
        "unscored": {},
        "date": "2026-01-31 08:00 UTC",
        "command": "hawadith evaluate dev.jsonl",
        **changes,  # type: ignore[typeddict-item]
    }


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


def test_table_shows_intervals_in_brackets() -> None:
    metrics = measure()
    metrics["labels"]["mines"]["f1"] = {"value": 0.713, "low": 0.649, "high": 0.772}
    assert "| 0.71 [0.65, 0.77] |" in render_table(metrics)


def test_report_names_model_data_date_and_command() -> None:
    text = render_report(report())
    assert text.startswith("# Evaluation\n\n- Model: `linear-0123`\n")
    assert "`dev.jsonl`, 4 articles in 4 near-duplicate groups, SHA-256 `abababababababab`" in text
    assert "- Date: 2026-01-31 08:00 UTC\n- Command: `hawadith evaluate dev.jsonl`\n" in text
    assert "95% intervals, percentile bootstrap over near-duplicate groups, 50 resamples, seed 13" in text
    assert text.endswith("\n")
    assert "Not read" not in text


def test_report_names_articles_that_were_not_read() -> None:
    text = render_report(report(unscored={"error": 2, "empty": 1}))
    assert "- Not read by the model, counted as given no label: empty 1, error 2\n" in text


def test_report_without_resamples_speaks_of_no_intervals() -> None:
    assert "brackets" not in render_report(report(**measure()))
