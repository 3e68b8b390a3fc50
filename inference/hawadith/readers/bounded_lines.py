"""The lines of a table, never more of them for one record than the bound allows: a quote left open must not fill the memory."""

from typing import TextIO

_SKIP_CHARS = 2**20


class RecordTooLargeError(Exception):
    """A record that exceeds the bound; it has been passed over."""


class BoundedLines:
    """The lines of a file, with a bound on how many characters one record may take.

    Args:
        handle: The open file.
        max_chars: The most that one record may take.
        quoted: Whether a quote may hold a line end, as in CSV; otherwise each line is a record.

    Attributes:
        number: Lines given so far.
        first: The first line of the current record.
    """

    def __init__(self, handle: TextIO, *, max_chars: int, quoted: bool) -> None:
        self.number = 0
        self.first = 1
        self._handle = handle
        self._max_chars = max_chars
        self._quoted = quoted
        self._used = 0
        self._quotes = 0

    def start_record(self) -> None:
        """Say that the next line begins a record."""
        self.first = self.number + 1
        self._used = 0
        self._quotes = 0

    def __iter__(self) -> "BoundedLines":
        return self

    def __next__(self) -> str:
        line = self._handle.readline(self._max_chars - self._used + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self._used += len(line)
        self._count_quotes(line)
        if self._used > self._max_chars:
            self._skip_record(line)
            raise RecordTooLargeError
        return line

    def _count_quotes(self, line: str) -> None:
        if self._quoted:
            self._quotes += line.count('"')

    def _skip_record(self, line: str) -> None:
        """Pass over the rest of the record: it ends at the first line end outside quotes."""
        while not (line.endswith(("\n", "\r")) and self._quotes % 2 == 0):
            self.number += line.endswith(("\n", "\r"))
            line = self._handle.readline(_SKIP_CHARS)
            self._count_quotes(line)
            if not line:
                return
