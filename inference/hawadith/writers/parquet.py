"""One Parquet file, a row group per shard; the schema is fixed by the typology, not guessed from the first rows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from hawadith.rows import OutputRow
from hawadith.writers.atomic import replace_file


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


class _ParquetFile:
    def __init__(self, writer: pq.ParquetWriter, *, schema: pa.Schema) -> None:
        self._writer = writer
        self._schema = schema

    def write(self, rows: Sequence[OutputRow]) -> None:
        self._writer.write_table(build_table(rows, schema=self._schema))


@contextmanager
def open_parquet(path: Path, *, labels: Sequence[str]) -> Iterator[_ParquetFile]:
    """Open a Parquet output, written atomically.

    Args:
        path: The file.
        labels: Label ids, the members of `scores`.

    Yields:
        The writer.
    """
    schema = build_schema(labels)
    with replace_file(path) as temporary, pq.ParquetWriter(temporary, schema, compression="zstd") as writer:
        yield _ParquetFile(writer, schema=schema)


def _clean(row: OutputRow) -> dict[str, object]:
    evidence = [{**item, "text": _valid(item["text"])} for item in row["evidence"]]
    error = None if row["error"] is None else _valid(row["error"])
    return {**row, "id": _valid(row["id"]), "scores": row["scores"] or None, "evidence": evidence, "error": error}


def _valid(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
