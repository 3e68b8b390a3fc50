"""The review band: within its budget, around the threshold, where decisions are expected to cost most."""

import json

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.special import expit

from hawadith.errors import ConfigError, DataError
from hawadith_evaluation.estimates import Resampling
from hawadith_evaluation.guarantees.abstain import find_band, size_abstain_band
from hawadith_evaluation.targets import Targets


def build_targets(positive: list[bool], judged: list[bool] | None = None) -> Targets:
    column = np.array(positive)[:, None]
    return Targets(
        labels=("mines",),
        positive=column,
        judged=np.ones_like(column) if judged is None else np.array(judged)[:, None],
    )


@settings(deadline=None, max_examples=150)
@given(
    scores=st.lists(st.integers(0, 30), min_size=1, max_size=60),
    threshold=st.floats(0.01, 0.99),
    budget=st.floats(0, 0.9),
)
@example(scores=[1, 1, 30, 0, 0], threshold=0.5, budget=0.75)
def test_band_fills_its_budget_with_the_costliest_decisions(scores: list[int], threshold: float, budget: float) -> None:
    p = np.array(scores) / 30
    low, high = find_band(p, threshold=threshold, budget=budget)
    inside = (p >= low) & (p < high)
    assert inside.mean() <= budget + 1e-9
    cost = np.where(p >= threshold, (1 - p) * threshold, p * (1 - threshold))
    if inside.any() and not inside.all():
        assert cost[inside].min() >= cost[~inside].max() - 1e-12
    if not inside.all():
        # The next article, with all its equals, would not have fitted; of several that cost the same, one did not.
        following = np.unique(p[~inside & np.isclose(cost, cost[~inside].max(), rtol=0, atol=1e-12)])
        assert max((inside | (p == value)).sum() for value in following) > budget * len(p) - 1e-9


def test_band_of_a_low_threshold_reaches_further_up_than_down() -> None:
    p = np.linspace(0.005, 0.995, 100)
    low, high = find_band(p, threshold=0.2, budget=0.3)
    # Where both ends cost the same: p (1 - 0.2) below, (1 - p) 0.2 above.
    assert low * 0.8 == pytest.approx((1 - high) * 0.2, abs=0.01)
    assert [low, high] == pytest.approx([0.14, 0.44], abs=0.02)


def test_band_takes_equal_probabilities_together_or_not_at_all() -> None:
    p = np.array([0.1, 0.5, 0.5, 0.5, 0.9])
    assert find_band(p, threshold=0.5, budget=0.5) == (0.5, 0.5)
    assert find_band(p, threshold=0.5, budget=0.6) == (0.3, 0.7)


@pytest.mark.parametrize(("kept", "threshold"), [(0, 0.5), (1, 0.9)])
def test_band_ends_between_neighbouring_floats(kept: int, threshold: float) -> None:
    p = np.array([0.5, np.nextafter(0.5, 1.0)])
    low, high = find_band(p, threshold=threshold, budget=0.5)
    assert ((p >= low) & (p < high)).tolist() == [kept == 0, kept == 1]


def test_outside_the_band_decisions_are_measured_by_hand() -> None:
    p = np.array([[0.9], [0.8], [0.55], [0.45], [0.2], [0.1]])
    targets = build_targets([True, False, False, True, True, False])
    [band] = size_abstain_band(
        targets,
        probabilities=p,
        thresholds=np.array([0.5]),
        resampling=Resampling(groups=np.arange(6), resamples=0),
        budget=0.34,
    )
    assert (band["low"], band["high"]) == pytest.approx((0.325, 0.675))
    assert band["share"] == pytest.approx(1 / 3)
    assert band["precision_outside"]["value"] == 0.5
    assert band["recall_outside"]["value"] == 0.5
    assert band["errors_inside"]["value"] == 0.5  # two of the four wrong decisions


def test_band_without_budget_is_empty_and_everything_lies_outside() -> None:
    [band] = size_abstain_band(
        build_targets([True, False]),
        probabilities=np.array([[0.9], [0.1]]),
        thresholds=np.array([0.5]),
        resampling=Resampling(groups=np.arange(2), resamples=0),
        budget=0.0,
    )
    assert (band["low"], band["high"], band["share"]) == (0.5, 0.5, 0.0)
    assert band["recall_outside"]["value"] == 1.0
    assert band["errors_inside"]["value"] is None  # no wrong decision to catch
    json.dumps(band, allow_nan=False)


def test_band_catches_more_errors_than_its_share_and_says_how_surely() -> None:
    random = np.random.default_rng(0)
    logits = random.normal(-2, 2, size=(800, 1))
    truth = random.random((800, 1)) < expit(logits)
    [band] = size_abstain_band(
        Targets(labels=("mines",), positive=truth, judged=np.ones_like(truth)),
        probabilities=expit(logits),
        thresholds=np.array([0.4]),
        resampling=Resampling(groups=np.arange(800), resamples=300),
        budget=0.1,
    )
    assert band["share"] == pytest.approx(0.1, abs=0.002)
    errors = band["errors_inside"]
    assert errors["low"] is not None
    assert errors["value"] is not None
    assert errors["high"] is not None
    assert 0.2 < errors["low"] < errors["value"] < errors["high"] < 0.6


def test_unjudged_articles_are_read_but_not_measured() -> None:
    targets = build_targets([True, False, False, False], judged=[True, True, False, False])
    [band] = size_abstain_band(
        targets,
        probabilities=np.array([[0.9], [0.1], [0.49], [0.8]]),
        thresholds=np.array([0.5]),
        resampling=Resampling(groups=np.arange(4), resamples=0),
        budget=0.25,
    )
    assert band["share"] == 0.25
    assert band["precision_outside"]["value"] == 1.0  # the false alarm at 0.8 was never judged


@pytest.mark.parametrize("budget", [-0.1, 1.0, 5.0])
def test_budget_that_is_no_share_is_refused(budget: float) -> None:
    with pytest.raises(ConfigError, match="one in twenty"):
        size_abstain_band(
            build_targets([True]),
            probabilities=np.array([[0.5]]),
            thresholds=np.array([0.5]),
            resampling=Resampling(groups=np.arange(1)),
            budget=budget,
        )


def test_other_shapes_are_refused() -> None:
    with pytest.raises(DataError, match=r"thresholds \(2,\)"):
        size_abstain_band(
            build_targets([True]),
            probabilities=np.array([[0.5]]),
            thresholds=np.array([0.5, 0.5]),
            resampling=Resampling(groups=np.arange(1)),
        )
