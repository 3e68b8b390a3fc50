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
from hawadith.writers.atomic import apply_umask, sync
from hawadith.writers.jsonl import encode_row
from hawadith.writers.parquet import build_schema, build_table


class _Shards:
    def __init__(self, folder: Path, *, path: Path, labels: Sequence[str]) -> None:
        self._folder = folder
        self._path = path
        self._schema = build_schema(labels)
        self._shards: list[dict[str, object]] = []

    def write(self, rows: Sequence[OutputRow]) -> None:
        with _name_output(self._path):
            self._write(rows)

    def _write(self, rows: Sequence[OutputRow]) -> None:
        name = f"part-{len(self._shards):05d}.parquet"
        pq.write_table(build_table(rows, schema=self._schema), self._folder / name, compression="zstd")
        self._shards.append({"name": name, "rows": len(rows)})
        failed = [row for row in rows if row["error"] is not None]
        with (self._folder / "errors.jsonl").open("a", encoding="utf-8", newline="\n") as stream:
            stream.writelines(encode_row(row) + "\n" for row in failed)

    def close(self) -> None:
        """Write the manifest, after which the folder is whole; nothing of it is left to the page cache."""
        manifest = {"rows": sum(int(str(shard["rows"])) for shard in self._shards), "shards": self._shards}
        (self._folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        for file in self._folder.iterdir():
            sync(file)
        apply_umask(self._folder)
        sync(self._folder)


@contextmanager
def open_shards(path: Path, *, labels: Sequence[str]) -> Iterator[_Shards]:
    """Open a folder of shards.

    Args:
        path: The folder; it must not exist, or be empty.
        labels: Label ids, the members of `scores`.

    Yields:
        The writer.

    Raises:
        OutputError: If the name is a file's, the folder already holds something, or it cannot be written.
    """
    with _name_output(path):
        _check_free(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent))
    try:
        shards = _Shards(folder, path=path, labels=labels)
        yield shards
        with _name_output(path):
            shards.close()
            folder.replace(path)  # an empty folder gives way
            sync(path.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_free(path: Path) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise OutputError(f"{path} is a file; a name that ends in / is a folder of shards. Choose another --output.")
    if any(path.iterdir()):
        raise OutputError(f"{path}/ is not empty; scores are not mixed into it. Choose another --output.")


@contextmanager
def _name_output(path: Path) -> Iterator[None]:
    """Say which output a fault of the file system is about.

    Args:
        path: The output folder.

    Yields:
        Nothing.

    Raises:
        OutputError: In place of any other OSError.
        OSError: What the block raised, where it is an OutputError already.
    """
    try:
        yield
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"Cannot write {path}/: {error}. Choose another --output, or make room.") from error
