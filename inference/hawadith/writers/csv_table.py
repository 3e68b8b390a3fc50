"""A CSV table in UTF-8: one column per label's probability, labels as `a|b`, evidence as JSON in one cell."""

import csv
import io
import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from hawadith.rows import OutputRow

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PIECE_CHARACTERS = 2**20


class CsvFormat:
    """A table with a header line.

    Args:
        labels: Label ids, one `score_<label>` column each.
        formula_safe: Put an apostrophe before cells of text that a spreadsheet would run as a formula: an article's id or a message may
            begin so. The cells are then no longer the rows' own values.
    """

    suffix = ".csv"

    def __init__(self, *, labels: Sequence[str], formula_safe: bool = False) -> None:
        self._labels = tuple(labels)
        self._formula_safe = formula_safe

    def write(self, path: Path, rows: Sequence[OutputRow]) -> None:
        """Write one part, with the header."""
        with _open_to_write(path) as stream:
            _write_record(stream, self._columns())
            for row in rows:
                _write_record(stream, [self._clean(cell) for cell in self._cells(row)])

    def count(self, path: Path) -> int:
        """Count the records of a part; a cell may hold line ends."""
        with path.open(encoding="utf-8", newline="") as stream:
            csv.field_size_limit(max(csv.field_size_limit(), path.stat().st_size + 1))
            return sum(1 for _ in csv.reader(stream)) - 1

    def join(self, path: Path, parts: Iterable[Path]) -> None:
        """Write the parts one behind the other, with one header."""
        with _open_to_write(path) as whole:
            _write_record(whole, self._columns())
            for part in parts:
                with part.open(encoding="utf-8", newline="") as stream:
                    stream.readline()  # a label's id holds no line end, so the header is one line
                    shutil.copyfileobj(stream, whole, _PIECE_CHARACTERS)

    def _columns(self) -> list[str]:
        scores = [f"score_{label}" for label in self._labels]
        return ["id", "status", "labels", *scores, "evidence", "n_tokens", "n_windows", "truncated", "model", "error"]

    def _cells(self, row: OutputRow) -> list[float | str]:
        return [
            row["id"],
            row["status"],
            "|".join(row["labels"]),
            *(row["scores"].get(label, "") for label in self._labels),
            json.dumps(row["evidence"], ensure_ascii=False),
            row["n_tokens"],
            row["n_windows"],
            str(row["truncated"]).lower(),
            row["model"],
            row["error"] or "",
        ]

    def _clean(self, cell: float | str) -> float | str:
        if not isinstance(cell, str):
            return cell
        text = cell.replace("\0", "\ufffd")  # many readers of CSV end a cell, or the file, at a NUL
        return f"'{text}" if self._formula_safe and text.startswith(_FORMULA_STARTS) else text


def _write_record(stream: TextIO, cells: Sequence[float | str]) -> None:
    """Write a record that ends in a line feed, with carriage returns quoted, too: Python quotes those of its line end alone."""
    record = io.StringIO()
    csv.writer(record, lineterminator="\r\n").writerow(cells)
    stream.write(record.getvalue().removesuffix("\r\n") + "\n")


def _open_to_write(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
