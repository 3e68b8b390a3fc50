"""Values and intervals from one function of weights, by both methods; undefined ones are null, fallbacks are named."""

import numpy as np
import pytest
from numpy.typing import NDArray

from hawadith_evaluation.estimates import Estimate, Resampling, estimate_percentile, estimate_statistics
from hawadith_evaluation.intervals import IntervalMethod

SAMPLE = np.random.default_rng(2).exponential(size=50) ** 2


def average(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weighted mean, one that never moves, and one that is undefined without the first article."""
    mean = SAMPLE @ weights / weights.sum(axis=0)
    return np.stack([mean, np.zeros_like(mean), np.where(weights[0] > 0, mean, np.nan)])


def plan(interval: IntervalMethod, *, resamples: int) -> Resampling:
    return Resampling(groups=np.arange(50), resamples=resamples, seed=1, interval=interval)


def estimate(interval: IntervalMethod, *, resamples: int = 300) -> list[Estimate]:
    return estimate_statistics(average, resampling=plan(interval, resamples=resamples))


def test_estimates_take_the_statistic_itself_as_value_unless_told() -> None:
    assert estimate("percentile")[0].value == pytest.approx(SAMPLE.mean())
    told = estimate_statistics(average, resampling=plan("bca", resamples=0), values=[1.0, 2.0, np.nan])
    assert told == [Estimate(value=1.0), Estimate(value=2.0), Estimate(value=None)]


def test_estimates_by_bca_follow_the_skewness_of_the_sample() -> None:
    plain, corrected = estimate("percentile")[0], estimate("bca")[0]
    assert corrected.value == plain.value
    assert None not in (plain.low, plain.high, corrected.low, corrected.high)
    assert corrected.low > plain.low  # type: ignore[operator]
    assert corrected.high > plain.high  # type: ignore[operator]


@pytest.mark.parametrize("interval", ["percentile", "bca"])
def test_estimates_do_not_change_when_every_article_has_a_copy_in_its_group(interval: IntervalMethod) -> None:
    copies = np.repeat(SAMPLE, 2)
    resampling = Resampling(groups=np.repeat(np.arange(50), 2), resamples=300, seed=1, interval=interval)
    [doubled] = estimate_statistics(
        lambda weights: (copies @ weights / weights.sum(axis=0))[None], resampling=resampling
    )
    single = estimate(interval)[0]
    assert (doubled.low, doubled.high) == pytest.approx((single.low, single.high))


def test_estimates_by_bca_say_where_they_fell_back() -> None:
    mean, still, undefined = estimate("bca")
    assert mean.fallback is None
    assert still == Estimate(value=0.0, low=0.0, high=0.0, fallback="no group moves the measure")
    assert undefined == Estimate(value=mean.value, fallback="one group alone defines the measure")
    assert [one.fallback for one in estimate("percentile")] == [None, None, None]


@pytest.mark.parametrize("interval", ["percentile", "bca"])
def test_estimates_without_resamples_have_no_bounds(interval: IntervalMethod) -> None:
    one = estimate(interval, resamples=0)[0]
    assert one == Estimate(value=one.value)
    assert one.value is not None


@pytest.mark.parametrize("interval", ["percentile", "bca"])
def test_estimates_of_a_single_story_have_no_bounds(interval: IntervalMethod) -> None:
    resampling = Resampling(groups=np.zeros(50, dtype=np.int64), resamples=300, seed=1, interval=interval)
    one = estimate_statistics(average, resampling=resampling)[0]
    assert one == Estimate(value=one.value)
    assert one.value == pytest.approx(SAMPLE.mean())


@pytest.mark.parametrize("interval", ["percentile", "bca"])
def test_estimates_without_a_value_are_null(interval: IntervalMethod) -> None:
    [one] = estimate_statistics(
        lambda weights: np.full((1, weights.shape[1]), np.nan), resampling=plan(interval, resamples=9)
    )
    assert one == Estimate(value=None)


def test_estimate_without_a_defined_resample_has_no_bounds() -> None:
    assert estimate_percentile(0.5, np.full(9, np.nan)) == Estimate(value=0.5)


def test_estimate_maps_to_json_without_its_reason() -> None:
    one = Estimate(value=0.5, low=0.1, high=0.9, fallback="why")
    assert one.to_mapping() == {"value": 0.5, "low": 0.1, "high": 0.9}
