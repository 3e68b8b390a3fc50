"""Output rows to files, part by part: a part is one shard's rows in one small file, and a single output file is its parts joined.

A format knows nothing of jobs: it writes, counts and joins. That nothing carries a final name before it is whole is
`hawadith.writers.atomic`'s; that nothing is lost or doubled is `hawadith.batch`'s.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from hawadith.rows import OutputRow


class PartFormat(Protocol):
    """One way to put output rows into a file; the same rows always give the same bytes."""

    @property
    def suffix(self) -> str:
        """The ending of its files, with the dot."""
        ...

    def write(self, path: Path, rows: Sequence[OutputRow]) -> None:
        """Write one part."""
        ...

    def count(self, path: Path) -> int:
        """Count the rows of a part by reading it back."""
        ...

    def join(self, path: Path, parts: Iterable[Path]) -> None:
        """Write one file of all rows of the parts, in order, holding one part at a time; without any part, a file without rows."""
        ...


FORMATS = (".jsonl", ".csv", ".parquet")
"""The endings of single-file outputs."""


def choose_format(suffix: str, *, labels: Sequence[str], formula_safe: bool = False) -> PartFormat:
    """The format of an ending.

    Args:
        suffix: One of `FORMATS`.
        labels: The label ids that `scores` will hold, in order.
        formula_safe: In CSV, keep a spreadsheet from running cells of text as formulas; other formats hold none.

    Returns:
        The format.
    """
    # Imported late: Parquet alone costs a tenth of a second, and most outputs are JSON lines.
    if suffix == ".csv":
        from hawadith.writers.csv_table import CsvFormat

        return CsvFormat(labels=labels, formula_safe=formula_safe)
    if suffix == ".parquet":
        from hawadith.writers.parquet import ParquetFormat

        return ParquetFormat(labels=labels)
    from hawadith.writers.jsonl import JsonLinesFormat

    return JsonLinesFormat()
