"""Which files an input stands for.

A folder is walked in sorted order, so that a rerun reads the same rows in the same order. Links inside a folder are not followed: they
may lead out of it, or to a file that is read anyway. Hidden files are left alone: they belong to tools (`.DS_Store`, `._a.txt`).
"""

import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from hawadith.errors import DataError
from hawadith.readers.rows import replace_surrogates

_LOGGER = logging.getLogger("hawadith")
UNKNOWN_ENDING = "unknown ending"
_MOST_REASONS = 10

Kind = Literal["jsonl", "csv", "tsv", "parquet", "text", "html", "archive"]

STDIN = Path("-")
"""The input that stands for JSONL on standard input."""

SUFFIXES: dict[str, Kind] = {
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
    ".jsonl.zst": "jsonl",
    ".jsonl.xz": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".zip": "archive",
    ".tar": "archive",
    ".tar.gz": "archive",
    ".tgz": "archive",
}
"""The known file name endings, in lower case, and how each is read."""

OnSkip = Callable[[Path, str], None]
"""Called with each file in a folder that is not read, and the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One file to read.

    Attributes:
        path: Where it is, or `STDIN`.
        name: What ids are made from where rows have none: the path relative to the folder given, or the file's own name.
        kind: How it is read.
        within: Whether it was found in a folder or archive, not named: if it cannot be read, that costs it alone.
        member: Its name in the archive `path`; empty for a file of its own.
        stream: The opened member of an archive.
        alias: How messages show it, where its path is none that the user knows.
    """

    path: Path
    name: str
    kind: Kind
    within: bool = False
    member: str = ""
    stream: BinaryIO | None = field(default=None, compare=False, repr=False)
    alias: str = ""

    def open(self) -> BinaryIO:
        """Open the file for reading in bytes; a member of an archive can be opened once."""
        return self.path.open("rb") if self.stream is None else self.stream

    def locate(self, line: int) -> str:
        """`file:line`, for messages; lines (rows, in Parquet) count from 1."""
        return f"{self.shown}:{line}"

    def fallback_id(self, line: int) -> str:
        """The id of a row that has none."""
        return f"{self.name}:{line}"

    @property
    def shown(self) -> str:
        """The path as messages show it."""
        if self.path == STDIN:
            return "stdin"
        if self.alias:
            return self.alias
        return replace_surrogates(f"{self.path}/{self.member}" if self.member else str(self.path))


class SkipCounter:
    """Counts the files that a folder holds and nobody reads, so that they are said once instead of line by line."""

    def __init__(self) -> None:
        self._reasons: Counter[str] = Counter()

    def add(self, path: Path, reason: str) -> None:
        """Count one file."""
        ending = path.suffix if path.suffix.isprintable() else ascii(path.suffix)  # it may hold what steers a terminal
        self._reasons[f"{reason} {ending}".strip() if reason == UNKNOWN_ENDING else reason] += 1

    def warn(self) -> None:
        """Say how many files were not read, and why, on the logger `hawadith`; nothing where there were none."""
        if self._reasons:
            named = self._reasons.most_common(_MOST_REASONS)
            reasons = ", ".join(f"{reason}: {n}" for reason, n in named)
            reasons += (
                f", and {len(self._reasons) - len(named)} further reasons" if len(self._reasons) > len(named) else ""
            )
            _LOGGER.warning("%d files were not read (%s).", self._reasons.total(), replace_surrogates(reasons))


def find_files(source: Path, *, on_skip: OnSkip) -> Iterator[InputFile]:
    """The files that an input stands for, in the order in which they are read.

    Args:
        source: A file, a folder, or `-`.
        on_skip: Called with each file of a folder that is not read, and the reason.

    Yields:
        Each file.

    Raises:
        DataError: If the input is missing, of an unknown kind, or a folder without a readable file.
    """
    check_source(source)
    if source == STDIN:
        yield InputFile(path=STDIN, name="stdin", kind="jsonl")
    elif source.is_dir():
        found = False
        for file in walk_folder(source, on_skip=on_skip):
            found = True
            yield file
        if not found:
            raise DataError(f"{source} holds no file that can be read; known endings are {' '.join(SUFFIXES)}.")
    else:
        kind = kind_of(source.name)
        if kind is not None:
            yield InputFile(path=source, name=_spell(source.name), kind=kind)


def check_source(source: Path) -> None:
    """Refuse an input that cannot be read, before anything is done.

    Args:
        source: A file, a folder, or `-`.

    Raises:
        DataError: If it is missing or of an unknown kind.
    """
    if source == STDIN or source.is_dir():
        return
    if not source.exists():
        raise DataError(f"{source} does not exist. Give a file, a folder, or - for JSONL on standard input.")
    if kind_of(source.name) is None:
        raise DataError(f"{source}: cannot tell its format by the name; known endings are {' '.join(SUFFIXES)}.")


def walk_folder(folder: Path, *, on_skip: OnSkip) -> Iterator[InputFile]:
    """The files of a folder that can be read, if any, in the order in which they are read.

    Args:
        folder: The folder.
        on_skip: Called with each other file, and the reason.

    Yields:
        Each file.

    Raises:
        DataError: If the folder cannot be listed.
    """
    for path in _sorted_files(folder, on_skip=on_skip):
        kind = kind_of(path.name)
        if kind is None:
            on_skip(path, UNKNOWN_ENDING)
        elif path.is_symlink():
            on_skip(path, "link")
        elif not path.is_file():
            on_skip(path, "not a plain file")
        else:
            yield InputFile(path=path, name=_spell(path.relative_to(folder).as_posix()), kind=kind, within=True)


def _spell(name: str) -> str:
    """A file's name as text; bytes that are none are spelt out, not replaced by one sign, so that two files never have one name."""
    return name.encode("utf-8", "backslashreplace").decode()


def _sorted_files(folder: Path, *, on_skip: OnSkip) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        if isinstance(error, FileNotFoundError) and error.filename != str(folder):
            return  # a folder in it was removed while we looked
        raise DataError(f"{error.filename}: the folder cannot be read: {error.strerror}.") from error

    for root, folders, names in os.walk(folder, onerror=refuse, followlinks=False):
        parent = Path(root)
        for name in sorted(folders):
            if (parent / name).is_symlink():
                on_skip(parent / name, "link")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (parent / name for name in sorted(names) if not name.startswith("."))


def kind_of(name: str) -> Kind | None:
    """How a file of that name is read; None where its ending is unknown."""
    lowered = name.lower()
    return next((kind for suffix, kind in SUFFIXES.items() if lowered.endswith(suffix)), None)
