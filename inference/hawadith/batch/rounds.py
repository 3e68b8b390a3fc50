"""What was taken out of an inbox at once: a copy of its rows in the job's folder, kept until they are scored.

Whoever fills an inbox may overwrite, move or delete what lies there. So rows are copied first, and the copy takes its name whole: from
then on they will be scored exactly once, whatever becomes of their files and however often this process is killed.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from hawadith.batch.files import GONE, measure_file, stat_file
from hawadith.batch.ids import IdCheck
from hawadith.batch.journal import ArrivedFile
from hawadith.errors import DataError
from hawadith.readers.sources import InputFile
from hawadith.records import Record, Row, RowFault
from hawadith.writers.atomic import replace_file
from hawadith.writers.jsonl import encode_line

MAX_COPY_BYTES = 2**28
"""A round takes no further file once its copy is as large."""

ReadFile = Callable[[InputFile], Iterator[Row]]
"""Gives the rows of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What was copied.

    Attributes:
        files: The files; those that changed while they were read are left for another time.
        rows: Their rows.
    """

    files: tuple[ArrivedFile, ...]
    rows: int


def take_in(files: Sequence[InputFile], *, copy: Path, read: ReadFile, check_ids: bool) -> Intake:
    """Copy the rows of files.

    Args:
        files: Files that nobody seems to write to any more.
        copy: Where the copy will be.
        read: Gives a file's rows.
        check_ids: Whether a file whose ids are missing or not unique is one fault instead of its rows.

    Returns:
        What was copied.

    Raises:
        OutputError: If the copy cannot be written.
    """
    arrived: list[ArrivedFile] = []
    rows = 0
    with replace_file(copy) as temporary, temporary.open("w+b") as stream:
        for file in files:
            before = stream.tell()
            found, count = _copy_file(file, stream=stream, read=read, check_ids=check_ids)
            if found is None:
                _cut(stream, at=before)
                continue
            arrived.append(found)
            rows += count
            if stream.tell() >= MAX_COPY_BYTES:
                break
    return Intake(files=tuple(arrived), rows=rows)


def read_copy(copy: Path, *, first_row: int) -> Iterator[Row]:
    """Read the rows of a copy.

    Args:
        copy: The copy.
        first_row: The row to begin with, counted from 0.

    Yields:
        The rows.
    """
    with copy.open("rb") as stream:
        for line in islice(stream, first_row, None):
            values = json.loads(line)
            yield RowFault(**values) if "status" in values else Record(**values)


def _copy_file(file: InputFile, *, stream: BinaryIO, read: ReadFile, check_ids: bool) -> tuple[ArrivedFile | None, int]:
    """Copy one file; None where it is no longer what it was when we began."""
    before, begin = stat_file(file), stream.tell()
    sha256 = ""
    try:
        _, sha256 = measure_file(file)
        rows = _copy_rows(file, stream=stream, read=read, check_ids=check_ids)
    except DataError as error:
        _cut(stream, at=begin)
        fault = RowFault(id=file.name, status="parse_error", message=str(error), location=file.shown)
        stream.write(_encode(fault))
        rows = 1
    if stat_file(file) != before or before == GONE:
        return None, 0
    return ArrivedFile(name=file.name, size=before[0], mtime_ns=before[1], sha256=sha256), rows


def _copy_rows(file: InputFile, *, stream: BinaryIO, read: ReadFile, check_ids: bool) -> int:
    ids = IdCheck()
    rows = 0
    for row in read(file):
        stream.write(_encode(row))
        rows += 1
        if check_ids:
            ids.add(row)
    ids.finish(lambda: read(file))
    return rows


def _encode(row: Row) -> bytes:
    """A row as a line; of a record what scoring reads."""
    if isinstance(row, RowFault):
        return encode_line(asdict(row))
    return encode_line({name: getattr(row, name) for name in ("id", "title", "text", "location", "id_given")})


def _cut(stream: BinaryIO, *, at: int) -> None:
    stream.seek(at)
    stream.truncate()
