"""Both sides under resampled and under swapped articles, for each label and for their mean."""

from math import lcm

import numpy as np
from numpy.typing import NDArray

from hawadith_evaluation.cells import MEASURES, divide
from hawadith_evaluation.comparison.sides import Side
from hawadith_evaluation.comparison.swapping import draw_swaps, prepare_swaps
from hawadith_evaluation.intervals import resample_weights


def resample_sides(
    sides: tuple[Side, Side], *, groups: NDArray[np.int64], resamples: int, seed: int
) -> list[NDArray[np.float64]]:
    """Measure both sides on the same resamples, so that their difference is paired.

    Args:
        sides: A and B.
        groups: Shape `(articles,)`: near-duplicate group numbers.
        resamples: Bootstrap resamples.
        seed: Seeds them.

    Returns:
        For each side shape `(labels + 1, resamples)`, NaN where undefined; last the mean over the labels that both sides define.
    """
    blocks: tuple[list[NDArray[np.float64]], ...] = ([], [])
    for weights in resample_weights(groups, resamples=resamples, seed=seed):
        measured = [side.measure_weighted(weights) for side in sides]
        counted = ~np.isnan(measured[0]) & ~np.isnan(measured[1])
        for block, values in zip(blocks, measured, strict=True):
            total = np.where(counted, values, 0.0).sum(axis=0)
            block.append(np.vstack([values, divide(total, counted.sum(axis=0).astype(np.float64))]))
    return [np.concatenate(block, axis=1) for block in blocks]


def permute_sides(
    sides: tuple[Side, Side], *, groups: NDArray[np.int64], compared: NDArray[np.bool_], permutations: int, seed: int
) -> NDArray[np.float64]:
    """Measure B minus A under swaps, the same swaps for every label.

    Runs of one recipe resemble each other, so that it is not single runs that are exchangeable, but recipes: run i of A trades places with
    run i of B, all at once. Where one side has fewer runs, each of them takes the part of several, equally often.

    Args:
        sides: A and B.
        groups: Shape `(articles,)`: near-duplicate group numbers.
        compared: Shape `(labels,)`: those that are measured.
        permutations: How many.
        seed: Seeds them.

    Returns:
        Shape `(labels + 1, permutations)`, the mean over the compared labels last; NaN where undefined.
    """
    _, member = np.unique(groups, return_inverse=True)
    n_groups, name = int(member.max(initial=-1)) + 1, MEASURES[sides[0].line]
    runs = [side.cells for side in sides]
    permuted = np.full((len(compared), permutations), np.nan)
    for label in np.flatnonzero(compared):
        statistics = [
            prepare_swaps(*(cells[pair % len(cells)][label] for cells in runs), member=member, measure=name)
            for pair in range(lcm(*map(len, runs)))
        ]
        swaps = draw_swaps(n_groups, permutations=permutations, seed=seed)
        permuted[label] = np.concatenate(
            [np.mean([statistic.difference(block) for statistic in statistics], axis=0) for block in swaps]
        )
    return np.vstack([permuted, mean_labels(permuted, compared=compared)])


def mean_labels(values: NDArray[np.float64], *, compared: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Average over labels.

    Args:
        values: Shape `(labels, n)`.
        compared: Shape `(labels,)`: those that count.

    Returns:
        Shape `(n,)`; NaN where none counts, or one that counts is NaN.
    """
    chosen = values[compared]
    return np.asarray(chosen.mean(axis=0)) if len(chosen) else np.full(values.shape[1], np.nan)
