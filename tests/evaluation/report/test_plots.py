"""Charts show the values that they are of."""

import re
from itertools import pairwise

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_recall_curve
from tests.evaluation.report.contents import bare_values, counts, curve, estimate, reliability

from hawadith_evaluation.metrics_file import LabelValues
from hawadith_evaluation.report.charts import Plot
from hawadith_evaluation.report.plots import plot_counts, plot_curve, plot_reliability


def _values(**changes: object) -> LabelValues:
    return {**bare_values()["labels"]["arms"], **changes}  # type: ignore[typeddict-item]


def _path(plot: Plot, kind: str) -> str:
    [path] = [line.path for line in plot.lines if line.kind == kind]
    return path


def _area(plot: Plot) -> float:
    """What lies under the stepped curve, as a share of the drawing area."""
    frame = plot.frame
    start, *steps = re.findall(r"[MVH]([\d. ]+)", _path(plot, "curve"))
    x, area = float(start.split()[0]), 0.0
    for y, to in zip(steps[::2], steps[1::2], strict=True):
        area += (float(to) - x) * (frame.bottom - float(y))
        x = float(to)
    return area / ((frame.right - frame.left) * (frame.bottom - frame.top))


def test_area_under_the_curve_is_the_average_precision() -> None:
    random = np.random.default_rng(5)
    truth = random.random(300) < 0.3
    scores = random.random(300) + 0.4 * truth
    precision, recall, thresholds = precision_recall_curve(truth, scores)
    order = slice(-2, None, -1)  # from the highest threshold down, without the point at recall 0
    plot = plot_curve(
        "arms",
        curve={
            "thresholds": thresholds[::-1].tolist(),
            "precision": precision[order].tolist(),
            "recall": recall[order].tolist(),
        },
        values=_values(),
        colour=0,
    )
    assert _area(plot) == pytest.approx(average_precision_score(truth, scores), abs=0.003)


def test_curve_marks_the_threshold_in_use_with_its_intervals() -> None:
    plot = plot_curve(
        "arms", curve=curve(), values=_values(recall=estimate(0.6, 0.1), precision=estimate(0.8)), colour=2
    )
    [dot] = plot.dots
    frame = plot.frame
    assert (dot.x, dot.y) == (frame.x(0.6), frame.y(0.8))
    assert (dot.left, dot.right, dot.low, dot.high) == (frame.x(0.5), frame.x(0.7), frame.y(0.75), frame.y(0.85))
    assert "precision 0.80 [0.75, 0.85] at recall 0.60" in plot.description


def test_curve_without_predictions_has_no_threshold_to_mark() -> None:
    assert plot_curve("arms", curve=curve(), values=_values(precision=estimate(None)), colour=0).dots == ()


@pytest.mark.parametrize(("n", "judged", "rate"), [(160, 640, 0.25), (0, 0, 0.0)])
def test_curve_shows_what_chance_would_reach(n: int, judged: int, rate: float) -> None:
    plot = plot_curve("arms", curve=curve(), values=_values(n=n, judged=judged), colour=0)
    assert f" {plot.frame.y(rate):g}H" in _path(plot, "guide")


def test_reliability_shows_each_bin_with_its_interval() -> None:
    values = reliability("arms")
    plot = plot_reliability(values, colour=0)
    assert len(plot.dots) == len(values["bins"]) == 10
    assert plot.dots[3].y == plot.frame.y(0.35**1.3)
    assert plot.dots[3].low > plot.dots[3].y > plot.dots[3].high
    assert plot.dots[3].left == plot.dots[3].x == plot.dots[3].right


def test_reliability_without_a_defined_bin_is_its_diagonal() -> None:
    values = reliability("arms")
    values["bins"] = [{"predicted": 0.2, "observed": estimate(None), "n": 0}]
    plot = plot_reliability(values, colour=0)
    assert plot.dots == ()
    assert [line.kind for line in plot.lines] == ["guide"]


def test_counts_show_true_and_predicted_and_where_the_prediction_could_have_been() -> None:
    months = [item for item in counts("arms") if item["period"].startswith("2024")]
    plot = plot_counts("arms", counts=months, colour=0)
    first, frame = months[0], plot.frame
    assert plot.dots[0].y == frame.y(first["predicted"])
    assert plot.dots[0].low == frame.y(first["predicted"] - 2)
    assert plot.dots[0].high == frame.y(first["predicted"] + 2)
    assert _path(plot, "truth").startswith(f"M{plot.dots[0].x:g} {frame.y(first['true']):g}L")
    assert plot.dots[0].text == "2024-01: 6 true, 8 predicted"
    assert len(plot.dots) == 12


@pytest.mark.parametrize("months", [2, 7, 36, 200])
def test_counts_name_few_dates_inside_the_frame(months: int) -> None:
    items = counts("arms", months=months)[1:-1]
    plot = plot_counts("arms", counts=items, colour=0)
    assert 2 <= len(plot.x_ticks) <= 7
    assert all(later.position - earlier.position >= 70 for earlier, later in pairwise(plot.x_ticks))
    assert all(plot.frame.left < tick.position < plot.frame.right for tick in plot.x_ticks)


def test_counts_lie_where_their_dates_do_and_leave_gaps_open() -> None:
    items = [item for item in counts("arms") if item["period"] in {"2024-01", "2024-02", "2024-09"}]
    plot = plot_counts("arms", counts=items, colour=0)
    first, second, third = (dot.x for dot in plot.dots)
    assert third - second == pytest.approx(7 * (second - first), abs=0.5)
    assert _path(plot, "curve").count("M") == _path(plot, "truth").count("M") == 2
    assert _path(plot, "true-dots").count("M") == 3


def test_counts_of_unknown_periods_stand_side_by_side() -> None:
    items = counts("arms")[1:4]
    items[1]["period"] = "spring"
    first, second, third = (dot.x for dot in plot_counts("arms", counts=items, colour=0).dots)
    assert third - second == pytest.approx(second - first, abs=0.2)


def test_counts_fit_below_the_highest_tick() -> None:
    items = counts("arms")[1:-1]
    items[0]["bias"] = estimate(30.0, 10.0)
    plot = plot_counts("arms", counts=items, colour=0)
    assert int(plot.y_ticks[-1].text) >= items[0]["true"] + 40
