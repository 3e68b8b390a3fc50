"""A folder that appears under its name whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replace_folder(path: Path) -> Iterator[Path]:
    """Give an empty sibling of `path`; on leaving without an exception its files reach the disk and it takes the name.

    One writer at a time: the sibling of a killed one is removed first.

    Args:
        path: The final name; a folder that stands there is replaced.

    Yields:
        The temporary folder.
    """
    draft = path.with_name(f".{path.name}.tmp")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        yield draft
        for file in sorted(draft.iterdir()):
            sync(file)
        if path.exists():
            shutil.rmtree(path)
        draft.rename(path)
        sync(path.parent)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def sync(path: Path) -> None:
    """Bring a file's content, or a folder's names, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
