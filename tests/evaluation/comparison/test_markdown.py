"""The report of a comparison: verdicts before figures, every side named, nothing undefined shown as a number."""

from typing import cast

import pytest
from tests.evaluation.comparison.comparison_builders import build_contrast

from hawadith_evaluation.comparison.gate import Gate
from hawadith_evaluation.comparison.layout import ComparisonValues, SideValues
from hawadith_evaluation.comparison.markdown import render_comparison
from hawadith_evaluation.comparison.results import Comparison
from hawadith_evaluation.comparison.sides import SharedLabels
from hawadith_evaluation.comparison.values import tabulate_comparison
from hawadith_evaluation.exposure import Exposure


def side(*models: str, unscored: dict[str, int] | None = None, exposure: Exposure | None = None) -> SideValues:
    return {
        "models": models,
        "origins": [f"build/{model}" for model in models],
        "unscored": [unscored or {}] * len(models),
        "exposure": [exposure] * len(models),
    }


def build_values(*, b: SideValues | None = None, only_a: tuple[str, ...] = (), measure: str = "f1") -> ComparisonValues:
    """Three labels: worse, undecided, undefined."""
    contrasts = {
        "mine": build_contrast(),
        "arms": build_contrast(0.01, -0.02, 0.04, p=0.5),
        "fire": build_contrast(None, None, None, p=None, a=None, b=None),
    }
    comparison = Comparison(
        measure=measure,
        labels=contrasts,
        macro=build_contrast(-0.001, -0.02, 0.02, p=0.9),
        positives={"mine": 9, "arms": 7, "fire": 0},
        judged={"mine": 90, "arms": 80, "fire": 90},
        runs=(1, 1),
        n=90,
        n_groups=88,
        resamples=500,
        permutations=2000,
        seed=3,
    )
    return tabulate_comparison(
        comparison,
        sides=(side("old"), b or side("new")),
        labels=SharedLabels(shared=tuple(contrasts), only_a=only_a, only_b=("flood",)),
        gate=Gate(),
        data={"path": "dev.jsonl", "sha256": "ab" * 32},
        date="2026-11-26 18:00 UTC",
        command="hawadith compare dev.jsonl",
    )


def test_report_gives_a_verdict_for_every_label_and_the_mean() -> None:
    text = render_comparison(build_values())
    assert "- `mine` (n = 9): B is worse by 0.050" in text
    assert "- `arms` (n = 7): No evidence of a difference" in text
    assert "- `fire` (n = 0): Not compared: no article is positive." in text
    assert "- Mean of the labels: No evidence of a difference" in text
    assert text.index("## Verdicts") < text.index("## Figures")


def test_report_shows_figures_with_intervals_and_a_dash_where_undefined() -> None:
    lines = render_comparison(build_values()).splitlines()
    assert (
        "| `mine` | 9 | 0.800 [0.800, 0.800] | 0.750 [0.750, 0.750] | -0.050 [-0.090, -0.010] | 0.0040 | 0.0040 |"
        in lines
    )
    assert "| `fire` | 0 | – | – | – | – | – |" in lines


def test_report_names_sides_data_and_the_articles_that_were_not_read() -> None:
    text = render_comparison(build_values(b=side("new", unscored={"error": 2, "empty": 1})))
    assert "- A: `old` (`build/old`)\n" in text
    assert "- B: `new` (`build/new`); not read, counted as given no label: empty 1, error 2\n" in text
    assert "90 articles in 88 near-duplicate groups, SHA-256 `abababababababab`" in text


def test_report_says_where_the_gate_fails_and_why() -> None:
    text = render_comparison(build_values(only_a=("spies",)))
    assert "## Gate: FAILED (tolerance 0.020, rule `estimate`)" in text
    assert "- `spies`: B lacks this label of A." in text
    assert "- `mine`: B - A is -0.050 [-0.090, -0.010]; it must not lie below -0.020. The fall is significant" in text
    assert "- Not compared, known to A alone: `spies`\n- Not compared, known to B alone: `flood`\n" in text


@pytest.mark.parametrize(
    ("measure", "swapped"), [("average_precision", "ranks within the label"), ("recall", "decisions")]
)
def test_report_says_what_was_swapped(measure: str, swapped: str) -> None:
    assert f"2000 permutations; on each, A and B trade {swapped} on half" in render_comparison(
        build_values(measure=measure)
    )


def test_report_says_that_an_interval_without_width_is_not_certainty() -> None:
    assert "One without width says that no resample moved the figure" in render_comparison(build_values())


def test_report_of_single_runs_warns_that_another_run_may_differ() -> None:
    assert "another training run of either may do better or worse" in render_comparison(build_values())


def test_report_of_several_runs_names_each_and_their_spread() -> None:
    values = cast("ComparisonValues", {**build_values(b=side("new1", "new2"))})
    values["macro"]["spread_b"] = 0.0123
    text = render_comparison(values)
    assert "- B, run 2: `new2` (`build/new2`)" in text
    assert "B is the mean of 2 training runs, standard deviation between them 0.012 on the mean of the labels." in text
    assert "a side with one run stands for that run alone" in text


@pytest.mark.parametrize(
    ("exposure", "words"),
    [
        ("learned", "**Caution: B learned from a file named `dev.jsonl`."),
        ("tuned", "Caution: a file named `dev.jsonl` chose calibration and thresholds of B"),
    ],
)
def test_report_warns_of_a_side_that_has_seen_the_articles(exposure: Exposure, words: str) -> None:
    text = render_comparison(build_values(b=side("new", exposure=exposure)))
    assert text.index("## Verdicts") < text.index(words) < text.index("- `mine`")
    assert text.count("Caution") == 1


def test_report_of_unseen_articles_warns_of_nothing() -> None:
    assert "Caution" not in render_comparison(build_values())


def test_report_lets_nothing_of_a_name_work_as_markup_or_steer_a_terminal() -> None:
    hostile = "a`|<script>\n# b\x1b[31m\u202e\ud800"
    values = build_values(b=side(hostile), only_a=(hostile,))
    values["labels"] = {hostile: values["labels"]["mine"]}
    values["data"] = {"path": hostile, "sha256": "ab" * 32}
    text = render_comparison(values)
    shown = "``a`¦<script> # b[U+001B][31m[U+202E][U+D800]``"
    assert f"- B: {shown} (" in text
    assert f"| {shown} | 9 |" in text
    assert f"- {shown} (n = 9): B is worse" in text
    assert f"- {shown}: B lacks this label of A." in text
    assert f"known to A alone: {shown}\n" in text
    assert f"- Data: {shown}, 90 articles" in text
    assert all(character.isprintable() or character == "\n" for character in text)
