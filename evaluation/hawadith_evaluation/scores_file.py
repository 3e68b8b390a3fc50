"""Reads what `hawadith score` wrote back into predictions, checking row by row: a file may come from elsewhere."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from hawadith.errors import DataError
from hawadith.prediction import Evidence, Prediction
from hawadith.records import Field, Status

_COLUMNS = ("id", "status", "labels", "scores", "evidence", "n_tokens", "n_windows", "truncated", "model", "error")
_FIELDS = get_args(Field)

UNNAMED = "unnamed"
"""Stands for the model where no row names one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """A file of scores.

    Attributes:
        labels: Label ids, in the file's order.
        predictions: One per row.
        model: Names the model, or the models, that the rows name; `unnamed` where they name none.
    """

    labels: tuple[str, ...]
    predictions: tuple[Prediction, ...]
    model: str


def read_scores(path: Path) -> Scores:
    """Read a file of scores.

    Args:
        path: A `.jsonl` or `.parquet` file, or a folder of Parquet shards, with `id`, `scores` (`{label: probability}`) and `labels`
            in every row. `evidence`, `n_tokens`, `n_windows`, `truncated` and `error` are read where a row has them; further keys are
            ignored. Evidence may be of labels that were not given, too, as a cross-validation says it of those that hold.

    Returns:
        The scores.

    Raises:
        DataError: If the file cannot be read or a row is not of that form; names the row.
    """
    predictions: list[Prediction] = []
    models: dict[str, None] = {}
    labels: tuple[str, ...] = ()
    for location, row in _read_rows(path):
        prediction = _parse_row(row, location=location)
        labels = labels or tuple(prediction.scores)
        if prediction.scores and set(prediction.scores) != set(labels):
            raise DataError(
                f"{location}: scores of {', '.join(prediction.scores)}; the rows before have {', '.join(labels)}."
            )
        predictions.append(prediction)
        if isinstance(row.get("model"), str):
            models[str(row["model"])] = None
    if not labels:
        raise DataError(f"{path}: no row holds scores. Write the file with `hawadith score`.")
    return Scores(labels=labels, predictions=tuple(predictions), model=", ".join(models) or UNNAMED)


def _read_rows(path: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    files = sorted(path.glob("part-*.parquet")) if path.is_dir() else [path]
    if not files:
        raise DataError(
            f"{path}: the folder holds no part-*.parquet, as `hawadith score --output FOLDER/` writes them."
        )
    if files[0].suffix not in (".jsonl", ".parquet"):
        raise DataError(f"{path}: scores are read from .jsonl, .parquet or a folder of Parquet shards.")
    for file in files:
        yield from _read_jsonl(file) if file.suffix == ".jsonl" else _read_parquet(file)


def _read_jsonl(file: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        with file.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield f"{file}:{number}", _parse_line(line, location=f"{file}:{number}")
    except OSError as error:
        raise DataError(f"Cannot read the scores {file}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{file} is not UTF-8: {error}.") from error


def _parse_line(line: str, *, location: str) -> Mapping[str, object]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise DataError(f"{location}: not JSON: {error}.") from error
    if not isinstance(row, dict):
        raise DataError(f"{location}: a row must be an object, got {type(row).__name__}.")
    return row


def _read_parquet(file: Path) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        with pq.ParquetFile(file) as table:
            columns = [name for name in _COLUMNS if name in table.schema_arrow.names]
            number = 0
            for batch in table.iter_batches(columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    yield f"{file}, row {number}", row
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"Cannot read the scores {file}: {error}.") from error


def _parse_row(row: Mapping[str, object], *, location: str) -> Prediction:
    id_, scores, labels = row.get("id"), row.get("scores") or {}, row.get("labels")
    if not isinstance(id_, str):
        raise DataError(f"{location}: `id` must be a string, got {id_!r:.40}.")
    if not isinstance(scores, Mapping) or not all(_is_probability(score) for score in scores.values()):
        raise DataError(f"{location}: `scores` must be probabilities in [0, 1] by label, got {scores!r:.80}.")
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise DataError(f"{location}: `labels` must list the given labels, got {labels!r:.80}.")
    if not set(labels) <= set(scores):
        raise DataError(
            f"{location}: given {', '.join(labels)}, but there are scores of {', '.join(scores) or 'none'}."
        )
    status = row.get("status")
    return Prediction(
        id=id_,
        status=cast("Status", status) if status in get_args(Status) else "ok" if scores else "error",
        labels=tuple(labels),
        scores=scores,
        evidence=_parse_evidence(row.get("evidence"), location=location),
        n_tokens=_parse_count(row, "n_tokens", location=location),
        n_windows=_parse_count(row, "n_windows", location=location),
        truncated=row.get("truncated") is True or status == "truncated",
        error=str(row["error"]) if row.get("error") else None,
    )


def _parse_evidence(value: object, *, location: str) -> tuple[Evidence, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(_is_evidence(item) for item in value):
        raise DataError(
            f"{location}: `evidence` must list sentences with label, field (title or text), start and end; got {value!r:.80}."
        )
    return tuple(
        Evidence(
            label=item["label"],
            field=item["field"],
            start=item["start"],
            end=item["end"],
            text=str(item.get("text") or ""),
            score=float(item.get("score") or 0.0),
        )
        for item in value
    )


def _is_evidence(item: object) -> bool:
    if not isinstance(item, Mapping) or not isinstance(item.get("label"), str) or item.get("field") not in _FIELDS:
        return False
    start, end, score = item.get("start"), item.get("end"), item.get("score")
    whole = isinstance(start, int) and isinstance(end, int) and 0 <= start <= end
    return whole and isinstance(score, int | float | None)


def _parse_count(row: Mapping[str, object], key: str, *, location: str) -> int:
    count = row.get(key) or 0
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise DataError(f"{location}: `{key}` must be a whole number from 0, got {row[key]!r:.40}.")
    return count


def _is_probability(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and 0 <= value <= 1
