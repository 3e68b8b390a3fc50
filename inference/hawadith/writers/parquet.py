"""Parquet; the schema is fixed by the typology, not guessed from the first rows."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hawadith.rows import OutputRow


def build_schema(labels: Sequence[str]) -> pa.Schema:
    """The schema of output rows for the given labels."""
    evidence = pa.struct(
        [
            ("label", pa.string()),
            ("field", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("text", pa.string()),
            ("score", pa.float64()),
        ]
    )
    return pa.schema(
        [
            ("id", pa.string()),
            ("status", pa.string()),
            ("labels", pa.list_(pa.string())),
            ("scores", pa.struct([(label, pa.float64()) for label in labels])),
            ("evidence", pa.list_(evidence)),
            ("n_tokens", pa.int32()),
            ("n_windows", pa.int32()),
            ("truncated", pa.bool_()),
            ("model", pa.string()),
            ("error", pa.string()),
        ]
    )


def build_table(rows: Sequence[OutputRow], *, schema: pa.Schema) -> pa.Table:
    """Output rows as a table; rows without scores hold null there, lone surrogates become U+FFFD."""
    return pa.Table.from_pylist([_clean(row) for row in rows], schema=schema)


class ParquetFormat:
    """A Parquet file, a row group per part.

    Args:
        labels: Label ids, the members of `scores`.
    """

    suffix = ".parquet"

    def __init__(self, *, labels: Sequence[str]) -> None:
        self._schema = build_schema(labels)

    def write(self, path: Path, rows: Sequence[OutputRow]) -> None:
        """Write one part."""
        pq.write_table(build_table(rows, schema=self._schema), path, compression="zstd")

    def count(self, path: Path) -> int:
        """Count the rows of a part by its footer."""
        return int(pq.read_metadata(path).num_rows)

    def join(self, path: Path, parts: Iterable[Path]) -> None:
        """Write the parts' rows into one file."""
        with pq.ParquetWriter(path, self._schema, compression="zstd") as whole:
            for part in parts:
                whole.write_table(pq.read_table(part, schema=self._schema))


def _clean(row: OutputRow) -> dict[str, object]:
    evidence = [{**item, "text": _valid(item["text"])} for item in row["evidence"]]
    error = None if row["error"] is None else _valid(row["error"])
    return {**row, "id": _valid(row["id"]), "scores": row["scores"] or None, "evidence": evidence, "error": error}


def _valid(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
