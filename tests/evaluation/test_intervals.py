"""The bootstrap: groups stay whole, seeds decide, intervals cover."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from hawadith_evaluation.intervals import bca_interval, jackknife_weights, percentile_interval, resample_weights


def test_weights_are_equal_within_a_group_and_keep_the_number_of_groups() -> None:
    groups = np.array([7, 3, 7, 100, 3, 7])
    weights = np.concatenate(list(resample_weights(groups, resamples=50, seed=1)), axis=1)
    assert weights.shape == (6, 50)
    assert (weights[0] == weights[2]).all()
    assert (weights[0] == weights[5]).all()
    assert (weights[1] == weights[4]).all()
    assert (weights[0] + weights[1] + weights[3] == 3).all()
    assert len(np.unique(weights[0])) > 1


def test_weights_do_not_depend_on_the_block_size(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = np.arange(20)
    whole = np.concatenate(list(resample_weights(groups, resamples=30, seed=5)), axis=1)
    monkeypatch.setattr("hawadith_evaluation.intervals._WEIGHTS_PER_BLOCK", 7 * 20)
    blocks = list(resample_weights(groups, resamples=30, seed=5))
    assert len(blocks) == 5
    assert (np.concatenate(blocks, axis=1) == whole).all()


def test_weights_follow_the_seed() -> None:
    [first], [again], [other] = (list(resample_weights(np.arange(9), resamples=9, seed=seed)) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_interval_leaves_undefined_resamples_out() -> None:
    samples = np.concatenate([np.linspace(0, 1, 1001), np.full(500, np.nan)])
    assert percentile_interval(samples) == pytest.approx((0.025, 0.975))


def test_interval_without_any_defined_resample_is_none() -> None:
    assert percentile_interval(np.full(10, np.nan)) is None


def test_interval_of_a_mean_covers_the_truth_at_its_rate() -> None:
    random = np.random.default_rng(3)
    covered = 0
    for trial in range(300):
        sample = random.random(80)
        [weights] = list(resample_weights(np.arange(80), resamples=300, seed=trial))
        interval = percentile_interval(sample @ weights / 80)
        assert interval is not None
        covered += interval[0] <= 0.5 <= interval[1]
    assert 0.90 <= covered / 300 <= 0.98


def test_jackknife_leaves_each_group_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    groups = np.array([7, 3, 7, 100])
    expected = [[1, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
    assert np.concatenate(list(jackknife_weights(groups)), axis=1).tolist() == expected
    monkeypatch.setattr("hawadith_evaluation.intervals._WEIGHTS_PER_BLOCK", 2 * 4)
    blocks = list(jackknife_weights(groups))
    assert len(blocks) == 2
    assert np.concatenate(blocks, axis=1).tolist() == expected


@pytest.mark.parametrize("power", [1, 3])
def test_corrected_interval_equals_scipys(power: int) -> None:
    sample = np.random.default_rng(4).exponential(size=60) ** power
    theirs = bootstrap((sample,), np.mean, n_resamples=2000, method="BCa", rng=np.random.default_rng(5))
    [left_out] = list(jackknife_weights(np.arange(60)))
    ours = bca_interval(theirs.bootstrap_distribution, value=float(sample.mean()), jackknife=sample @ left_out / 59)
    assert ours is not None
    assert ours.fallback is None
    assert (ours.low, ours.high) == pytest.approx(tuple(theirs.confidence_interval), rel=1e-9)
    plain = percentile_interval(theirs.bootstrap_distribution)
    assert plain is not None
    assert ours.high > plain[1]


def test_corrected_interval_equals_scipys_where_resamples_tie_with_the_value() -> None:
    sample = (np.arange(40) < 3).astype(np.float64)
    theirs = bootstrap((sample,), np.mean, n_resamples=2000, method="BCa", rng=np.random.default_rng(5))
    [left_out] = list(jackknife_weights(np.arange(40)))
    ours = bca_interval(theirs.bootstrap_distribution, value=float(sample.mean()), jackknife=sample @ left_out / 39)
    assert ours is not None
    assert (ours.low, ours.high) == pytest.approx(tuple(theirs.confidence_interval), rel=1e-9)


def test_corrected_interval_leaves_undefined_resamples_out() -> None:
    samples, jackknife = np.random.default_rng(0).normal(size=400), np.linspace(-1, 1, 30)
    with_holes = np.concatenate([samples, np.full(50, np.nan)])
    assert bca_interval(with_holes, value=0.1, jackknife=jackknife) == bca_interval(
        samples, value=0.1, jackknife=jackknife
    )
    assert bca_interval(np.full(5, np.nan), value=0.1, jackknife=jackknife) is None


@pytest.mark.parametrize(
    ("value", "jackknife", "reason"),
    [
        (2.0, [0.1, 0.2], "one side of the value"),
        (0.5, [0.1, np.nan], "one group alone"),
        (0.5, [0.5, 0.5], "no group moves"),
        (0.999995, [0.0, *[1.0] * 5000], "acceleration is too large"),
    ],
)
def test_corrected_interval_falls_back_and_says_why(value: float, jackknife: list[float], reason: str) -> None:
    samples = np.linspace(0, 1, 100_001)
    interval = bca_interval(samples, value=value, jackknife=np.array(jackknife))
    assert interval is not None
    assert (interval.low, interval.high) == percentile_interval(samples)
    assert interval.fallback is not None
    assert reason in interval.fallback
