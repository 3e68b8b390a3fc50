"""JSON lines, to a file or to standard output."""

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from hawadith.rows import OutputRow

_PIECE_BYTES = 2**20


class JsonLinesFormat:
    """One JSON object a line."""

    suffix = ".jsonl"

    def write(self, path: Path, rows: Sequence[OutputRow]) -> None:
        """Write one part."""
        with path.open("wb") as stream:
            write_lines(stream, rows)

    def count(self, path: Path) -> int:
        """Count the lines of a part; one without its end is none."""
        with path.open("rb") as stream:
            return sum(piece.count(b"\n") for piece in iter(lambda: stream.read(_PIECE_BYTES), b""))

    def join(self, path: Path, parts: Iterable[Path]) -> None:
        """Write the parts one behind the other."""
        with path.open("wb") as whole:
            for part in parts:
                with part.open("rb") as stream:
                    shutil.copyfileobj(stream, whole, _PIECE_BYTES)


def open_stdout() -> BinaryIO:
    """Standard output in bytes, because the terminal's encoding may know no Arabic; what was printed as text so far goes first."""
    sys.stdout.flush()
    return sys.stdout.buffer


def write_lines(stream: BinaryIO, rows: Iterable[object]) -> None:
    """Write values to an open stream, one a line, and flush it."""
    for row in rows:
        stream.write(encode_line(row))
    stream.flush()


def encode_line(row: object) -> bytes:
    """A value as one line of JSON; line separators and lone surrogates inside strings are escaped, so that a line stays a line."""
    line = json.dumps(row, ensure_ascii=False, allow_nan=False)
    if line.isascii() or (not any(c in line for c in "\u2028\u2029\x85") and _is_encodable(line)):
        return line.encode() + b"\n"
    return json.dumps(row, ensure_ascii=True, allow_nan=False).encode() + b"\n"


def _is_encodable(line: str) -> bool:
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
