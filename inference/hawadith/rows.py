"""The rows that the command line writes: one flat, stable shape for every output format."""

from collections.abc import Mapping
from typing import TypedDict

from hawadith.prediction import Evidence, Prediction


class EvidenceRow(TypedDict):
    """One evidence sentence; `start` and `end` are code points into the raw field."""

    label: str
    field: str
    start: int
    end: int
    text: str
    score: float


class OutputRow(TypedDict):
    """What `hawadith score` writes for one input row."""

    id: str
    status: str
    labels: list[str]
    scores: Mapping[str, float]
    evidence: list[EvidenceRow]
    n_tokens: int
    n_windows: int
    truncated: bool
    model: str
    error: str | None


class ErrorRow(TypedDict):
    """What `errors.jsonl` holds for a row that carries an error; `line` counts from 1 and is null where a file is one article."""

    id: str
    status: str
    error: str
    file: str
    line: int | None


def build_row(prediction: Prediction, *, model_id: str) -> OutputRow:
    """Flatten a prediction.

    Probabilities and evidence scores are rounded to six digits: far below what calibration can promise, and readable.

    Args:
        prediction: What the classifier said.
        model_id: Which model said it, where the prediction does not name one itself.

    Returns:
        The output row.
    """
    return OutputRow(
        id=prediction.id,
        status=prediction.status,
        labels=list(prediction.labels),
        scores={label: round(score, 6) for label, score in prediction.scores.items()},
        evidence=[_build_evidence(item) for item in prediction.evidence],
        n_tokens=prediction.n_tokens,
        n_windows=prediction.n_windows,
        truncated=prediction.truncated,
        model=prediction.model or model_id,
        error=prediction.error,
    )


def build_error(prediction: Prediction, *, location: str) -> ErrorRow:
    """Say which row failed, and where it stands.

    Args:
        prediction: A prediction with an error.
        location: `file:line`, or the file.

    Returns:
        The row of `errors.jsonl`.
    """
    file, _, line = location.rpartition(":")
    has_line = bool(file) and line.isascii() and line.isdecimal()
    return ErrorRow(
        id=prediction.id,
        status=prediction.status,
        error=prediction.error or "",
        file=file if has_line else location,
        line=int(line) if has_line else None,
    )


def _build_evidence(item: Evidence) -> EvidenceRow:
    return EvidenceRow(
        label=item.label,
        field=item.field,
        start=item.start,
        end=item.end,
        text=item.text,
        score=round(item.score, 6),
    )
