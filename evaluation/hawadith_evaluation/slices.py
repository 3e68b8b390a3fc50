"""Figures of parts of the articles: an overall figure may hide that a model fails on one outlet, or on long articles.

The labels are pooled, because a slice of one label is too small to say anything. Every slice is shown with its n and its intervals; small
ones are marked, not hidden. Who looks at thirty slices will see some that are low by chance: the intervals say which may be.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hawadith.prediction import Prediction
from hawadith.records import Record
from hawadith_evaluation.cells import MEASURES, Cells, measure, measure_weighted, select_cells
from hawadith_evaluation.dimensions import cut_dimensions
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
    found: list[SliceValues] = []
    for dimension in cut_dimensions(records, rows=rows):
        slice_of = np.array(dimension.slice_of)
        for name in dimension.slices:
            within = slice_of == name
            cells = select_cells(targets, probabilities=probabilities, decisions=decisions, within=within)
            quiet = share_false_alarms(targets, decisions=decisions, within=within)
            estimates = _estimate(cells, quiet=quiet, resampling=resampling)
            positives = int(cells.truth.sum())
            found.append(
                {
                    "dimension": dimension.name,
                    "name": name,
                    "n": int(within.sum()),
                    "positives": positives,
                    "small": positives < FEWEST_POSITIVES,
                    "f1": estimates["f1"].to_mapping(),
                    "recall": estimates["recall"].to_mapping(),
                    "average_precision": estimates["average_precision"].to_mapping(),
                    "false_alarms_per_1000": estimates["false_alarms_per_1000"].to_mapping(),
                }
            )
    return found


def _estimate(cells: Cells, *, quiet: Share, resampling: Resampling) -> dict[str, Estimate]:
    estimates = estimate_statistics(
        lambda weights: np.concatenate([measure_weighted(cells, weights), quiet.mean(weights)[None]]),
        resampling=resampling,
        values=np.append(measure(cells), quiet.mean()),
    )
    return dict(zip((*MEASURES, "false_alarms_per_1000"), estimates, strict=True))
