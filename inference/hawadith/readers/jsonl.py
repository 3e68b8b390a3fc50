"""JSON lines, one at a time and in bytes.

Columnar JSON readers lose the file, or make a row of nulls, on one bad line; here a bad line costs itself alone. A line that is too long
is passed over in pieces and never held.
"""

import gzip
import io
import json
import lzma
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, NoReturn, cast

from hawadith.errors import DataError
from hawadith.readers.options import ReadOptions
from hawadith.readers.rows import build_row, replace_surrogates
from hawadith.readers.sources import STDIN, InputFile
from hawadith.readers.xz import open_xz
from hawadith.records import Row, RowFault, Status

_SKIP_BYTES = 2**20
_LEADING_ID = re.compile(rb'\s*\{\s*"id"\s*:\s*("(?:[^"\\]|\\.){1,512}"|-?\d{1,64})\s*[,}]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line that is not blank.

    Attributes:
        number: From 1, blank lines counted.
        content: Its bytes without line end and byte order mark; only the head where `complete` is false.
        complete: Whether the line was within the bound.
    """

    number: int
    content: bytes
    complete: bool = True


def read_jsonl(file: InputFile, *, options: ReadOptions) -> Iterator[Row]:
    """Read a .jsonl, .jsonl.gz, .jsonl.zst or .jsonl.xz file, or JSONL on standard input.

    Args:
        file: The file.
        options: The bounds.

    Yields:
        One row per line that is not blank, in order. Where the file itself breaks off (a torn archive), one last fault says so.

    Raises:
        DataError: If the file cannot be opened.
    """
    for row, _ in read_with_lines(file, options=options):
        yield row


def read_with_lines(file: InputFile, *, options: ReadOptions) -> Iterator[tuple[Row, bytes]]:
    """Read as `read_jsonl` does, each row together with its line, for copies that must not change a byte.

    Args:
        file: The file.
        options: The bounds.

    Yields:
        Rows and their lines, without line ends; a fault's line may be cut short or empty.

    Raises:
        DataError: If the file cannot be opened.
    """
    number = 0
    with open_lines(file) as stream:
        try:
            for line in read_lines(stream, max_bytes=options.max_row_bytes):
                number = line.number
                yield parse_line(line, file=file), line.content
        except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
            location = file.locate(number + 1)
            message = f"{location}: the file cannot be read from here on: {error}."
            fault = RowFault(id=file.fallback_id(number + 1), status="decode_error", message=message, location=location)
            yield fault, b""


@contextmanager
def open_lines(file: InputFile) -> Iterator[BinaryIO]:
    """Open a JSONL file for reading in bytes, decompressed by its ending.

    Args:
        file: The file; `STDIN` is left open behind.

    Yields:
        The stream.

    Raises:
        DataError: If the file cannot be opened.
    """
    if file.path == STDIN:
        yield sys.stdin.buffer
        return
    try:
        raw = file.open()
    except OSError as error:
        raise DataError(f"{file.shown} cannot be read: {error.strerror}.") from error
    with raw:
        yield _decompress(raw, name=file.name.lower())


def read_lines(stream: BinaryIO, *, max_bytes: int) -> Iterator[Line]:
    """Cut a stream into lines without ever holding more than one bounded line.

    Args:
        stream: The bytes.
        max_bytes: The longest line that is held.

    Yields:
        Each line that is not blank.
    """
    number = 0
    while raw := stream.readline(max_bytes + 2):  # a line of the full length still has its line end
        number += 1
        ended = raw.endswith(b"\n")
        content = raw.rstrip(b"\r\n")
        if number == 1:
            content = content.removeprefix(b"\xef\xbb\xbf")
        complete = len(content) <= max_bytes and (ended or len(raw) < max_bytes + 2)
        if not ended:
            _skip_to_line_end(stream)
        if not complete:
            yield Line(number=number, content=content[:4096], complete=False)
        elif content.strip():
            yield Line(number=number, content=content)


def parse_line(line: Line, *, file: InputFile) -> Row:
    """Make a row of one line.

    Args:
        line: The line.
        file: The file that holds it, for ids and messages.

    Returns:
        The record, or a `too_large`, `decode_error` or `parse_error`.
    """
    location = file.locate(line.number)
    if not line.complete:
        return _fault(line, "too_large", "the line is longer than the bound for one row; split or drop it", file=file)
    try:
        text = line.content.decode()
    except UnicodeDecodeError as error:
        return _fault(line, "decode_error", f"not UTF-8 at byte {error.start + 1} of the line", file=file)
    try:
        raw = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        return _fault(line, "parse_error", f"not JSON: {error.msg} at column {error.colno}", file=file)
    except ValueError as error:  # NaN, Infinity, an integer of thousands of digits
        return _fault(line, "parse_error", f"not JSON: {error}", file=file)
    except RecursionError:
        return _fault(line, "parse_error", "nested too deeply", file=file)
    return build_row(raw, fallback_id=file.fallback_id(line.number), location=location)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _fault(line: Line, status: Status, reason: str, *, file: InputFile) -> RowFault:
    location = file.locate(line.number)
    row_id = _leading_id(line.content) or file.fallback_id(line.number)
    return RowFault(id=row_id, status=status, message=f"{location}: {reason}.", location=location)


def _leading_id(content: bytes) -> str | None:
    """The id of a line that is not JSON as a whole, where it comes first and can be read beyond doubt."""
    match = _LEADING_ID.match(content)
    if match is None:
        return None
    try:
        return replace_surrogates(str(json.loads(match[1]))) or None
    except ValueError:
        return None


def _skip_to_line_end(stream: BinaryIO) -> None:
    while piece := stream.readline(_SKIP_BYTES):
        if piece.endswith(b"\n"):
            return


def _decompress(raw: BinaryIO, *, name: str) -> BinaryIO:
    if name.endswith(".gz"):
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    if name.endswith(".zst"):
        import pyarrow as pa  # late: plain JSONL must not pay for it

        return cast(
            BinaryIO, io.BufferedReader(pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd"), _SKIP_BYTES)
        )
    if name.endswith(".xz"):
        return open_xz(raw)
    return raw
