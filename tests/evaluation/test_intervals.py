"""The bootstrap: groups stay whole, seeds decide, intervals cover."""

import numpy as np
import pytest

from hawadith_evaluation.intervals import percentile_interval, resample_weights


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
