"""The two sides of a comparison: runs of a recipe A and runs of a recipe B, on the same articles, with the labels that all of them know."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import DataError
from hawadith.records import Record
from hawadith_evaluation.cells import MEASURES, Cells, measure_weighted
from hawadith_evaluation.predictions import Predictions
from hawadith_evaluation.targets import Targets, label_targets


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLabels:
    """Which labels can be compared.

    Attributes:
        shared: Known to every run of both sides, in the order of A.
        only_a: Known to A but not to B.
        only_b: Known to B but not to A.
        left: Known to one side or both, but not asked for.
    """

    shared: tuple[str, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    left: tuple[str, ...] = ()


def share_labels(a: Sequence[Predictions], b: Sequence[Predictions], *, wanted: Sequence[str] = ()) -> SharedLabels:
    """Find the labels that can be compared.

    Args:
        a: The runs of A, at least one.
        b: The runs of B, at least one.
        wanted: Only these; all where empty.

    Returns:
        The labels.

    Raises:
        DataError: If the runs of one side know different labels, a wanted label is known to neither side, or none is shared.
    """
    known_a, known_b = _known_labels(a, side="A"), _known_labels(b, side="B")
    unknown = [label for label in wanted if label not in {*known_a, *known_b}]
    if unknown:
        raise DataError(
            f"Neither A nor B knows {', '.join(unknown)}. A knows {', '.join(known_a)}; B {', '.join(known_b)}."
        )
    of_a = [label for label in known_a if not wanted or label in wanted]
    of_b = [label for label in known_b if not wanted or label in wanted]
    shared = tuple(label for label in of_a if label in of_b)
    if not shared:
        raise DataError(f"A and B have no label in common: A knows {', '.join(of_a)}; B {', '.join(of_b)}.")
    return SharedLabels(
        shared=shared,
        only_a=tuple(label for label in of_a if label not in of_b),
        only_b=tuple(label for label in of_b if label not in of_a),
        left=tuple(label for label in dict.fromkeys((*known_a, *known_b)) if wanted and label not in wanted),
    )


def label_shared(records: Sequence[Record], *, labels: SharedLabels, strict: bool = False) -> Targets:
    """Read what is true of the labels that can be compared.

    Args:
        records: Labelled articles.
        labels: Which labels there are; those of one side alone are passed over in silence, the report names them.
        strict: Refuse labels that neither side knows with a `DataError`, instead of dropping them with one warning.

    Returns:
        The targets of the shared labels.
    """
    known = label_targets(records, labels=(*labels.shared, *labels.only_a, *labels.only_b, *labels.left), strict=strict)
    width = len(labels.shared)
    return Targets(labels=labels.shared, positive=known.positive[:, :width], judged=known.judged[:, :width])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """One side, as it is measured.

    Attributes:
        cells: Shape `(runs, labels)`: the judged cells of each label under each run.
        line: Position in `MEASURES` of what is measured.
        articles: How many there are.
    """

    cells: tuple[tuple[Cells, ...], ...]
    line: int
    articles: int

    def measure(self) -> NDArray[np.float64]:
        """What each run reaches, shape `(runs, labels)`; NaN where undefined."""
        return np.stack([self._weigh(run, np.ones((self.articles, 1)))[:, 0] for run in self.cells])

    def measure_weighted(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The mean over runs under article weights `(articles, resamples)`: shape `(labels, resamples)`; NaN where a run has none."""
        return np.asarray(np.mean([self._weigh(run, weights) for run in self.cells], axis=0))

    def _weigh(self, run: Sequence[Cells], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack([measure_weighted(cells, weights)[self.line] for cells in run])


def build_side(targets: Targets, runs: Sequence[Predictions], *, measure: str) -> Side:
    """Select from each run the cells that are measured.

    Args:
        targets: What is true.
        runs: Predictions for the same articles in the same order; they know every label of the targets.
        measure: One of `MEASURES`.

    Returns:
        The side.

    Raises:
        DataError: If a run is of another number of articles.
    """
    if any(len(run.probabilities) != len(targets.positive) for run in runs):
        found = ", ".join(str(len(run.probabilities)) for run in runs)
        raise DataError(f"Every run must be of the {len(targets.positive)} articles that are compared on, got {found}.")
    cells = tuple(_select_cells(targets, run) for run in runs)
    return Side(cells=cells, line=MEASURES.index(measure), articles=len(targets.positive))


def _select_cells(targets: Targets, run: Predictions) -> tuple[Cells, ...]:
    cells = []
    for column, label in enumerate(targets.labels):
        rows, said = np.flatnonzero(targets.judged[:, column]), run.labels.index(label)
        cells.append(
            Cells(
                rows=rows,
                truth=targets.positive[rows, column],
                given=run.decisions[rows, said],
                probability=run.probabilities[rows, said],
            )
        )
    return tuple(cells)


def _known_labels(runs: Sequence[Predictions], *, side: str) -> tuple[str, ...]:
    first = runs[0].labels
    for run in runs[1:]:
        if set(run.labels) != set(first):
            raise DataError(
                f"The runs of {side} know different labels: {', '.join(first)} and {', '.join(run.labels)}. "
                "Runs of one recipe have one typology."
            )
    return first
