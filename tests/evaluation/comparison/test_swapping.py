"""Swaps measured by matrix products equal swaps carried out one by one and measured by scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.evaluation.comparison.comparison_builders import build_cells

from hawadith_evaluation.cells import MEASURES, Cells, measure
from hawadith_evaluation.comparison.swapping import draw_swaps, prepare_swaps, rank_scores


def random_pair(seed: int, *, articles: int = 40) -> tuple[Cells, Cells, NDArray[np.intp]]:
    random = np.random.default_rng(seed)
    truth = random.random(articles) < 0.3
    truth[0] = True
    rows = np.flatnonzero((random.random(articles) < 0.9) | truth)
    scores = np.round(np.clip(random.random((2, articles)) * 0.8 + truth * 0.2, 0, 1), 1)  # rounded, so that scores tie
    a, b = (Cells(rows=rows, truth=truth[rows], given=score[rows] >= 0.6, probability=score[rows]) for score in scores)
    _, member = np.unique(random.integers(0, articles // 2, articles), return_inverse=True)
    return a, b, member


def swap_by_hand(a: Cells, b: Cells, *, moved: NDArray[np.bool_]) -> tuple[Cells, Cells]:
    def mix(first: Cells, second: Cells) -> Cells:
        ranks = np.where(moved, rank_scores(second.probability), rank_scores(first.probability))
        return Cells(
            rows=first.rows, truth=first.truth, given=np.where(moved, second.given, first.given), probability=-ranks
        )

    return mix(a, b), mix(b, a)


@pytest.mark.parametrize("name", MEASURES)
@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 2**32 - 1))
def test_swaps_equal_swaps_by_hand_measured_by_scikit_learn(name: str, seed: int) -> None:
    a, b, member = random_pair(seed)
    [swaps] = draw_swaps(int(member.max()) + 1, permutations=4, seed=seed)
    got = prepare_swaps(a, b, member=member, measure=name).difference(swaps)
    line = MEASURES.index(name)
    for swap, difference in zip(swaps.T, got, strict=True):
        first, second = swap_by_hand(a, b, moved=swap[member][a.rows] > 0)
        assert difference == pytest.approx(measure(second)[line] - measure(first)[line], abs=1e-12, nan_ok=True)


@pytest.mark.parametrize("name", MEASURES)
def test_no_swap_is_the_difference_and_all_swaps_its_negative(name: str) -> None:
    a, b, member = random_pair(3)
    n_groups = int(member.max()) + 1
    swaps = np.stack([np.zeros(n_groups), np.ones(n_groups)], axis=1).astype(np.float32)
    line = MEASURES.index(name)
    difference = measure(b)[line] - measure(a)[line]
    got = prepare_swaps(a, b, member=member, measure=name).difference(swaps)
    assert difference != 0
    assert got == pytest.approx([difference, -difference])


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), slope=st.floats(0.05, 20), offset=st.floats(-5, 5))
def test_ranking_swaps_do_not_depend_on_a_monotone_calibration(seed: int, slope: float, offset: float) -> None:
    a, b, member = random_pair(seed)
    calibrated = Cells(rows=b.rows, truth=b.truth, given=b.given, probability=slope * b.probability + offset)
    [swaps] = draw_swaps(int(member.max()) + 1, permutations=20, seed=1)
    plain, other = (
        prepare_swaps(a, cells, member=member, measure="average_precision").difference(swaps)
        for cells in (b, calibrated)
    )
    assert (plain == other).all()


def test_precision_is_undefined_where_a_swap_leaves_a_model_without_labels() -> None:
    a, b = (build_cells([1, 0], probability=scores) for scores in ([0.9, 0.1], [0.1, 0.9]))
    swaps = np.array([[0, 1, 0], [0, 0, 1]], dtype=np.float32)
    got = prepare_swaps(a, b, member=np.arange(2), measure="precision").difference(swaps)
    assert got == pytest.approx([-1.0, np.nan, np.nan], nan_ok=True)


@pytest.mark.parametrize("name", MEASURES)
def test_swaps_do_not_depend_on_the_block_size(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, member = random_pair(5)

    def permute() -> NDArray[np.float64]:
        statistic = prepare_swaps(a, b, member=member, measure=name)
        blocks = draw_swaps(int(member.max()) + 1, permutations=50, seed=2)
        return np.concatenate([statistic.difference(block) for block in blocks])

    whole = permute()
    monkeypatch.setattr("hawadith_evaluation.comparison.swapping._NUMBERS_PER_BLOCK", 70)
    assert len(list(draw_swaps(int(member.max()) + 1, permutations=50, seed=2))) > 10
    assert permute() == pytest.approx(whole, nan_ok=True)


def test_swaps_are_fair_coins_that_follow_the_seed() -> None:
    [first], [again], [other] = (list(draw_swaps(50, permutations=200, seed=seed)) for seed in (1, 1, 2))
    assert set(np.unique(first)) == {0.0, 1.0}
    assert abs(first.mean() - 0.5) < 0.02
    assert (first == again).all()
    assert (first != other).any()


def test_ranks_run_from_the_highest_and_share_ties() -> None:
    assert rank_scores(np.array([0.2, 0.9, 0.9, 0.1])).tolist() == [3.0, 1.5, 1.5, 4.0]
