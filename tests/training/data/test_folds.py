"""Folds and parts: groups whole, labels spread, the same seed the same answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hawadith.errors import DataError
from hawadith_training.data.folds import fold_groups
from hawadith_training.data.stratify import assign_parts


def build_articles(seed: int, *, n: int = 300) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    random = np.random.default_rng(seed)
    positive = random.random((n, 3)) < [0.25, 0.1, 0.04]
    groups = random.integers(0, n, size=n) * 7
    return positive, groups


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.integers(2, 6), st.integers(0, 99))
def test_fold_groups_keeps_groups_whole(articles: int, n_folds: int, seed: int) -> None:
    positive, groups = build_articles(articles, n=60)
    folds = fold_groups(positive, groups=groups, n_folds=n_folds, seed=seed)
    assert {len(set(folds[groups == group])) for group in groups} == {1}
    assert set(folds.tolist()) <= set(range(n_folds))


def test_fold_groups_spreads_every_label() -> None:
    positive, groups = build_articles(1)
    folds = fold_groups(positive, groups=groups, n_folds=5, seed=13)
    rows = np.bincount(folds, minlength=5)
    labels = np.array([positive[folds == fold].sum(axis=0) for fold in range(5)])
    assert np.ptp(rows) <= 2
    assert (np.ptp(labels, axis=0) <= 2).all()


def test_fold_groups_weighs_groups_by_their_articles() -> None:
    groups = np.repeat([0, 1, 2, 3], [9, 3, 3, 3])
    folds = fold_groups(np.ones((18, 1), dtype=np.bool_), groups=groups, n_folds=2, seed=0)
    assert np.bincount(folds).tolist() in ([9, 9], [9, 9])


def test_fold_groups_seed_decides() -> None:
    positive, groups = build_articles(2)
    first, again, other = (fold_groups(positive, groups=groups, n_folds=5, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_fold_groups_without_labels_balances_rows() -> None:
    folds = fold_groups(np.zeros((10, 0), dtype=np.bool_), groups=np.arange(10), n_folds=5, seed=0)
    assert np.bincount(folds).tolist() == [2] * 5


@pytest.mark.parametrize(("n_folds", "groups"), [(1, [0, 1]), (3, [0, 0, 1]), (2, [])])
def test_fold_groups_refuses_impossible_folds(n_folds: int, groups: list[int]) -> None:
    with pytest.raises(DataError, match=f"{n_folds} folds of"):
        fold_groups(
            np.zeros((len(groups), 1), dtype=np.bool_), groups=np.array(groups, dtype=np.int64), n_folds=n_folds, seed=0
        )


def test_assign_parts_follows_uneven_shares() -> None:
    counts = np.eye(2, dtype=np.int64)[np.repeat([0, 1], [20, 80])]
    parts = assign_parts(counts, sizes=np.ones(100, dtype=np.int64), shares=[8, 1, 1], seed=3)
    assert [counts[parts == part].sum(axis=0).tolist() for part in range(3)] == [[16, 64], [2, 8], [2, 8]]
