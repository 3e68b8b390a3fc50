"""Output rows to files: nothing carries the final name before it is whole.

The suffix decides the format; a name that ends in `/` is a folder of Parquet shards, `-` is standard output.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from hawadith.errors import OutputError
from hawadith.rows import OutputRow


class RowWriter(Protocol):
    """Takes shards of output rows, in order."""

    def write(self, rows: Sequence[OutputRow]) -> None:
        """Write one shard."""
        ...


@contextmanager
def open_writer(output: str, *, labels: Sequence[str], formula_safe: bool = False) -> Iterator[RowWriter]:
    """Open an output by its name.

    Args:
        output: `.jsonl`, `.csv` or `.parquet` file, a folder (ends in `/`), or `-` for JSON lines on standard output.
        labels: The label ids that `scores` will hold, in order.
        formula_safe: In CSV, keep a spreadsheet from running cells of text as formulas; other formats hold none.

    Yields:
        The writer. Leaving the block without an exception puts the output in place; with one, no new output remains.

    Raises:
        OutputError: If the name has no known form, or the place cannot be written.
    """
    opened: AbstractContextManager[RowWriter]
    # Imported late: Parquet alone costs a tenth of a second, and most outputs are JSON lines.
    if output == "-" or output.endswith(".jsonl"):
        from hawadith.writers.jsonl import open_jsonl

        opened = open_jsonl(output)
    elif output.endswith(".csv"):
        from hawadith.writers.csv_table import open_csv

        opened = open_csv(Path(output), labels=labels, formula_safe=formula_safe)
    elif output.endswith(".parquet"):
        from hawadith.writers.parquet import open_parquet

        opened = open_parquet(Path(output), labels=labels)
    elif output.endswith("/"):
        from hawadith.writers.shards import open_shards

        opened = open_shards(Path(output), labels=labels)
    else:
        raise OutputError(
            f"--output {output!r}: expected a name ending in .jsonl, .csv, .parquet or / (a folder), or -."
        )
    with opened as writer:
        yield writer
