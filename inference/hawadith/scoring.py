"""Rows in, predictions out: as many, in the same order, whatever single rows hold.

Rows are taken in shards, and a shard's predictions depend on its own rows alone. A shard's records are scored in few calls, bounded by
characters and not only by rows; identical articles are scored once; and a call that fails is halved down to the row that made it fail: a
poison article costs itself alone.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from hawadith.prediction import Prediction
from hawadith.records import Record, Row, RowFault
from hawadith.typology import Typology

_LOGGER = logging.getLogger("hawadith")

SHARD_ROWS = 512
"""Rows per shard unless the user says otherwise."""

SHARD_CHARACTERS = 16_000_000
"""Characters per shard: 512 ordinary articles have a tenth of that, a few enormous ones must not take all memory."""

_CALL_CHARACTERS = 2_000_000  # per call of the model: a prepared article takes some fifty bytes a character


class Predictor(Protocol):
    """What scoring needs of a classifier."""

    def predict(self, articles: Sequence[Record | str], *, evidence: bool = True) -> list[Prediction]:
        """Classify articles; one prediction each, in order."""
        ...


class Classifier(Predictor, Protocol):
    """What a job needs of a classifier: of one model, or of several behind one face."""

    @property
    def typology(self) -> Typology:
        """The incident types that rows can name."""
        ...

    @property
    def model_id(self) -> str:
        """Names the model, for rows that name none themselves."""
        ...

    def describe(self) -> Mapping[str, object]:
        """What predictions depend on, for the fingerprint of a run; fields may nest."""
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
    for shard in cut_shards(rows, max_rows=shard_rows):
        yield list(zip(shard, score_shard(shard, predictor=predictor, evidence=evidence), strict=True))


def cut_shards(
    rows: Iterable[Row], *, max_rows: int = SHARD_ROWS, max_characters: int = SHARD_CHARACTERS
) -> Iterator[list[Row]]:
    """Cut a stream of rows into shards; the same rows are always cut the same way.

    Args:
        rows: The rows.
        max_rows: Rows per shard, at least 1.
        max_characters: A shard ends with the row that reaches as many, so that it holds less than this and one row more.

    Yields:
        Each shard, as soon as it is whole.
    """
    shard: list[Row] = []
    characters = 0
    for row in rows:
        shard.append(row)
        characters += _count_characters(row)
        if len(shard) >= max_rows or characters >= max_characters:
            yield shard
            shard, characters = [], 0
    if shard:
        yield shard


def score_shard(shard: Sequence[Row], *, predictor: Predictor, evidence: bool) -> list[Prediction]:
    """Score the rows of one shard.

    Args:
        shard: Its rows.
        predictor: The classifier.
        evidence: Find evidence sentences.

    Returns:
        One prediction per row, in order, under the row's id.
    """
    distinct: dict[tuple[str, str], Record] = {}
    for row in shard:
        if isinstance(row, Record):
            distinct.setdefault((row.title, row.text), row)
    calls = cut_shards(distinct.values(), max_rows=len(shard), max_characters=_CALL_CHARACTERS)
    predictions = [
        prediction
        for call in calls
        for prediction in _predict_halving(
            [row for row in call if isinstance(row, Record)], predictor=predictor, evidence=evidence
        )
    ]
    known = dict(zip(distinct, predictions, strict=True))
    return [
        _report_fault(row) if isinstance(row, RowFault) else replace(known[row.title, row.text], id=row.id)
        for row in shard
    ]


def _count_characters(row: Row) -> int:
    return len(row.title) + len(row.text) if isinstance(row, Record) else len(row.message)


def _predict_halving(records: Sequence[Record], *, predictor: Predictor, evidence: bool) -> list[Prediction]:
    try:
        predictions = predictor.predict(records, evidence=evidence)
        if len(predictions) != len(records):
            raise RuntimeError(f"the model gave {len(predictions)} predictions for {len(records)} articles")  # noqa: TRY301
    except Exception as error:  # noqa: BLE001 - a model may raise anything; the row carries it, no other row is lost
        if len(records) == 1:
            _LOGGER.warning("%r: the model failed on this article: %r", records[0].id, error)
            return [Prediction(id=records[0].id, status="error", scores={}, error=f"{type(error).__name__}: {error}")]
        middle = len(records) // 2
        return [
            *_predict_halving(records[:middle], predictor=predictor, evidence=evidence),
            *_predict_halving(records[middle:], predictor=predictor, evidence=evidence),
        ]
    return predictions


def _report_fault(fault: RowFault) -> Prediction:
    return Prediction(id=fault.id, status=fault.status, scores={}, error=fault.message)
