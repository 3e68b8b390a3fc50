"""Judged cells and what is measured of them: once by scikit-learn, once for thousands of resamples at a time.

A value comes from scikit-learn. An interval needs the same statistic under 10,000 sets of row weights, for which calling scikit-learn would
take minutes; `measure_weighted` does it on matrices, and the tests hold the two equal.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

from hawadith_evaluation.targets import Targets

MEASURES = ("precision", "recall", "f1", "average_precision")
"""What is measured of a set of cells, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """Some cells of the articles × labels table: one label's, or all labels' pooled.

    Attributes:
        rows: Shape `(cells,)`: the article of each cell.
        truth: Same shape: the label holds.
        given: Same shape: the label was given.
        probability: Same shape.
    """

    rows: NDArray[np.intp]
    truth: NDArray[np.bool_]
    given: NDArray[np.bool_]
    probability: NDArray[np.float64]


def select_cells(
    targets: Targets,
    *,
    probabilities: NDArray[np.float64],
    decisions: NDArray[np.bool_],
    columns: slice = slice(None),
    within: NDArray[np.bool_] | None = None,
) -> Cells:
    """The judged cells of some labels and articles.

    Args:
        targets: What is true.
        probabilities: Shape `(articles, labels)`.
        decisions: Same shape: the label was given.
        columns: The labels; all, pooled, when not given.
        within: Shape `(articles,)`: the articles; all when not given.

    Returns:
        The cells; their `rows` count all articles, not only the chosen ones.
    """
    judged = targets.judged[:, columns]
    chosen = judged if within is None else judged & within[:, None]
    return Cells(
        rows=np.nonzero(chosen)[0],
        truth=targets.positive[:, columns][chosen],
        given=decisions[:, columns][chosen],
        probability=probabilities[:, columns][chosen],
    )


def measure(cells: Cells) -> NDArray[np.float64]:
    """Measure cells by scikit-learn.

    Args:
        cells: The cells.

    Returns:
        The values of `MEASURES`; NaN where one is undefined.
    """
    if not len(cells.rows):
        return np.full(len(MEASURES), np.nan)
    precision, recall, f1, _ = precision_recall_fscore_support(
        cells.truth, cells.given, labels=[True], average=None, zero_division=np.nan
    )
    # Without positives scikit-learn warns and says 0; there is nothing to find, so nothing is said.
    found = average_precision_score(cells.truth, cells.probability) if cells.truth.any() else np.nan
    return np.array([precision[0], recall[0], f1[0], found])


def measure_weighted(cells: Cells, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Measure cells under many sets of article weights at once.

    Args:
        cells: The cells.
        weights: Shape `(articles, resamples)`, whole numbers from 0.

    Returns:
        Shape `(measures, resamples)`; NaN where one is undefined.
    """
    present, place = np.unique(cells.rows, return_inverse=True)
    indicators = np.zeros((3, len(present)))
    for line, chosen in enumerate((cells.truth & cells.given, cells.given, cells.truth)):
        np.add.at(indicators[line], place[chosen], 1)  # an article has several cells when labels are pooled
    hits, given, positives = indicators @ (weights if len(present) == len(weights) else weights[present])
    return np.stack(
        [
            divide(hits, given),
            divide(hits, positives),
            divide(2 * hits, given + positives),
            divide(_sum_precisions(cells, weights), positives),
        ]
    )


def divide(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide elementwise; NaN, without a warning, where the denominator is 0."""
    return np.divide(numerator, denominator, out=np.full_like(denominator, np.nan), where=denominator > 0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ranking:
    """What lies at or above each distinct score that a positive cell has, from the highest down. Shape `(scores, resamples)` each.

    Between two such scores recall stands still and precision only falls, so that nothing is lost by looking at these alone.

    Attributes:
        gained: Weight of the positives of that very score.
        found: Weight of the positives so far.
        seen: Weight of all cells so far.
    """

    gained: NDArray[np.float64]
    found: NDArray[np.float64]
    seen: NDArray[np.float64]


def rank_cells(cells: Cells, weights: NDArray[np.float64]) -> Ranking:
    """Cumulate weights down the ranking of the cells.

    Args:
        cells: The cells.
        weights: Shape `(articles, resamples)`, whole numbers from 0.

    Returns:
        The ranking; without scores where there is no positive.
    """
    order = np.argsort(-cells.probability, kind="stable")
    truth = cells.truth[order]
    if not truth.any():
        nothing = np.zeros((0, weights.shape[1]))
        return Ranking(gained=nothing, found=nothing, seen=nothing)
    score = -cells.probability[order]
    positive_scores, first_positive = np.unique(score[truth], return_index=True)
    ends = np.searchsorted(score, positive_scores, side="right")  # one past the last cell of that score
    rows = cells.rows[order][: ends[-1]]
    gained = np.add.reduceat(weights[rows[truth[: ends[-1]]]], first_positive, axis=0)
    ranked = np.add.reduceat(weights[rows], np.concatenate([[0], ends[:-1]]), axis=0)
    return Ranking(gained=gained, found=np.cumsum(gained, axis=0), seen=np.cumsum(ranked, axis=0))


def _sum_precisions(cells: Cells, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average precision times positives: the precision at each distinct score, times the positives that it adds."""
    ranking = rank_cells(cells, weights)
    # Where nothing was seen nothing is gained either: any divisor gives 0.
    return np.asarray((ranking.gained * ranking.found / np.maximum(ranking.seen, 1)).sum(axis=0))
