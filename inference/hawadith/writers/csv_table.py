"""A CSV table: one column per label's probability, labels as `a|b`, evidence as JSON in one cell."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from hawadith.rows import OutputRow
from hawadith.writers.atomic import replace_file


class _CsvTable:
    def __init__(self, stream: TextIO, *, labels: Sequence[str]) -> None:
        self._labels = labels
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
            self._writer.writerow(cells)


@contextmanager
def open_csv(path: Path, *, labels: Sequence[str]) -> Iterator[_CsvTable]:
    """Open a CSV output, written atomically as UTF-8.

    Args:
        path: The file.
        labels: Label ids, one `score_<label>` column each.

    Yields:
        The writer.
    """
    with (
        replace_file(path) as temporary,
        temporary.open("w", encoding="utf-8", errors="backslashreplace", newline="") as stream,
    ):
        yield _CsvTable(stream, labels=labels)
