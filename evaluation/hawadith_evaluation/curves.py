"""Precision against recall: the curve of each label, and how much is found at a precision that a reader can live with.

A single threshold hides what another one would give. The curves are scikit-learn's; a report draws them. `metrics.json` holds recall at
fixed precisions alone: a curve says nothing that a machine would compare.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve

from hawadith.calibration import Goal
from hawadith_evaluation.cells import Cells, divide, rank_cells, select_cells
from hawadith_evaluation.estimates import Resampling, estimate_statistics
from hawadith_evaluation.metrics_file import CurveValues, OperatingValues
from hawadith_evaluation.targets import Targets
from hawadith_evaluation.thresholds import choose_threshold

PRECISIONS = (0.8, 0.9, 0.95)
"""The precisions at which recall is given."""

MAX_POINTS = 200
"""Points of a curve: more than a screen resolves."""


def measure_curves(targets: Targets, *, probabilities: NDArray[np.float64]) -> dict[str, CurveValues]:
    """Trace the precision-recall curve of each label.

    Args:
        targets: What is true.
        probabilities: Shape `(articles, labels)`.

    Returns:
        The curves by label; labels without positives have none.
    """
    return {
        label: trace_curve(cells.truth, probabilities=cells.probability)
        for label, cells in _positive_cells(targets, probabilities=probabilities)
    }


def trace_curve(truth: NDArray[np.bool_], *, probabilities: NDArray[np.float64]) -> CurveValues:
    """Trace one precision-recall curve.

    Points are left out evenly, in the order of recall, where there are more than `MAX_POINTS`; the first and the last always stay.

    Args:
        truth: Shape `(articles,)`, with at least one positive.
        probabilities: Same shape.

    Returns:
        The curve, from the highest threshold down. The point at recall 0 that scikit-learn adds belongs to no threshold and is not in it.
    """
    # Points between two changes of the true positives lie below the curve's corners and are not drawn.
    precision, recall, thresholds = precision_recall_curve(truth, probabilities, drop_intermediate=True)
    last = len(thresholds) - 1
    kept = np.unique(np.linspace(last, 0, min(MAX_POINTS, last + 1)).round().astype(np.intp))[::-1]
    return {
        "thresholds": thresholds[kept].tolist(),
        "precision": precision[kept].tolist(),
        "recall": recall[kept].tolist(),
    }


def measure_operating(
    targets: Targets, *, probabilities: NDArray[np.float64], resampling: Resampling
) -> dict[str, list[OperatingValues]]:
    """Measure each label's greatest recall at the precisions of `PRECISIONS`.

    In a resample where no cut reaches the precision nothing can be found at it: recall counts as 0 there, not as undefined, which would
    leave the bad resamples out.

    Args:
        targets: What is true.
        probabilities: Shape `(articles, labels)`.
        resampling: How the articles are resampled.

    Returns:
        By label, one per precision; labels without positives have none.
    """
    return {
        label: _measure_label(cells, resampling=resampling)
        for label, cells in _positive_cells(targets, probabilities=probabilities)
    }


def recall_at(precisions: NDArray[np.float64], *, cells: Cells, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The greatest recall among the cuts that reach a precision.

    Args:
        precisions: Shape `(precisions,)`.
        cells: One label's cells.
        weights: Shape `(articles, resamples)`, whole numbers from 0.

    Returns:
        Shape `(precisions, resamples)`; 0 where no cut reaches the precision, NaN where there is no positive.
    """
    ranking = rank_cells(cells, weights)
    if not len(ranking.found):
        return np.full((len(precisions), weights.shape[1]), np.nan)
    precision, positives = divide(ranking.found, ranking.seen), ranking.found[-1]
    reached = [np.where(precision >= least, ranking.found, 0.0).max(axis=0) for least in precisions]
    return np.stack([divide(found, positives) for found in reached])


def _positive_cells(targets: Targets, *, probabilities: NDArray[np.float64]) -> Iterator[tuple[str, Cells]]:
    for column, label in enumerate(targets.labels):
        columns = slice(column, column + 1)
        cells = select_cells(targets, probabilities=probabilities, decisions=targets.positive, columns=columns)
        if cells.truth.any():
            yield label, cells


def _measure_label(cells: Cells, *, resampling: Resampling) -> list[OperatingValues]:
    precisions = np.array(PRECISIONS)
    cuts = [
        choose_threshold(cells.probability, truth=cells.truth, goal=Goal(kind="precision", at_least=precision))
        for precision in PRECISIONS
    ]
    recalls = recall_at(precisions, cells=cells, weights=np.ones((len(resampling.groups), 1)))[:, 0]
    estimates = estimate_statistics(
        lambda weights: recall_at(precisions, cells=cells, weights=weights),
        resampling=resampling,
        values=[recall if cut.met else np.nan for recall, cut in zip(recalls, cuts, strict=True)],
    )
    return [
        {"precision": precision, "recall": estimate.to_mapping(), "threshold": cut.value if cut.met else None}
        for precision, estimate, cut in zip(PRECISIONS, estimates, cuts, strict=True)
    ]
