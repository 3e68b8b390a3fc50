"""Curves are scikit-learn's and short; recall at a precision is the best of its cuts, also under every resample."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve

from hawadith_evaluation.cells import Cells
from hawadith_evaluation.curves import (
    MAX_POINTS,
    PRECISIONS,
    measure_curves,
    measure_operating,
    recall_at,
    trace_curve,
)
from hawadith_evaluation.estimates import Resampling
from hawadith_evaluation.targets import Targets


def random_articles(seed: int, *, articles: int, share: float = 0.3) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Truth and scores that know something of it; rounded, so that they tie."""
    random = np.random.default_rng(seed)
    truth = random.random(articles) < share
    scores: NDArray[np.float64] = random.normal(0.4 + 0.3 * truth, 0.2).clip(0, 1).round(2)
    return truth, scores


def make_targets(truth: NDArray[np.bool_], *, judged: NDArray[np.bool_] | None = None) -> Targets:
    positive = truth[:, None]
    return Targets(labels=("mine",), positive=positive, judged=np.ones_like(positive) if judged is None else judged)


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 2**32 - 1), articles=st.integers(1, 60))
def test_curve_holds_points_of_scikit_learns_and_both_ends(seed: int, articles: int) -> None:
    truth, scores = random_articles(seed, articles=articles)
    truth[0] = True
    curve = trace_curve(truth, probabilities=scores)
    points = list(zip(curve["thresholds"], curve["precision"], curve["recall"], strict=True))
    precision, recall, thresholds = precision_recall_curve(truth, scores)
    expected = list(zip(thresholds, precision, recall, strict=False))
    assert set(points) <= set(expected)
    assert points[0] == expected[-1]
    assert points[-1] == expected[0]
    assert curve["thresholds"] == sorted(set(curve["thresholds"]), reverse=True)


def test_curve_leaves_out_what_lies_below_its_corners() -> None:
    curve = trace_curve(np.array([1, 0, 0, 0, 1], dtype=np.bool_), probabilities=np.array([0.9, 0.8, 0.7, 0.6, 0.5]))
    assert curve == {"thresholds": [0.9, 0.6, 0.5], "precision": [1.0, 0.25, 0.4], "recall": [0.5, 0.5, 1.0]}


def test_curve_is_thinned_evenly_and_keeps_its_ends() -> None:
    random = np.random.default_rng(0)
    truth, scores = random.random(5000) < 0.5, random.random(5000)
    curve = trace_curve(truth, probabilities=scores)
    assert len(curve["thresholds"]) == len(curve["recall"]) == len(curve["precision"]) == MAX_POINTS
    assert (curve["thresholds"][0], curve["thresholds"][-1]) == (scores.max(), scores.min())
    assert np.diff(curve["recall"]).max() < 0.02


def test_curves_leave_unjudged_articles_and_labels_without_positives_out() -> None:
    truth, scores = np.array([True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.1])
    judged = np.array([[True], [False], [True], [True]])
    assert measure_curves(make_targets(truth, judged=judged), probabilities=scores[:, None])["mine"]["precision"] == [
        1.0,
        1.0,
        pytest.approx(2 / 3),
    ]
    nothing = make_targets(np.zeros(4, dtype=np.bool_))
    assert measure_curves(nothing, probabilities=scores[:, None]) == {}
    assert measure_operating(nothing, probabilities=scores[:, None], resampling=Resampling(groups=np.arange(4))) == {}


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), articles=st.integers(1, 40))
def test_recall_at_precision_is_the_best_of_all_cuts_under_every_set_of_weights(seed: int, articles: int) -> None:
    truth, scores = random_articles(seed, articles=articles)
    weights = np.random.default_rng(seed).integers(0, 3, size=(articles, 3)).astype(np.float64)
    cells = Cells(rows=np.arange(articles), truth=truth, given=truth, probability=scores)
    measured = recall_at(np.array([0.5, 0.8]), cells=cells, weights=weights)
    for resample in range(3):
        weight = weights[:, resample]
        if not weight[truth].any():
            assert np.isnan(measured[:, resample]).all()
            continue
        precision, recall, _ = precision_recall_curve(
            truth[weight > 0], scores[weight > 0], sample_weight=weight[weight > 0]
        )
        expected = [recall[precision >= least].max() for least in (0.5, 0.8)]
        assert measured[:, resample] == pytest.approx(expected)


def test_operating_points_name_the_threshold_that_reaches_them() -> None:
    truth, scores = random_articles(3, articles=400)
    points = measure_operating(
        make_targets(truth), probabilities=scores[:, None], resampling=Resampling(groups=np.arange(400), resamples=200)
    )["mine"]
    assert [point["precision"] for point in points] == list(PRECISIONS)
    for point in points:
        assert point["threshold"] is not None
        given_ = scores >= point["threshold"]
        assert truth[given_].mean() >= point["precision"]
        value, low, high = point["recall"]["value"], point["recall"]["low"], point["recall"]["high"]
        assert value == pytest.approx((truth & given_).sum() / truth.sum())
        assert value is not None
        assert low is not None
        assert high is not None
        assert low < value < high


def test_operating_point_that_no_cut_reaches_is_null() -> None:
    truth, scores = np.array([False, True, False, True]), np.array([0.9, 0.8, 0.7, 0.6])
    points = measure_operating(
        make_targets(truth), probabilities=scores[:, None], resampling=Resampling(groups=np.arange(4))
    )
    assert points["mine"][0] == {
        "precision": 0.8,
        "recall": {"value": None, "low": None, "high": None},
        "threshold": None,
    }


def test_operating_interval_counts_resamples_without_any_cut_as_nothing_found() -> None:
    # The one article above the only false alarm carries the precision: without it nothing is found at 0.8.
    truth = np.array([True, False, *[True] * 3, *[False] * 30])
    scores = np.linspace(1, 0, len(truth))
    [first, *_] = measure_operating(
        make_targets(truth),
        probabilities=scores[:, None],
        resampling=Resampling(groups=np.arange(len(truth)), resamples=300),
    )["mine"]
    assert first["recall"]["value"] == 1.0
    assert first["recall"]["low"] == 0.0
