"""Raw values to rows: what every format shares once it has found a row's values.

A lone surrogate (JSON can escape one: an emoji cut in half by another system) is replaced by U+FFFD, one for one. The article is still
worth reading, offsets count the same code points, and nothing behind this door ever fails to encode.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from hawadith.errors import DataError
from hawadith.records import Mark, Record, Row, RowFault, parse_record

_SURROGATE = re.compile("[\ud800-\udfff]")


def build_row(raw: object, *, fallback_id: str, location: str) -> Row:
    """Make a record of a row's values, or say why they are none.

    Args:
        raw: A mapping as JSON, CSV or Parquet gives it; anything else is a fault.
        fallback_id: The id for a row that has none.
        location: `file:line`.

    Returns:
        The record, or a `parse_error`.
    """
    try:
        record = parse_record(raw, fallback_id=fallback_id, location=location)
    except DataError as error:
        row_id = _readable_id(raw, fallback_id=fallback_id)
        return RowFault(id=row_id, status="parse_error", message=str(error), location=location)
    return _replace_surrogates(record)


def demand_labels(row: Row) -> Row:
    """A record whose labels could not be read, as the fault that it is where labels matter; any other row unchanged."""
    if isinstance(row, Record) and row.label_fault is not None:
        location, _, _ = row.label_fault.partition(": `")
        return RowFault(id=row.id, status="parse_error", message=row.label_fault, location=location)
    return row


def replace_surrogates(text: str) -> str:
    """Replace every lone surrogate by U+FFFD; the length stays the same."""
    return text if _is_encodable(text) else _SURROGATE.sub("\ufffd", text)


def _replace_surrogates(record: Record) -> Record:
    strings = (
        record.id,
        record.title,
        record.text,
        record.date or "",
        record.source or "",
        *record.labels,
        *record.unknown,
        *(mark.label for mark in record.evidence + record.context),
    )
    if all(map(_is_encodable, strings)):
        return record
    return replace(
        record,
        id=replace_surrogates(record.id),
        title=replace_surrogates(record.title),
        text=replace_surrogates(record.text),
        date=None if record.date is None else replace_surrogates(record.date),
        source=None if record.source is None else replace_surrogates(record.source),
        labels=tuple(map(replace_surrogates, record.labels)),
        unknown=tuple(map(replace_surrogates, record.unknown)),
        evidence=_replace_in_marks(record.evidence),
        context=_replace_in_marks(record.context),
    )


def _replace_in_marks(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    return tuple(replace(mark, label=replace_surrogates(mark.label)) for mark in marks)


def _is_encodable(text: str) -> bool:
    # str.encode scans at memory speed; a regular expression would cost more than parsing the row.
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _readable_id(raw: object, *, fallback_id: str) -> str:
    value = raw.get("id") if isinstance(raw, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        return fallback_id
    return replace_surrogates(str(value))
