"""Rows in, output rows out: as many, in the same order, whatever single rows hold.

Rows are taken in shards, a shard's records are scored in one call, and when that call fails it is halved down to the row that made it fail:
a poison article costs itself alone.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from hawadith.prediction import Prediction
from hawadith.records import Record, Row, RowFault

_LOGGER = logging.getLogger("hawadith")

SHARD_ROWS = 512
"""Rows per shard unless the user says otherwise."""


class Predictor(Protocol):
    """What scoring needs of a classifier."""

    def predict(self, articles: Sequence[Record | str], *, evidence: bool = True) -> list[Prediction]:
        """Classify articles; one prediction each, in order."""
        ...


def score_rows(
    rows: Iterable[Row], *, predictor: Predictor, evidence: bool, shard_rows: int = SHARD_ROWS
) -> Iterator[list[tuple[Row, Prediction]]]:
    """Score rows shard by shard.

    Memory is bounded by one shard.

    Args:
        rows: Records, and faults of rows that could not be read.
        predictor: The classifier.
        evidence: Find evidence sentences.
        shard_rows: Rows per shard, at least 1.

    Yields:
        Each shard's rows with their predictions, in order.
    """
    remaining = iter(rows)
    while shard := list(islice(remaining, shard_rows)):
        records = [row for row in shard if isinstance(row, Record)]
        predictions = iter(_predict_halving(records, predictor=predictor, evidence=evidence))
        yield [(row, _report_fault(row) if isinstance(row, RowFault) else next(predictions)) for row in shard]


def _predict_halving(records: Sequence[Record], *, predictor: Predictor, evidence: bool) -> list[Prediction]:
    if not records:
        return []
    try:
        return predictor.predict(records, evidence=evidence)
    except Exception as error:  # noqa: BLE001 - a model may raise anything; the row carries it, no other row is lost
        if len(records) == 1:
            _LOGGER.warning("%s: the model failed on this article: %r", records[0].id, error)
            return [Prediction(id=records[0].id, status="error", scores={}, error=f"{type(error).__name__}: {error}")]
        middle = len(records) // 2
        return [
            *_predict_halving(records[:middle], predictor=predictor, evidence=evidence),
            *_predict_halving(records[middle:], predictor=predictor, evidence=evidence),
        ]


def _report_fault(fault: RowFault) -> Prediction:
    return Prediction(id=fault.id, status=fault.status, scores={}, error=fault.message)
