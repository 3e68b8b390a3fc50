"""One process per folder.

The operating system holds the lock and lets go of it when the process dies, however it dies: a stale lock cannot exist. The process id in
the file is for the message alone.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hawadith.errors import OutputError

LOCK = ".lock"


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold a folder for this process; the folder is made where missing, and the lock file goes with the lock.

    Args:
        folder: The folder.

    Yields:
        Nothing.

    Raises:
        OutputError: If another process holds it, or it cannot be written.
    """
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = _acquire(path)
    except BlockingIOError as error:
        raise OutputError(
            f"{folder}/ is being written by another process ({_read_holder(path)}). Wait for it, or choose another --output."
        ) from error
    except OSError as error:
        raise OutputError(f"Cannot write {folder}/: {error.strerror}. Choose another --output.") from error
    try:
        yield
    finally:
        # Where the folder was renamed, the file that has the name now is another process's.
        if _is_same_file(descriptor, path):
            path.unlink()
        os.close(descriptor)


def _acquire(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_same_file(descriptor, path):
                os.ftruncate(descriptor, 0)
                os.write(descriptor, f"{os.getpid()}\n".encode())
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)  # its last holder removed it between our opening and our locking it


def _is_same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _read_holder(path: Path) -> str:
    try:
        holder = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        holder = ""
    return f"process {holder}" if holder else "process unknown"
