"""The review band: which articles a reader should see, given how many they can.

A threshold says implicitly what mistakes cost: giving the label from probability t on is optimal where a miss costs (1 - t) / t times a
false alarm (Elkan 2001). Under those costs the automatic decision is expected to cost p (1 - t) below the threshold and (1 - p) t above it,
most at the threshold itself, from either side. The articles whose decision is expected to cost most go to the reader, as many as the budget
allows (Chow 1970, with the price of a reader set by the budget): one band around the threshold. It needs no labels; the figures outside it
do.
"""

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import ConfigError, DataError
from hawadith_evaluation.cells import Cells, divide, measure_weighted, select_cells
from hawadith_evaluation.estimates import Estimate, Resampling, estimate_statistics
from hawadith_evaluation.metrics_file import AbstainValues
from hawadith_evaluation.targets import Targets
from hawadith_evaluation.thresholds import cut_between


def size_abstain_band(
    targets: Targets,
    *,
    probabilities: NDArray[np.float64],
    thresholds: NDArray[np.float64],
    resampling: Resampling,
    budget: float = 0.05,
) -> list[AbstainValues]:
    """Size each label's review band, and measure what is decided outside it.

    Each label has a band of its own: with several labels, up to that many times the budget is read.

    Args:
        targets: What is true.
        probabilities: Shape `(articles, labels)`, calibrated.
        thresholds: Shape `(labels,)`: probability from which each label is given.
        resampling: How articles are resampled for intervals.
        budget: Share of the articles that a reader can see per label, in [0, 1).

    Returns:
        One band per label, in order; articles of equal probability go to the reader together or not at all.

    Raises:
        ConfigError: If the budget is no such share.
        DataError: If the shapes differ.
    """
    if not 0 <= budget < 1:
        raise ConfigError(f"A review budget is a share of the articles in [0, 1), got {budget}; 0.05 is one in twenty.")
    shape = targets.positive.shape
    if probabilities.shape != shape or thresholds.shape != shape[1:]:
        found = f"probabilities {probabilities.shape}, thresholds {thresholds.shape}"
        raise DataError(f"Predictions do not fit the targets' shape {shape} (articles, labels): got {found}.")
    decisions = probabilities >= thresholds
    bands: list[AbstainValues] = []
    for column, label in enumerate(targets.labels):
        low, high = find_band(probabilities[:, column], threshold=float(thresholds[column]), budget=budget)
        inside = (probabilities[:, column] >= low) & (probabilities[:, column] < high)
        cells = [
            select_cells(
                targets,
                probabilities=probabilities,
                decisions=decisions,
                columns=slice(column, column + 1),
                within=part,
            )
            for part in (inside, ~inside)
        ]
        precision, recall, errors = _measure_band(*cells, resampling=resampling)
        bands.append(
            {
                "label": label,
                "budget": budget,
                "low": low,
                "high": high,
                "share": float(inside.mean()) if len(inside) else 0.0,
                "precision_outside": precision.to_mapping(),
                "recall_outside": recall.to_mapping(),
                "errors_inside": errors.to_mapping(),
            }
        )
    return bands


def find_band(probabilities: NDArray[np.float64], *, threshold: float, budget: float) -> tuple[float, float]:
    """Find the widest band around a threshold that the budget allows.

    Args:
        probabilities: Shape `(articles,)`, calibrated.
        threshold: Probability from which the label is given.
        budget: Share of the articles that may lie in the band, in [0, 1).

    Returns:
        The band `[low, high)`, its ends in the middle between neighbouring probabilities; empty, both the threshold, where the budget does
        not allow one article.

    Example:
        >>> find_band(np.array([0.1, 0.4, 0.7, 0.9]), threshold=0.5, budget=0.5)
        (0.25, 0.8)
    """
    distinct, counts = np.unique(probabilities, return_counts=True)
    costs = np.where(distinct >= threshold, (1 - distinct) * threshold, distinct * (1 - threshold))
    order = np.argsort(-costs, kind="stable")
    n_read = int((np.cumsum(counts[order]) <= budget * len(probabilities) + 1e-9).sum())
    if not n_read:
        return threshold, threshold
    chosen = order[:n_read]
    first, last = int(chosen.min()), int(chosen.max())
    below = distinct[first - 1] if first else 0.0
    above = distinct[last + 1] if last + 1 < len(distinct) else 1.0
    return cut_between(float(below), float(distinct[first])), cut_between(float(distinct[last]), float(above))


def _measure_band(inside: Cells, outside: Cells, *, resampling: Resampling) -> list[Estimate]:
    """Precision and recall outside the band, and the share of all wrong decisions that lies inside."""

    def measure(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        precision, recall = measure_weighted(outside, weights)[:2]
        caught, missed = (weights[cells.rows[cells.truth != cells.given]].sum(axis=0) for cells in (inside, outside))
        return np.stack([precision, recall, divide(caught, caught + missed)])

    return estimate_statistics(measure, resampling=resampling)
