"""Figures of slices: those of scikit-learn on the slice alone, marked when small, whatever the order of the file."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, f1_score, recall_score

from hawadith.records import Record
from hawadith_evaluation.estimates import Resampling
from hawadith_evaluation.metrics_file import SliceValues
from hawadith_evaluation.slices import FEWEST_POSITIVES, measure_slices
from hawadith_evaluation.targets import Targets

YEARS = ("2021-01-01", "2022-01-01", "2023-01-01")


def random_case(seed: int, *, articles: int = 60) -> tuple[list[Record], Targets, NDArray[np.float64]]:
    random = np.random.default_rng(seed)
    records = [Record(id=f"{row:03}", text="خبر", date=YEARS[random.integers(3)]) for row in range(articles)]
    positive, judged = random.random((articles, 2)) < 0.3, random.random((articles, 2)) < 0.9
    targets = Targets(labels=("mine", "arms"), positive=positive & judged, judged=judged)
    return records, targets, np.round(random.random((articles, 2)), 1)


def measure(
    records: Sequence[Record], targets: Targets, scores: NDArray[np.float64], *, resamples: int = 0
) -> list[SliceValues]:
    resampling = Resampling(groups=np.arange(len(records)), resamples=resamples)
    return measure_slices(
        records, rows=(), targets=targets, probabilities=scores, decisions=scores >= 0.5, resampling=resampling
    )


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1))
def test_slices_have_scikit_learns_figures_of_their_articles_alone(seed: int) -> None:
    records, targets, scores = random_case(seed)
    slices = measure(records, targets, scores)
    assert sum(one["n"] for one in slices) == len(records)
    assert sum(one["positives"] for one in slices) == targets.positive.sum()
    for one in slices:
        rows = [record.date is not None and record.date[:4] == one["name"] for record in records]
        judged = targets.judged[rows]
        truth, score = targets.positive[rows][judged], scores[rows][judged]
        assert one["positives"] == truth.sum()
        if truth.any():
            assert one["recall"]["value"] == pytest.approx(recall_score(truth, score >= 0.5))
            assert one["f1"]["value"] == pytest.approx(f1_score(truth, score >= 0.5))
            assert one["average_precision"]["value"] == pytest.approx(average_precision_score(truth, score))
        quiet = np.array(rows) & targets.judged.all(axis=1) & ~targets.positive.any(axis=1)
        if quiet.any():
            alarms = (scores[quiet] >= 0.5).any(axis=1).mean()
            assert one["false_alarms_per_1000"]["value"] == pytest.approx(1000 * alarms)


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 2**32 - 1))
def test_slices_do_not_depend_on_row_order(seed: int) -> None:
    records, targets, scores = random_case(seed)
    order = np.random.default_rng(seed).permutation(len(records))
    shuffled = measure([records[row] for row in order], targets.select(order), scores[order])
    for one, again in zip(measure(records, targets, scores), shuffled, strict=True):
        assert (one["name"], one["n"], one["positives"], one["small"]) == (
            again["name"],
            again["n"],
            again["positives"],
            again["small"],
        )
        for measure_ in ("f1", "recall", "average_precision", "false_alarms_per_1000"):
            assert again[measure_]["value"] == pytest.approx(one[measure_]["value"])


@pytest.mark.parametrize(("positives", "small"), [(FEWEST_POSITIVES - 1, True), (FEWEST_POSITIVES, False)])
def test_slice_with_few_positives_is_marked_and_stays(positives: int, small: bool) -> None:
    records = [Record(id=f"{row}", text="", date=YEARS[row % 2]) for row in range(80)]
    truth = np.zeros((80, 1), dtype=np.bool_)
    truth[: 2 * positives : 2] = True
    targets = Targets(labels=("mine",), positive=truth, judged=np.ones_like(truth))
    first, second = measure(records, targets, np.linspace(0, 1, 80)[:, None])
    assert (first["name"], first["n"], first["positives"], first["small"]) == ("2021", 40, positives, small)
    assert (second["positives"], second["small"], second["recall"]["value"]) == (0, True, None)


def test_slice_intervals_hold_the_value() -> None:
    records, targets, scores = random_case(1, articles=300)
    for one in measure(records, targets, scores, resamples=200):
        for estimate in (one["f1"], one["recall"], one["average_precision"], one["false_alarms_per_1000"]):
            assert estimate["low"] is not None
            assert estimate["value"] is not None
            assert estimate["high"] is not None
            assert estimate["low"] < estimate["value"] < estimate["high"]


def test_slices_of_one_dimension_stand_together() -> None:
    records, targets, scores = random_case(2)
    sourced = [replace(record, source="ab"[row % 2]) for row, record in enumerate(records)]
    assert [one["dimension"] for one in measure(sourced, targets, scores)] == ["source"] * 2 + ["year"] * 3
