"""CSV through Python's own reader: every cell stays the text it is (`NA`, `null`, `007`).

Two traps are closed. A quote that never ends would swallow the rest of the file into one article: a record is bounded, and the reader is
strict. An unquoted comma would cut the text short: a record with more cells than the header is a fault.
"""

import codecs
import csv
import io
import sys
from collections.abc import Iterator, Mapping
from typing import TextIO

from hawadith.errors import DataError
from hawadith.readers.options import ReadOptions
from hawadith.readers.rows import build_row
from hawadith.readers.sources import InputFile
from hawadith.records import Row, RowFault, Status

_DELIMITERS = ",;\t"  # a spreadsheet in an Arabic locale writes semicolons
_KNOWN = ("id", "title", "text", "date", "source", "labels", "unknown")
_SKIP_CHARS = 2**20


def read_csv(file: InputFile, *, options: ReadOptions) -> Iterator[Row]:
    """Read a .csv file with a header line; comma, semicolon or tab between cells, several labels as `a|b`.

    Args:
        file: The file.
        options: The encoding and the bounds.

    Yields:
        One row per CSV record, in order.

    Raises:
        DataError: If the file cannot be opened, or its header has no `text`.
    """
    # Python's limit is global and small (128 KiB); `_BoundedLines` holds the real bound, per record.
    csv.field_size_limit(max(csv.field_size_limit(), min(options.max_row_bytes, sys.maxsize)))
    with _open_text(file, options=options) as handle:
        lines = _BoundedLines(handle, max_chars=options.max_row_bytes)
        try:
            header, delimiter = _read_header(lines, file=file, options=options)
            yield from _read_body(lines, header=header, delimiter=delimiter, file=file, encoding=options.encoding)
        except (OSError, UnicodeError) as error:
            reason = f"the file cannot be read from here on: {error}"
            yield _fault(lines.first, "decode_error", reason, file=file)


def _open_text(file: InputFile, *, options: ReadOptions) -> TextIO:
    try:
        codecs.lookup(options.codec)
        # An undecodable byte becomes a surrogate, so that it costs its own row and not the file.
        return io.TextIOWrapper(file.open(), encoding=options.codec, errors="surrogateescape", newline="")
    except LookupError as error:
        raise DataError(
            f"{options.encoding!r} is no text encoding that Python knows; try utf-8 or windows-1256."
        ) from error
    except OSError as error:
        raise DataError(f"{file.shown} cannot be read: {error.strerror}.") from error


def _read_header(lines: "_BoundedLines", *, file: InputFile, options: ReadOptions) -> tuple[list[str], str]:
    try:
        line = next(lines, "")
    except _RecordTooLargeError as error:
        raise DataError(f"{file.shown}: the header line is longer than {options.max_row_bytes} characters.") from error
    header: list[str] = []
    for delimiter in _DELIMITERS:
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, strict=True), [])]
        except csv.Error:
            continue
        if "text" in cells:
            _refuse_repeated(cells, file=file)
            return cells, delimiter
        header = header or cells
    found = ", ".join(header) or "nothing"
    raise DataError(
        f"{file.shown}: the header has no column `text`; found {found!a:.500}. Name the columns {', '.join(_KNOWN)}."
    )


def _refuse_repeated(header: list[str], *, file: InputFile) -> None:
    repeated = [name for name in _KNOWN if header.count(name) > 1]
    if repeated:
        raise DataError(f"{file.shown}: the header names {', '.join(repeated)} more than once.")


def _read_body(
    lines: "_BoundedLines", *, header: list[str], delimiter: str, file: InputFile, encoding: str
) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.start_record()
        try:
            cells = next(reader, None)
        except _RecordTooLargeError:
            yield _fault(
                lines.first,
                "too_large",
                f"the record up to line {lines.number} is too long; is a quote left open?",
                file=file,
            )
            continue
        except csv.Error as error:
            yield _fault(lines.first, "parse_error", f"not CSV up to line {lines.number}: {error}", file=file)
            continue
        if cells is None:
            return
        if cells:  # a blank line is no row
            yield _build(cells, header=header, line=lines.first, file=file, encoding=encoding)


def _build(cells: list[str], *, header: list[str], line: int, file: InputFile, encoding: str) -> Row:
    values = _name_cells(cells, header=header)
    found_id = values.get("id", "")
    known_id = (
        found_id if found_id.isprintable() else ""
    )  # surrogates, which stand for undecodable bytes, are not printable
    if len(cells) > len(header):
        reason = f"{len(cells)} cells, the header has {len(header)}; quote cells that hold the delimiter"
        return _fault(line, "parse_error", reason, file=file, row_id=known_id if header[0] == "id" else "")
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        reason = f"not {encoding}; name the right encoding, e.g. windows-1256"
        return _fault(line, "decode_error", reason, file=file, row_id=known_id)
    return build_row(values, fallback_id=file.fallback_id(line), location=file.locate(line))


def _name_cells(cells: list[str], *, header: list[str]) -> Mapping[str, str]:
    """An empty cell is a missing value, except for the text: an empty article is still a row."""
    return {
        name: cell for name, cell in zip(header, cells, strict=False) if name in _KNOWN and (cell or name == "text")
    }


def _fault(line: int, status: Status, reason: str, *, file: InputFile, row_id: str = "") -> RowFault:
    location = file.locate(line)
    return RowFault(
        id=row_id or file.fallback_id(line), status=status, message=f"{location}: {reason}.", location=location
    )


class _RecordTooLargeError(Exception):
    """A CSV record that exceeds the bound; it has been passed over."""


class _BoundedLines:
    """The lines of a file, with a bound on how many characters one CSV record may take.

    Args:
        handle: The open file.
        max_chars: The most that one record may take.

    Attributes:
        number: Lines given so far.
        first: The first line of the current record.
    """

    def __init__(self, handle: TextIO, *, max_chars: int) -> None:
        self.number = 0
        self.first = 1
        self._handle = handle
        self._max_chars = max_chars
        self._used = 0
        self._quotes = 0

    def start_record(self) -> None:
        """Say that the next line begins a record."""
        self.first = self.number + 1
        self._used = 0
        self._quotes = 0

    def __iter__(self) -> "_BoundedLines":
        return self

    def __next__(self) -> str:
        line = self._handle.readline(self._max_chars - self._used + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._used += len(line)
        self._quotes += line.count('"')
        if self._used > self._max_chars:
            self._skip_record(line)
            raise _RecordTooLargeError
        return line

    def _skip_record(self, line: str) -> None:
        """Pass over the rest of the record: it ends at the first line end outside quotes."""
        while not (line.endswith(("\n", "\r")) and self._quotes % 2 == 0):
            self.number += line.endswith(("\n", "\r"))
            line = self._handle.readline(_SKIP_CHARS)
            self._quotes += line.count('"')
            if not line:
                return
