"""A folder of Parquet shards with a manifest and the rows that failed.

First form: the folder appears whole under its name. Resuming a half-done folder belongs to the batch contract that builds on this module.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq

from hawadith.errors import OutputError
from hawadith.rows import OutputRow
from hawadith.writers.jsonl import encode_row
from hawadith.writers.parquet import build_schema, build_table


class _Shards:
    def __init__(self, folder: Path, *, labels: Sequence[str]) -> None:
        self._folder = folder
        self._schema = build_schema(labels)
        self._shards: list[dict[str, object]] = []

    def write(self, rows: Sequence[OutputRow]) -> None:
        name = f"part-{len(self._shards):05d}.parquet"
        pq.write_table(build_table(rows, schema=self._schema), self._folder / name, compression="zstd")
        self._shards.append({"name": name, "rows": len(rows)})
        failed = [row for row in rows if row["error"] is not None]
        with (self._folder / "errors.jsonl").open("a", encoding="utf-8", newline="\n") as stream:
            stream.writelines(encode_row(row) + "\n" for row in failed)

    def close(self) -> None:
        """Write the manifest: after it, the folder is whole."""
        manifest = {"rows": sum(int(str(shard["rows"])) for shard in self._shards), "shards": self._shards}
        (self._folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


@contextmanager
def open_shards(path: Path, *, labels: Sequence[str]) -> Iterator[_Shards]:
    """Open a folder of shards.

    Args:
        path: The folder; it must not exist, or be empty.
        labels: Label ids, the members of `scores`.

    Yields:
        The writer.

    Raises:
        OutputError: If the folder already holds something, or cannot be written.
    """
    if path.exists() and any(path.iterdir()):
        raise OutputError(f"{path}/ is not empty; scores are not mixed into it. Choose another --output.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent))
    except OSError as error:
        raise OutputError(f"Cannot write {path}/: {error.strerror}. Choose another --output.") from error
    try:
        shards = _Shards(folder, labels=labels)
        yield shards
        shards.close()
        folder.chmod(0o755)
        if path.exists():
            path.rmdir()
        folder.rename(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
