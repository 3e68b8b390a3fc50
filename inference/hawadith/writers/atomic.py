"""A file that appears under its name whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hawadith.errors import HawadithError, OutputError


@contextmanager
def replace_file(path: Path) -> Iterator[Path]:
    """Give a temporary sibling of `path`; on leaving without an exception, fsync it and rename it to `path`.

    Args:
        path: The final name; its folder is made where missing.

    Yields:
        The temporary file's path, with the same suffix.

    Raises:
        OutputError: If the folder or the file cannot be written.
        OSError: What the block raised, where it is an error of ours already.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=f".tmp{path.suffix}", dir=path.parent)
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror}. Choose another --output.") from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        apply_umask(temporary)
        sync(temporary)
        temporary.replace(path)
        sync(path.parent)
    except OSError as error:
        if isinstance(error, HawadithError):
            raise  # it says already what went wrong
        raise OutputError(f"Cannot write {path}: {error}.") from error
    finally:
        temporary.unlink(missing_ok=True)


def apply_umask(path: Path) -> None:
    """Give a file or folder the mode that the user's umask asks for; temporary ones are born private to their owner.

    Args:
        path: What was just made.
    """
    # POSIX has no call that only reads the umask.
    mask = os.umask(0o077)
    os.umask(mask)
    path.chmod((0o777 if path.is_dir() else 0o666) & ~mask)


def sync(path: Path) -> None:
    """Make a file's bytes, or a folder's names, outlive a power cut.

    Args:
        path: A file or folder.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
