"""Resamples and swaps of two sides: paired, with a mean over the same labels on both, and every run counted alike."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.evaluation.comparison.comparison_builders import build_predictions, build_targets, draw_models

from hawadith_evaluation.comparison.resampling import mean_labels, permute_sides, resample_sides
from hawadith_evaluation.comparison.sides import build_side


@pytest.mark.parametrize("swapped", [False, True])
def test_the_mean_of_a_resample_takes_the_labels_that_both_sides_define(swapped: bool) -> None:
    targets = build_targets([[1, 1], [0, 0], [1, 0], [0, 1]])
    often = build_predictions(np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]))
    seldom = build_predictions(np.array([[1.0, 1.0], [1.0, -1.0], [1.0, -1.0], [1.0, -1.0]]))
    a, b = (build_side(targets, [model], measure="precision") for model in (often, seldom))
    sides = (b, a) if swapped else (a, b)
    samples = resample_sides(sides, groups=np.arange(4), resamples=100, seed=1)
    undefined = np.isnan(samples[0][1]) | np.isnan(samples[1][1])
    assert 0 < undefined.sum() < 100
    for sampled in samples:
        expected = np.where(undefined, sampled[0], sampled[:2].mean(axis=0))
        assert sampled[2] == pytest.approx(expected)


def test_swaps_give_every_run_the_same_weight_where_sides_have_different_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def swap_nothing(n_groups: int, *, permutations: int, seed: int) -> Iterator[NDArray[np.float32]]:
        yield np.zeros((n_groups, permutations), dtype=np.float32)

    monkeypatch.setattr("hawadith_evaluation.comparison.resampling.draw_swaps", swap_nothing)
    targets, logits, groups = draw_models(4, rate=0.2, runs=5)
    runs = [build_predictions(one) for one in logits]
    a, b = (build_side(targets, some, measure="average_precision") for some in (runs[:2], runs[2:]))
    permuted = permute_sides((a, b), groups=groups, compared=np.ones(3, dtype=np.bool_), permutations=1, seed=1)
    expected = b.measure().mean(axis=0) - a.measure().mean(axis=0)
    assert permuted[:3, 0] == pytest.approx(expected)
    assert permuted[3, 0] == pytest.approx(expected.mean())


def test_mean_of_labels_is_undefined_where_none_counts_or_one_that_counts_is() -> None:
    values = np.array([[0.2, 0.4], [0.6, np.nan], [np.nan, np.nan]])
    counted = np.array([True, True, False])
    assert mean_labels(values, compared=counted) == pytest.approx([0.4, np.nan], nan_ok=True)
    assert np.isnan(mean_labels(values, compared=np.zeros(3, dtype=np.bool_))).all()
