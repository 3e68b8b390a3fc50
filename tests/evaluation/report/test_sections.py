"""What each section says of its values."""

import pytest
from tests.evaluation.report.contents import (
    LABELS,
    actor,
    bare_values,
    capability,
    counts,
    curve,
    estimate,
    evidence,
    full_values,
    guarantee,
    reliability,
    slices,
)

from hawadith_evaluation.metrics_file import CapabilityValues, CurveValues
from hawadith_evaluation.report.charts import Band, Strip
from hawadith_evaluation.report.counts import describe_counts, sum_years
from hawadith_evaluation.report.evidence import describe_evidence
from hawadith_evaluation.report.measures import describe_curves, describe_figures, describe_slices
from hawadith_evaluation.report.outline import Row, Table, name
from hawadith_evaluation.report.robustness import describe_actors, describe_robustness
from hawadith_evaluation.report.trust import describe_abstention, describe_guarantees, describe_reliability


def texts(row: Row) -> list[str]:
    """What a row says."""
    return [f"{cell.text} {cell.interval}".strip() for cell in row.cells]


def names(table: Table) -> list[str]:
    """The names of a table's columns."""
    return [column.name for column in table.columns]


def test_figures_have_a_row_a_label_and_both_means() -> None:
    [table] = describe_figures(bare_values()).tables
    assert [row.cells[0].text for row in table.rows] == [*LABELS, "micro", "macro"]
    assert [row.cells[0].quoted for row in table.rows] == [True, True, True, False, False]
    assert texts(table.rows[1]) == [
        *("mines", "60"),
        *("0.65 [0.60, 0.70]", "0.61 [0.56, 0.66]", "0.63 [0.58, 0.68]", "0.71 [0.66, 0.76]"),
    ]
    assert names(table)[2:] == ["precision", "recall", "F1", "average precision"]


def test_figures_say_that_an_interval_without_width_is_not_certainty() -> None:
    values = bare_values()
    assert "may still be 3 in n" in describe_figures(values).note
    values["bootstrap"] = {**values["bootstrap"], "resamples": 0}
    assert "may still be 3 in n" not in describe_figures(values).note


@pytest.mark.parametrize(("resamples", "said"), [(199, True), (200, False)])
def test_figures_say_where_resamples_are_too_few(resamples: int, said: bool) -> None:
    values = bare_values()
    values["bootstrap"] = {**values["bootstrap"], "resamples": resamples}
    assert ("take 1,000" in describe_figures(values).note) is said


def test_figures_say_how_many_intervals_are_of_another_kind() -> None:
    values = bare_values()
    values["bootstrap"] = {**values["bootstrap"], "method": "bca", "fallbacks": {"no group moves the measure": 2}}
    assert (
        "Percentile intervals where bca is undefined (no group moves the measure: 2)." in describe_figures(values).note
    )


def test_curves_are_drawn_for_the_labels_that_have_one() -> None:
    section = describe_curves(bare_values(), curves={"mines": curve()}, operating={})
    assert [(plot.title, plot.colour) for plot in section.plots] == [("mines", 1)]
    assert section.tables == ()


def test_empty_curve_is_not_drawn() -> None:
    empty: dict[str, CurveValues] = {"mines": {"thresholds": [], "precision": [], "recall": []}}
    assert describe_curves(bare_values(), curves=empty, operating={}).plots == ()


def test_precision_that_no_threshold_reaches_is_said_so() -> None:
    [table] = describe_curves(bare_values(), curves={}, operating=full_values()["operating"]).tables
    assert texts(table.rows[0]) == ["precision ≥ 0.80", "0.70 [0.65, 0.75]", "0.410"]
    assert texts(table.rows[1]) == ["precision ≥ 0.95", "–", "out of reach"]


def test_slices_are_all_there_and_small_ones_marked() -> None:
    [table] = describe_slices(slices()).tables
    assert [(row.group.text if row.group else "", row.cells[0].text) for row in table.rows] == [
        ("source", "وكالة مخترعة"),
        ("source", "example-news"),
        ("length", "up to 200 words"),
    ]
    assert [row.tone for row in table.rows] == ["", "", "quiet"]
    assert table.rows[2].cells[2].text == "4 (few)"


def test_counts_stand_overall_and_by_period() -> None:
    items = [item for label in LABELS for item in counts(label)]
    section = describe_counts(items, labels=LABELS)
    overall, *by_period = section.tables
    assert texts(overall.rows[0]) == ["arms", "50", "78", "87", "+9 [+7, +11]"]
    assert [table.subject for table in by_period] == list(LABELS)
    assert [table.shown for table in by_period] == [0, 0, 0]
    assert [row.cells[0].text for row in by_period[0].rows][-2:] == ["2024-12", "undated"]
    assert len(section.plots) == 3


def test_counts_over_many_months_are_drawn_by_year() -> None:
    items = counts("arms", months=48)
    section = describe_counts(items, labels=("arms",))
    assert [tick.text for tick in section.plots[0].x_ticks] == ["2024", "2025", "2026", "2027"]
    assert section.plots[0].x_name == "year"
    assert "Years stand for their months" in section.legend
    assert len(section.tables[1].rows) == 49


def test_counts_of_one_month_need_no_chart() -> None:
    assert describe_counts(counts("arms", months=1), labels=("arms",)).plots == ()


def test_years_sum_their_months_and_claim_no_interval() -> None:
    months = counts("arms", months=24)[1:-1]
    first, second = sum_years(months)
    assert (first["period"], second["period"]) == ("2024", "2025")
    assert first["true"] == sum(item["true"] for item in months[:12])
    assert first["bias"] == {"value": first["predicted"] - first["true"], "low": None, "high": None}
    assert second["n"] == 600


def test_reliability_marks_labels_with_few_positives() -> None:
    section = describe_reliability([reliability("arms"), reliability("deals", few=True)], labels=LABELS)
    [table] = section.tables
    assert [row.tone for row in table.rows] == ["", "quiet"]
    assert table.rows[1].cells[2].text == "12 (few)"
    assert section.facts == ("Too few positives to rely on: 1 label, marked “few”.",)
    assert [plot.colour for plot in section.plots] == [0, 2]


def test_reliability_shows_what_calibration_changed_and_what_chance_would_show() -> None:
    [table] = describe_reliability([reliability("arms")], labels=LABELS).tables
    assert texts(table.rows[0])[3:] == [
        *("0.021 [0.013, 0.029]", "0.018 [0.011, 0.025]", "0.081"),
        *("0.052 [0.042, 0.062]", "0.070", "platt"),
    ]


def test_reliability_of_scores_alone_leaves_open_what_it_cannot_know() -> None:
    item = reliability("a label that no metric has")
    del item["ece_if_true"], item["method"]
    section = describe_reliability([{**item, "ece_before": None}], labels=LABELS)
    row = texts(section.tables[0].rows[0])
    assert (row[4], row[5], row[8]) == ("–", "–", "–")
    assert section.plots[0].colour == len(LABELS)


def test_promise_that_cannot_be_met_says_why() -> None:
    section = describe_guarantees([guarantee("arms"), guarantee("deals", met=False)])
    kept, broken = section.tables[0].rows
    assert (kept.group, broken.group) == (name("arms"), name("deals"))
    assert texts(kept) == ["recall ≥ 0.90", "90%", "0.112", "0.95", "precision 0.41", "90", ""]
    assert texts(broken)[2:] == ["cannot be met", "–", "–", "12", "12 positive stories; at least 22 are needed."]
    assert (kept.cells[2].tone, broken.cells[2].tone) == ("good", "bad")
    assert section.facts == ("1 of 2 promises can be kept with these articles.",)


def test_review_band_is_drawn_where_it_lies() -> None:
    [table] = describe_abstention(full_values()["abstain"]).tables
    assert table.rows[0].cells[2].strip == Band(low=21, high=62)
    assert texts(table.rows[0])[:5] == ["arms", "5%", "0.210 ≤ p < 0.620", "4.9%", "0.31 [0.26, 0.36]"]


def test_evidence_is_of_given_labels_and_of_all() -> None:
    marked, drops = describe_evidence([evidence("arms")]).tables
    assert [texts(row)[:3] for row in marked.rows] == [
        ["label given", "20", "0.85 [0.80, 0.90]"],
        ["all that report it", "24", "0.80 [0.75, 0.85]"],
    ]
    assert texts(drops.rows[0])[:3] == ["arms", "50 of 85", "+0.41 [+0.36, +0.46]"]


@pytest.mark.parametrize(
    ("changes", "captions"),
    [
        ({"n_erased": 0}, ["Against marked sentences"]),
        ({"n_marked": 0, "n_marked_all": 0}, ["Faithfulness: drops in probability"]),
        ({"n_marked": 0, "n_marked_all": 0, "n_erased": 0}, []),
    ],
)
def test_evidence_shows_only_what_was_measured(changes: dict[str, int], captions: list[str]) -> None:
    section = describe_evidence([{**evidence("arms"), **changes}])  # type: ignore[typeddict-item]
    assert [table.caption for table in section.tables] == captions


def test_capabilities_stand_by_kind_with_their_verdicts() -> None:
    section = describe_robustness(full_values()["robustness"])
    still, moved = section.tables
    assert [texts(row)[4] for row in still.rows] == ["passed", "passed", "failed"]
    assert texts(still.rows[0])[2:6] == ["0.4% [0.0, 0.8]", "1.0%", "passed", "0.8% [0.4, 1.2]"]
    assert texts(moved.rows[0])[5:] == ["70.0% [65.0, 75.0]", "+0.013"]
    assert section.facts == ("2 of 4 capabilities within tolerance.",)


def test_robustness_claims_no_more_than_single_intervals_do() -> None:
    values = full_values()["robustness"]
    assert "its interval says how sure that is" in describe_robustness(values).note
    note = describe_actors(values["actors"], labels=LABELS).note
    assert f"of these {len(values['actors'])} about one in twenty leaves 0 out by chance" in note


def test_robustness_counts_what_could_not_be_tried_apart() -> None:
    values = full_values()["robustness"]
    untried: CapabilityValues = {**values["capabilities"][0], "n": 0, "passed": True}
    section = describe_robustness({**values, "capabilities": [untried, *values["capabilities"]]})
    assert section.facts == ("2 of 4 capabilities within tolerance, and 1 that could not be tried on these articles.",)
    assert texts(section.tables[0].rows[0])[4] == "not tried"


def test_tolerance_is_marked_on_the_scale_of_the_flips() -> None:
    values = full_values()["robustness"]
    values["capabilities"] = [capability("noise", flips=0.02, tolerance=0.2)]
    [table] = describe_robustness(values).tables
    strip = table.rows[0].cells[2].strip
    assert isinstance(strip, Strip)
    assert (strip.value, strip.limit) == (10, 100)
    assert table.columns[2].scale == ("0", "20%")


def test_capability_that_nothing_could_be_measured_of_has_no_figures() -> None:
    values = full_values()["robustness"]
    nothing = {**capability("noise", flips=0.0, directional=True), "flips": estimate(None)}
    del nothing["given"]
    values["capabilities"] = [nothing]  # type: ignore[list-item]
    [table] = describe_robustness(values).tables
    assert (texts(table.rows[0])[2], texts(table.rows[0])[5]) == ("–", "–")
    assert table.rows[0].cells[2].strip is None


def test_examples_are_those_of_failing_capabilities() -> None:
    section = describe_robustness(full_values()["robustness"])
    assert [examples.caption for examples in section.examples] == ["noise as of a scanner", "a denied rumour lowers it"]
    assert dict(section.examples[0].cases[0])["before"] == "انفجر لغم قرب القرية."


def test_actors_that_move_a_label_most_stand_first() -> None:
    actors = [
        *(actor(who, label="mines", change=change) for who, change in (("س", 0.01), ("ص", -0.09), ("ع", 0.05))),
        actor("س", label="arms", change=0.02),
        {**actor("غ", label="arms", change=0.0), "mean_change": estimate(None)},
    ]
    arms, mines = describe_actors(actors, labels=LABELS).tables  # type: ignore[arg-type]
    assert (arms.subject, [row.cells[0].text for row in arms.rows]) == ("arms", ["س", "غ"])
    assert (mines.subject, [row.cells[0].text for row in mines.rows]) == ("mines", ["ص", "ع", "س"])
    assert texts(mines.rows[0])[3:] == ["−0.090 [−0.100, −0.080]", "0.092", "1.7%"]


def test_actors_of_all_labels_share_one_scale() -> None:
    actors = [actor("س", label="arms", change=0.2), actor("س", label="mines", change=0.01)]
    tables = describe_actors(actors, labels=LABELS).tables
    assert {table.columns[3].scale for table in tables} == {("−0.21", "+0.21")}
