"""A CSV table: one column per label's probability, labels as `a|b`, evidence as JSON in one cell."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from hawadith.rows import OutputRow
from hawadith.writers.atomic import replace_file

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _CsvTable:
    def __init__(self, stream: TextIO, *, labels: Sequence[str], formula_safe: bool) -> None:
        self._labels = labels
        self._formula_safe = formula_safe
        columns = ["id", "status", "labels", *(f"score_{label}" for label in labels)]
        self._writer = csv.writer(stream, lineterminator="\n")
        self._writer.writerow([*columns, "evidence", "n_tokens", "n_windows", "truncated", "model", "error"])

    def write(self, rows: Sequence[OutputRow]) -> None:
        for row in rows:
            cells = [
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
            self._writer.writerow([self._clean(cell) for cell in cells])

    def _clean(self, cell: float | str) -> float | str:
        if not isinstance(cell, str):
            return cell
        text = cell.replace("\0", "\ufffd")  # many readers of CSV end a cell, or the file, at a NUL
        return f"'{text}" if self._formula_safe and text.startswith(_FORMULA_STARTS) else text


@contextmanager
def open_csv(path: Path, *, labels: Sequence[str], formula_safe: bool = False) -> Iterator[_CsvTable]:
    """Open a CSV output, written atomically as UTF-8.

    Args:
        path: The file.
        labels: Label ids, one `score_<label>` column each.
        formula_safe: Put an apostrophe before cells of text that a spreadsheet would run as a formula: an article's id or a message may
            begin so. The cells are then no longer the rows' own values.

    Yields:
        The writer.
    """
    with (
        replace_file(path) as temporary,
        temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream,
    ):
        yield _CsvTable(stream, labels=labels, formula_safe=formula_safe)
