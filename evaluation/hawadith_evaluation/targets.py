"""What is true of labelled articles, as arrays: which labels hold, and which were judged at all."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import DataError
from hawadith.records import Record
from hawadith.typology import Typology

_LOGGER = logging.getLogger("hawadith")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Targets:
    """Labels of a list of articles.

    Attributes:
        labels: Label ids, in typology order.
        positive: Shape `(articles, labels)`: the article reports an incident of the type.
        judged: Same shape: somebody decided; `False` cells are masked, not negative. A positive cell is always judged.
    """

    labels: tuple[str, ...]
    positive: NDArray[np.bool_]
    judged: NDArray[np.bool_]

    def select(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> "Targets":
        """The targets of the chosen articles, in the given order."""
        return Targets(labels=self.labels, positive=self.positive[rows], judged=self.judged[rows])


def build_targets(records: Sequence[Record], *, typology: Typology, strict: bool = False) -> Targets:
    """Read the labels of records under a typology.

    Args:
        records: Labelled records.
        typology: Says which labels there are, and their order.
        strict: Refuse labels that the typology lacks with a `DataError`, instead of dropping them with one warning.

    Returns:
        The targets, one row per record.
    """
    return label_targets(records, labels=typology.ids, strict=strict)


def label_targets(records: Sequence[Record], *, labels: Sequence[str], strict: bool = False) -> Targets:
    """Read the labels of records where only the label ids are known, as from a file of scores.

    Args:
        records: Labelled records.
        labels: Label ids, in order.
        strict: Refuse other labels, instead of dropping them with one warning.

    Returns:
        The targets, one row per record.

    Raises:
        DataError: If `strict` and a record carries another label.
    """
    position = {label: column for column, label in enumerate(labels)}
    positive = np.zeros((len(records), len(position)), dtype=np.bool_)
    judged = np.ones_like(positive)
    foreign: Counter[str] = Counter()
    for row, record in enumerate(records):
        for label in record.unknown:
            if label in position:
                judged[row, position[label]] = False
        for label in record.labels:
            if label in position:
                positive[row, position[label]] = judged[row, position[label]] = True
            else:
                foreign[label] += 1
    if foreign:
        listing = ", ".join(f"{label} ({count} articles)" for label, count in sorted(foreign.items()))
        if strict:
            raise DataError(
                f"Labels that the typology lacks: {listing}. It has {', '.join(labels)}. "
                "Add them to the typology, or drop --strict-labels."
            )
        _LOGGER.warning("Labels that the typology lacks were dropped: %s", listing)
    return Targets(labels=tuple(labels), positive=positive, judged=judged)
