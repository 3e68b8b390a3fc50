"""Figures of parts of the articles: an overall figure may hide that a model fails on one outlet, or on long articles.

The labels are pooled, because a slice of one label is too small to say anything. Every slice is shown with its n and its intervals; small
ones are marked, not hidden. Who looks at thirty slices will see some that are low by chance: the intervals say which may be.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.prediction import Prediction
from hawadith.records import Record
from hawadith_evaluation.cells import MEASURES, Cells, measure, measure_weighted, select_cells
from hawadith_evaluation.dimensions import Dimension, cut_dimensions
from hawadith_evaluation.estimates import Estimate, Resampling, estimate_statistics
from hawadith_evaluation.metrics_file import SliceValues
from hawadith_evaluation.shares import Share, share_false_alarms
from hawadith_evaluation.targets import Targets

FEWEST_POSITIVES = 10
"""Positive (article, label) pairs below which a slice is marked as small: one of them more or less moves its recall by a tenth."""


def measure_slices(
    records: Sequence[Record],
    *,
    rows: Sequence[Prediction],
    targets: Targets,
    probabilities: NDArray[np.float64],
    decisions: NDArray[np.bool_],
    resampling: Resampling,
) -> list[SliceValues]:
    """Measure every slice of every dimension.

    All articles are resampled and a slice is what they have of it, so that the size of a slice varies as it would in new data.

    Args:
        records: The articles.
        rows: What was said of each, in the same order; none where it is not known what the model read.
        targets: What is true of them.
        probabilities: Shape `(articles, labels)`.
        decisions: Same shape: the label was given.
        resampling: How the articles are resampled.

    Returns:
        The figures, dimension by dimension; `positives` counts pairs of article and label.
    """
    parts = [
        _cut(dimension, name, targets=targets, probabilities=probabilities, decisions=decisions)
        for dimension in cut_dimensions(records, rows=rows)
        for name in dimension.slices
    ]
    if not parts:
        return []
    # All slices in one call: drawing the weights anew for each would take most of the time.
    estimates = iter(
        estimate_statistics(
            lambda weights: np.concatenate([part.measure(weights) for part in parts]),
            resampling=resampling,
            values=np.concatenate([part.values for part in parts]),
        )
    )
    return [part.describe([next(estimates) for _ in part.values]) for part in parts]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Part:
    """One slice: its cells, and its share of false alarms."""

    dimension: str
    name: str
    n: int
    cells: Cells
    alarms: Share

    @property
    def values(self) -> NDArray[np.float64]:
        """Those of `MEASURES`, then false alarms."""
        return np.append(measure(self.cells), self.alarms.mean())

    def measure(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same under weights `(articles, resamples)`, shape `(measures + 1, resamples)`."""
        return np.concatenate([measure_weighted(self.cells, weights), self.alarms.mean(weights)[None]])

    def describe(self, estimates: Sequence[Estimate]) -> SliceValues:
        """Its values for `metrics.json`."""
        figures = dict(zip((*MEASURES, "false_alarms_per_1000"), estimates, strict=True))
        positives = int(self.cells.truth.sum())
        return {
            "dimension": self.dimension,
            "name": self.name,
            "n": self.n,
            "positives": positives,
            "small": positives < FEWEST_POSITIVES,
            "f1": figures["f1"].to_mapping(),
            "recall": figures["recall"].to_mapping(),
            "average_precision": figures["average_precision"].to_mapping(),
            "false_alarms_per_1000": figures["false_alarms_per_1000"].to_mapping(),
        }


def _cut(
    dimension: Dimension,
    name: str,
    *,
    targets: Targets,
    probabilities: NDArray[np.float64],
    decisions: NDArray[np.bool_],
) -> _Part:
    within = np.array(dimension.slice_of) == name
    return _Part(
        dimension=dimension.name,
        name=name,
        n=int(within.sum()),
        cells=select_cells(targets, probabilities=probabilities, decisions=decisions, within=within),
        alarms=share_false_alarms(targets, decisions=decisions, within=within),
    )
