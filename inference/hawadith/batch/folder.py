"""A job's folder and the one way in which a shard enters it.

A shard's rows go to a temporary file beside their final name; it is closed, its rows are counted back, it is fsynced, renamed, the folder
fsynced; then its errors are appended; then the journal. A process killed between two of these steps leaves something that the next one
recognises: a stray temporary file, a part or errors that the journal does not know. All are dropped, and the shard is scored again.
"""

import hashlib
import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from hawadith.batch.counts import count_rows
from hawadith.batch.journal import JOURNAL, Journal, ShardEntry
from hawadith.batch.lock import LOCK
from hawadith.drift.figures import StreamFigures
from hawadith.errors import OutputError
from hawadith.rows import ErrorRow, OutputRow
from hawadith.writers import PartFormat
from hawadith.writers.atomic import replace_file, sync
from hawadith.writers.jsonl import write_lines

ERRORS = "errors.jsonl"
LISTING = "inputs.jsonl"
STDIN_COPY = ".stdin.jsonl"
ROUND_COPY = ".round.jsonl"
_PARTS = "part-[0-9]*"
_STRAYS = (".part-*.tmp*", f".{LISTING}.*.tmp*", STDIN_COPY, f".{STDIN_COPY}.*.tmp*", f".{ROUND_COPY}.*.tmp*")
_OURS = (JOURNAL, ERRORS, LISTING, LOCK, ROUND_COPY, _PARTS, *_STRAYS)
_NEEDS_JOURNAL = (ERRORS, LISTING, ROUND_COPY, STDIN_COPY, _PARTS)


class JobFolder:
    """The folder of a job that this process holds.

    Args:
        path: The folder, which exists and is locked.
        part_format: How parts are written.
        anew: Forget the job that is there, if any.

    Attributes:
        journal: Its journal.

    Raises:
        OutputError: If the folder holds anything that is not a job's, or its journal cannot be read.
    """

    def __init__(self, path: Path, *, part_format: PartFormat, anew: bool = False) -> None:
        self.path = path
        self._format = part_format
        _refuse_strangers(path)
        self.journal = Journal(path)
        if anew:
            self.clear()
        self._drop_leftovers()

    def clear(self) -> None:
        """Forget the job: remove its files."""
        # Emptied first, for then nothing else counts; removed last, for it says that the rest is ours to remove.
        self.journal.forget()
        for path in [
            *self.path.glob(_PARTS),
            *map(self.path.joinpath, (ERRORS, LISTING, ROUND_COPY, STDIN_COPY, JOURNAL)),
        ]:
            path.unlink(missing_ok=True)
        sync(self.path)

    def name_part(self, index: int) -> str:
        """The name of a shard's part file."""
        return f"part-{index:05d}{self._format.suffix}"

    def is_whole(self, index: int) -> bool:
        """Whether a shard is in the journal and its part file is there, byte for byte."""
        if index >= len(self.journal.shards):
            return False
        entry = self.journal.shards[index]
        try:
            part = self.path / entry.name
            return part.stat().st_size == entry.size and _sha256(part) == entry.sha256
        except FileNotFoundError:
            return False

    def commit(
        self, index: int, rows: Sequence[OutputRow], *, errors: Sequence[ErrorRow], figures: StreamFigures
    ) -> None:
        """Put a shard in place: the next one, or one whose part was lost or altered since.

        Args:
            index: Its number.
            rows: Its output rows.
            errors: Those of them that carry an error.
            figures: What the articles look like to the model.

        Raises:
            OutputError: If the part cannot be written, holds another number of rows, or differs from the part that was lost.
        """
        part = self.path / self.name_part(index)
        with replace_file(part) as temporary:
            self._format.write(temporary, rows)
            counted = self._format.count(temporary)
            if counted != len(rows):
                raise OutputError(f"{part}: {counted} rows arrived on disk of {len(rows)}; the disk cannot be trusted.")
            size, sha256 = temporary.stat().st_size, _sha256(temporary)
        if index < len(self.journal.shards):
            self._check_same(self.journal.shards[index], sha256=sha256)
            return
        entry = ShardEntry(
            index=index,
            name=part.name,
            rows=len(rows),
            size=size,
            sha256=sha256,
            errors_size=self._append_errors(errors),
            counts=count_rows(rows),
            figures=figures,
        )
        self.journal.add_shard(entry)

    def _append_errors(self, errors: Sequence[ErrorRow]) -> int:
        path = self.path / ERRORS
        try:
            with path.open("ab") as stream:
                write_lines(stream, errors)
                os.fsync(stream.fileno())
                return stream.tell()
        except OSError as error:
            raise OutputError(
                f"Cannot write {path}: {error.strerror}. Make room; then the same command goes on."
            ) from error

    def _check_same(self, entry: ShardEntry, *, sha256: str) -> None:
        if sha256 != entry.sha256:
            raise OutputError(
                f"{self.path}/{entry.name} was lost or altered and, scored again, is not the same: {sha256[:12]}, the journal says "
                f"{entry.sha256[:12]}. Start anew with --no-resume."
            )

    def _drop_leftovers(self) -> None:
        """Drop what a killed process left: temporary files, and a part and errors that the journal does not know.

        Raises:
            OutputError: If errors that the journal does know are gone.
        """
        known_parts = {shard.name for shard in self.journal.shards}
        strays = [path for pattern in _STRAYS for path in self.path.glob(pattern)]
        for path in [*strays, *(part for part in self.path.glob(_PARTS) if part.name not in known_parts)]:
            path.unlink(missing_ok=True)
        path = self.path / ERRORS
        known = self.journal.shards[-1].errors_size if self.journal.shards else 0
        size = path.stat().st_size if path.exists() else 0
        if size < known:
            raise OutputError(f"{path} has {size} bytes, the journal says {known}. Start anew with --no-resume.")
        if size > known:
            os.truncate(path, known)


def _refuse_strangers(folder: Path) -> None:
    strangers = sorted(
        path.name for path in folder.iterdir() if not any(fnmatchcase(path.name, pattern) for pattern in _OURS)
    )
    if strangers:
        raise OutputError(
            f"{folder}/ is not empty ({', '.join(strangers[:5])}); scores are not mixed into it. Choose another --output."
        )
    ours = sorted(path.name for pattern in _NEEDS_JOURNAL for path in folder.glob(pattern))
    if ours and not (folder / JOURNAL).exists():
        raise OutputError(
            f"{folder}/ holds {', '.join(ours[:5])} without {JOURNAL}; scores are not mixed into it. Choose another --output."
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
