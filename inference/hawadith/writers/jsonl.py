"""JSON lines, to a file or to standard output."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from hawadith.rows import OutputRow
from hawadith.writers.atomic import replace_file


class _JsonLines:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, rows: Sequence[OutputRow]) -> None:
        for row in rows:
            self._stream.write(encode_row(row).encode("utf-8") + b"\n")
        self._stream.flush()


@contextmanager
def open_jsonl(output: str) -> Iterator[_JsonLines]:
    """Open a JSON lines output.

    Args:
        output: A file, written atomically; or `-`, standard output.

    Yields:
        The writer.
    """
    if output == "-":
        # Bytes, because the terminal's encoding may know no Arabic; what was printed as text so far goes first.
        sys.stdout.flush()
        yield _JsonLines(sys.stdout.buffer)
        return
    with replace_file(Path(output)) as temporary, temporary.open("wb") as stream:
        yield _JsonLines(stream)


def encode_row(row: OutputRow) -> str:
    """One row as a line of JSON; line separators and lone surrogates inside strings are escaped, so that a line stays a line."""
    line = json.dumps(row, ensure_ascii=False, allow_nan=False)
    if line.isascii() or (not any(c in line for c in "\u2028\u2029\x85") and _is_encodable(line)):
        return line
    return json.dumps(row, ensure_ascii=True, allow_nan=False)


def _is_encodable(line: str) -> bool:
    try:
        line.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
