"""Labelled rows together with the lines that stand for them in a file that is written from them.

What is copied from one file of JSON lines to another keeps its bytes, keys that we do not know included; rows of other formats become a
line of their own.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from hawadith.errors import DataError
from hawadith.readers import ReadOptions, find_files
from hawadith.readers.html import ArticleExtractor
from hawadith.readers.jsonl import read_with_lines
from hawadith.readers.reading import read_file
from hawadith.readers.sources import SkipCounter
from hawadith.records import Record, Row, RowFault

_SHOWN_FAULTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledLine:
    """One record, and the line of JSON that it is written as.

    Attributes:
        record: The record.
        line: Its bytes without a line end; those of the input where that was JSONL.
    """

    record: Record
    line: bytes


def stream_lines(sources: Sequence[Path], *, options: ReadOptions) -> Iterator[tuple[Row, bytes | None]]:
    """Read inputs as a stream of rows, each with its line where the input is JSONL.

    Args:
        sources: Inputs as `read_rows` takes them.
        options: Encoding and bounds of reading.

    Yields:
        Every row, in order, and its bytes without a line end; None where the input is of another format.
    """
    skipped = SkipCounter()
    with ArticleExtractor(timeout=options.extract_timeout) as extractor:
        for source in sources:
            for file in find_files(source, on_skip=skipped.add):
                if file.kind == "jsonl":
                    yield from read_with_lines(file, options=options)
                else:
                    yield from ((row, None) for row in read_file(file, options=options, extractor=extractor))
    skipped.warn()


def load_lines(sources: Sequence[Path], *, options: ReadOptions | None = None) -> list[LabelledLine]:
    """Read inputs together with the lines that will stand for their rows.

    Args:
        sources: Inputs as `read_rows` takes them.
        options: Encoding and bounds of reading.

    Returns:
        Every row, in order.

    Raises:
        DataError: If an input cannot be read or a row is bad; names the first 20 bad rows. A split must not lose rows unseen.
    """
    lines: list[LabelledLine] = []
    faults: list[str] = []
    for row, line in stream_lines(sources, options=options or ReadOptions()):
        if isinstance(row, RowFault):
            faults.append(f"  - [{row.status}] {row.message}")
        else:
            lines.append(LabelledLine(record=row, line=line or encode_record(row)))
    if faults:
        shown = "\n".join(faults[:_SHOWN_FAULTS])
        raise DataError(
            f"{len(faults)} of {len(faults) + len(lines)} rows are bad; the first of them:\n{shown}\nMend or drop them."
        )
    return lines


def encode_record(record: Record) -> bytes:
    """A record as one line of JSON that `read_rows` reads back; line separators inside strings are escaped by JSON itself."""
    values: dict[str, object] = {
        "id": record.id,
        "title": record.title,
        "text": record.text,
        "date": record.date,
        "source": record.source,
        "labels": list(record.labels),
    }
    if record.unknown:
        values["unknown"] = list(record.unknown)
    for key, marks in (("evidence", record.evidence), ("context", record.context)):
        if marks:
            values[key] = [asdict(mark) for mark in marks]
    return json.dumps(values, ensure_ascii=False, allow_nan=False).encode()
