"""Counts of incidents: predicted less true, over all and by month, masked cells nowhere, with intervals over groups."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith.records import Record
from hawadith_evaluation.counts import measure_counts
from hawadith_evaluation.estimates import Resampling
from hawadith_evaluation.metrics_file import CountValues
from hawadith_evaluation.targets import Targets

DATES = ("2024-05-01", "2024-05-30", "2024-07-01", "", None)


def measure(
    positive: object,
    given_: object,
    *,
    dates: Sequence[str | None] = DATES,
    groups: object = None,
    judged: object = None,
) -> list[CountValues]:
    truth = np.array(positive, dtype=np.bool_)
    labels = tuple(f"label_{column}" for column in range(truth.shape[1]))
    targets = Targets(
        labels=labels,
        positive=truth,
        judged=np.ones_like(truth) if judged is None else np.array(judged, dtype=np.bool_),
    )
    return measure_counts(
        [Record(id=f"{row}", text="", date=date) for row, date in enumerate(dates)],
        targets=targets,
        decisions=np.array(given_, dtype=np.bool_),
        resampling=Resampling(groups=np.arange(len(truth)) if groups is None else np.array(groups), resamples=400),
    )


def test_counts_are_given_over_all_by_month_and_of_the_undated() -> None:
    counts = measure([[1], [1], [0], [0], [0]], [[1], [0], [1], [1], [1]])
    assert [(one["period"], one["n"], one["true"], one["predicted"], one["bias"]["value"]) for one in counts] == [
        ("all", 5, 2, 4, 2.0),
        ("2024-05", 2, 2, 1, -1.0),
        ("2024-07", 1, 0, 1, 1.0),
        ("undated", 2, 0, 2, 2.0),
    ]


def test_counts_leave_unjudged_articles_out() -> None:
    [everything, *_] = measure([[1], [1], [0], [0], [0]], [[1], [1], [1], [1], [0]], judged=[[1], [1], [0], [1], [1]])
    assert (everything["n"], everything["true"], everything["predicted"], everything["bias"]["value"]) == (4, 2, 3, 1.0)


def test_counts_of_labels_stand_apart() -> None:
    counts = measure([[1, 0]] * 5, [[0, 1]] * 5)
    assert [(one["label"], one["bias"]["value"]) for one in counts if one["period"] == "all"] == [
        ("label_0", -5.0),
        ("label_1", 5.0),
    ]


def test_count_without_any_error_has_no_bias_for_certain() -> None:
    for one in measure([[1], [0], [1], [0], [0]], [[1], [0], [1], [0], [0]]):
        assert one["bias"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_count_interval_is_wider_when_errors_are_copies_of_each_other() -> None:
    positive, given_ = [[0]] * 40, [[row < 10] for row in range(40)]
    dates = ["2024-05-01"] * 40
    apart, together = (
        measure(positive, given_, dates=dates, groups=g)[0]["bias"] for g in (None, [0] * 10 + [*range(1, 31)])
    )
    assert apart["value"] == together["value"] == 10.0
    assert apart["low"] is not None
    assert together["low"] is not None
    assert together["low"] < apart["low"] < 10.0


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1))
def test_counts_of_months_add_up_to_the_count_of_all(seed: int) -> None:
    random = np.random.default_rng(seed)
    dates = [DATES[row] for row in random.integers(0, len(DATES), size=12)]
    cells = random.random((3, 12, 2)) < 0.5
    counts = measure(cells[0] & cells[2], cells[1], dates=dates, judged=cells[2])
    for label in ("label_0", "label_1"):
        everything, *months = [one for one in counts if one["label"] == label]
        assert everything["bias"]["value"] == everything["predicted"] - everything["true"]
        for key in ("n", "true", "predicted"):
            assert sum(month[key] for month in months) == everything[key]
