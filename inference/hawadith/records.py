"""One news article as the rest of the package sees it, and what is said of a row that could not become one.

The edge of the system: a raw row is validated by constructing a `Record`; behind this door nothing is checked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from hawadith.errors import DataError

Field = Literal["title", "text"]
"""The two fields of a record that hold language."""

Status = Literal[
    "ok",
    "empty",
    "truncated",
    "too_large",
    "decode_error",
    "parse_error",
    "extract_empty",
    "extract_timeout",
    "nonfinite",
    "screened_out",
    "error",
]
"""What became of an input row; every row in gives one row out with one of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A sentence that somebody marked as reporting an incident, or as belonging to such a report.

    Attributes:
        label: The incident type that it reports.
        field: The field that holds it.
        start: First code point in that field.
        end: One past the last code point in that field.
    """

    label: str
    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One article.

    Attributes:
        id: Identifier, unique within an input.
        title: Headline as published; may be empty.
        text: Body as published; offsets of evidence count code points of this text.
        date: Publication date as given, if any.
        source: Outlet or collection, if any.
        labels: Incident types that the article reports; empty where none or not labelled.
        unknown: Incident types that nobody judged: masked in training and evaluation, not negative.
        label_fault: Why `labels` or `unknown` could not be read, where they could not. Scoring never looks at them, so the record stands;
            training and evaluation refuse it (`hawadith.readers.demand_labels`).
        evidence: Marked sentences that alone justify their label, for training and evaluation: scoring never looks at marks.
        context: Marked sentences that belong to the report of a label and do not prove it alone: they count neither for nor against it.
        evidence_fault: Why `evidence` or `context` could not be read, where one could not. The record stands without marks; evaluation
            names it, and what learns from marks refuses it.
        location: `file:line` (from 1) or the file, where it was read from one. No part of what the record says: equality does not see it.
        id_given: Whether the row had an id of its own; else it was made from its place. Equality does not see it.
    """

    id: str
    text: str
    title: str = ""
    date: str | None = None
    source: str | None = None
    labels: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    label_fault: str | None = None
    evidence: tuple[Mark, ...] = ()
    context: tuple[Mark, ...] = ()
    evidence_fault: str | None = None
    location: str = field(default="", compare=False, repr=False)
    id_given: bool = field(default=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFault:
    """A row that could not become a record.

    Attributes:
        id: The row's id where it could be read, else one made from its place.
        status: Why it failed.
        message: What was expected and what was found.
        location: `file:line` (from 1) or the file.
    """

    id: str
    status: Status
    message: str
    location: str


Row = Record | RowFault


def parse_record(row: object, *, fallback_id: str, location: str) -> Record:
    """Build a record from one decoded row.

    Unknown keys are ignored. Null or missing `title`, `date`, `source` are empty; `text` must be text (never the word "None"). What scoring
    does not read cannot cost a row: a date or source that is a number becomes text, one of another kind is empty.

    Args:
        row: A mapping as JSON, CSV or Parquet gives it.
        fallback_id: The id for a row that has none.
        location: `file:line`, for messages.

    Returns:
        The record.

    Raises:
        DataError: If the row is no mapping, has no text, or `id` or `title` is of the wrong kind.
    """
    if not isinstance(row, Mapping):
        raise DataError(f"{location}: a row must be an object with `text`, got {type(row).__name__}.")
    text = row.get("text")
    if not isinstance(text, str):
        found = "no `text`" if "text" not in row else f"`text` is {type(text).__name__}"
        raise DataError(f"{location}: {found}; it must be a string.")
    labels, unknown = _parse_labels(row.get("labels")), _parse_labels(row.get("unknown"))
    fault = next((key for key, ids in (("labels", labels), ("unknown", unknown)) if ids is None), None)
    title = _parse_title(row.get("title"), location=location)
    lengths: dict[Field, int] = {"title": len(title), "text": len(text)}
    evidence, evidence_fault = parse_marks(row.get("evidence"), key="evidence", lengths=lengths)
    context, context_fault = parse_marks(row.get("context"), key="context", lengths=lengths)
    mark_fault = evidence_fault or context_fault
    return Record(
        id=_parse_id(row.get("id"), fallback_id=fallback_id, location=location),
        text=text,
        title=title,
        date=_parse_detail(row.get("date")),
        source=_parse_detail(row.get("source")),
        labels=labels or (),
        unknown=unknown or (),
        label_fault=fault
        and f"{location}: `{fault}` must be a list of label ids, or one string `a|b`; got {row[fault]!r:.80}.",
        evidence=() if mark_fault else evidence,
        context=() if mark_fault else context,
        evidence_fault=mark_fault and f"{location}: {mark_fault}",
        location=location,
        id_given=row.get("id") not in (None, ""),
    )


def parse_marks(
    value: object, *, key: str, lengths: Mapping[Field, int] | None = None
) -> tuple[tuple[Mark, ...], str | None]:
    """Read marked sentences: the one place that says what a mark is.

    Args:
        value: A list of `{"label", "field", "start", "end"}` as JSON gives it; None for no marks. Further keys of a mark are ignored.
        key: What to call the list in a message.
        lengths: Code points of the fields that the marks point into; None where they are not at hand.

    Returns:
        The marks, and None; or none, and why one of them cannot be read.
    """
    if value is None:
        return (), None
    if not isinstance(value, list | tuple):
        return (), f"`{key}` must be a list of marks, got {value!r:.80}."
    marks = []
    for position, item in enumerate(value):
        mark = _parse_mark(item, lengths=lengths)
        if mark is None:
            expected = '{"label", "field": "title" or "text", "start", "end"} with 0 <= start < end within the field'
            return (), f"`{key}[{position}]` must be {expected}; got {item!r:.120}."
        marks.append(mark)
    return tuple(marks), None


def _parse_id(value: object, *, fallback_id: str, location: str) -> str:
    if value is None or value == "":
        return fallback_id
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise DataError(f"{location}: `id` is {type(value).__name__}; it must be a string or a whole number.")
    return str(value)


def _parse_title(value: object, *, location: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    raise DataError(f"{location}: `title` is {type(value).__name__}; it must be a string.")


def _parse_detail(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if hasattr(value, "isoformat"):  # Parquet gives dates as date objects
        return str(value.isoformat())
    return str(value) if isinstance(value, int | float) else None


def _parse_labels(value: object) -> tuple[str, ...] | None:
    """Label ids, or None where they are not of a known form; CSV holds several as `a|b`."""
    items = value.split("|") if isinstance(value, str) else value
    if items is None:
        return ()
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        return None
    return tuple(dict.fromkeys(item.strip() for item in items if item.strip()))


def _parse_mark(item: object, *, lengths: Mapping[Field, int] | None) -> Mark | None:
    if not isinstance(item, Mapping):
        return None
    label, field, start, end = (item.get(key) for key in ("label", "field", "start", "end"))
    if not isinstance(label, str) or not isinstance(field, str) or field not in get_args(Field):
        return None
    if type(start) is not int or type(end) is not int or not 0 <= start < end:  # `True` is no offset
        return None
    mark = Mark(label=label, field=cast("Field", field), start=start, end=end)
    return mark if lengths is None or end <= lengths[mark.field] else None
