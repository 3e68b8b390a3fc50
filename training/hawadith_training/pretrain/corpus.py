"""Unlabelled articles from files of any size, one at a time."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from hawadith.errors import DataError
from hawadith.readers import SUFFIXES, read_rows
from hawadith.records import Row


def find_corpus(paths: Sequence[str]) -> list[Path]:
    """The files that a corpus consists of, in the order in which they are read.

    Args:
        paths: Files or folders.

    Returns:
        The files; those of a folder in sorted order.

    Raises:
        DataError: If a path is missing, of an unknown kind, or a folder without a readable file.
    """
    files: list[Path] = []
    for path in map(Path, paths):
        found = _walk(path) if path.is_dir() else [path]
        if not path.exists() or not found or not all(_is_readable(file) for file in found):
            raise DataError(
                f"corpus.paths: {path} is no file or folder with {' '.join(SUFFIXES)}. "
                "Set it with --set corpus.paths=[FILE,...]"
            )
        files += found
    return files


def read_corpus(files: Sequence[Path]) -> Iterator[Row]:
    """Read a corpus as a stream; memory is bounded by its longest row.

    Args:
        files: As `find_corpus` gives them.

    Yields:
        One record or fault per row.
    """
    for path in files:
        yield from read_rows(path)


def describe_corpus(files: Sequence[Path]) -> list[dict[str, object]]:
    """Name, size and SHA-256 of each file: a corpus that has moved is still the same."""
    described: list[dict[str, object]] = []
    for path in files:
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        described.append({"name": path.name, "bytes": path.stat().st_size, "sha256": digest})
    return described


def _walk(folder: Path) -> list[Path]:
    """Readable files in sorted order; links may lead out of the folder, and hidden files belong to tools."""
    return sorted(
        file
        for file in folder.rglob("*")
        if _is_readable(file)
        and file.is_file()
        and not file.is_symlink()
        and not any(part.startswith(".") for part in file.relative_to(folder).parts)
    )


def _is_readable(file: Path) -> bool:
    return file.name.lower().endswith(tuple(SUFFIXES))
