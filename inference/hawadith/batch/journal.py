"""The journal of a job, `manifest.jsonl`: one line per fact, written after the fact is safe on disk, never changed.

A process that is killed while it writes leaves a line without its end; it is cut off, for what it said was not yet a fact.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from hawadith.batch.counts import Counts
from hawadith.batch.fingerprint import Fingerprint
from hawadith.drift.figures import StreamFigures
from hawadith.errors import OutputError
from hawadith.writers.jsonl import encode_line

JOURNAL = "manifest.jsonl"
FORMAT_VERSION = 1

_BEGINNING = b'{"kind": "job", '


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardEntry:
    """A shard that is whole.

    Attributes:
        index: Its number, from 0.
        name: Its part file.
        rows: The rows read, which are the rows written.
        size: Of the part file, in bytes.
        sha256: Of the part file.
        errors_size: Of `errors.jsonl`, in bytes, once this shard's errors are in it.
        counts: How its rows ended.
        figures: What its articles look like to the model.
    """

    index: int
    name: str
    rows: int
    size: int
    sha256: str
    errors_size: int
    counts: Counts
    figures: StreamFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrivedFile:
    """A file of an inbox, as it was when it was taken in.

    Attributes:
        name: Its path relative to the inbox.
        size: In bytes.
        mtime_ns: Its time of change.
        sha256: Of its bytes.
    """

    name: str
    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundEntry:
    """Files of an inbox that were taken in together; the shards that follow in the journal are theirs.

    Attributes:
        files: The files.
        first_shard: The number of their first shard.
        rows: Their rows.
    """

    files: tuple[ArrivedFile, ...]
    first_shard: int
    rows: int


class Journal:
    """The facts of one job.

    Args:
        folder: The job's folder.

    Attributes:
        fingerprint: Of the job; None where it has not begun.
        shards: The whole shards, in order.
        rounds: The rounds of a job that follows an inbox.
        counts: How the rows of the whole shards ended.
        figures: What the articles of the whole shards look like to the model.
        finished: Whether the job's last line is there.

    Raises:
        OutputError: If the journal is none of this version of hawadith.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / JOURNAL
        self._reset()
        content = self.path.read_bytes() if self.path.exists() else b""
        whole = content.rfind(b"\n") + 1
        try:
            if not content.startswith(_BEGINNING[: len(content)]):
                raise ValueError("it does not begin as one")  # noqa: TRY301
            for line in content[:whole].splitlines():
                self._take(cast(dict[str, object], json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise OutputError(
                f"{self.path} is no journal of this version of hawadith: {error!r}. Choose another --output."
            ) from error
        if whole < len(content):
            os.truncate(self.path, whole)  # a line without its end, and only now are we sure that it is ours

    def _reset(self) -> None:
        self.fingerprint: Fingerprint | None = None
        self.shards: list[ShardEntry] = []
        self.rounds: list[RoundEntry] = []
        self.counts = Counts()
        self.figures = StreamFigures()
        self.finished = False

    def forget(self) -> None:
        """Forget all facts; what is left is an empty file, or none where there was none."""
        if self.path.exists():
            os.truncate(self.path, 0)
        self._reset()

    def begin(self, fingerprint: Fingerprint) -> None:
        """Write the first line."""
        self._append({"kind": "job", "format_version": FORMAT_VERSION, "fingerprint": fingerprint})

    def add_round(self, entry: RoundEntry) -> None:
        """Write that files were taken in."""
        self._append({"kind": "round", **asdict(entry)})

    def add_shard(self, entry: ShardEntry) -> None:
        """Write that a shard is whole."""
        self._append({"kind": "shard", **asdict(entry)})

    def finish(self) -> None:
        """Write the last line."""
        self._append({"kind": "end", "rows": self.counts.rows, "shards": len(self.shards)})

    def _append(self, fact: Mapping[str, object]) -> None:
        try:
            with self.path.open("ab") as stream:
                stream.write(encode_line(fact))
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            raise OutputError(
                f"Cannot write {self.path}: {error.strerror}. Make room; then the same command goes on."
            ) from error
        self._take(fact)

    def _take(self, fact: Mapping[str, object]) -> None:
        kind = fact["kind"]
        values = {name: value for name, value in fact.items() if name != "kind"}
        if kind == "shard":
            counts = Counts(**cast(dict[str, dict[str, int]], values.pop("counts")))  # type: ignore[arg-type]
            figures = StreamFigures(**cast(dict[str, dict[str, int]], values.pop("figures")))  # type: ignore[arg-type]
            self.shards.append(ShardEntry(**values, counts=counts, figures=figures))  # type: ignore[arg-type]
            self.counts += counts
            self.figures += figures
        elif kind == "round":
            files = tuple(ArrivedFile(**file) for file in cast(list[dict[str, object]], values.pop("files")))  # type: ignore[arg-type]
            self.rounds.append(RoundEntry(**values, files=files))  # type: ignore[arg-type]
        elif kind == "end":
            self.finished = True
        elif kind == "job" and values["format_version"] == FORMAT_VERSION:
            self.fingerprint = cast(Fingerprint, values["fingerprint"])
        else:
            raise ValueError(f"a line of kind {kind!r}")
