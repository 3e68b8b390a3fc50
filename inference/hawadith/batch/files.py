"""How a job tells whether a file is still the one that it was: by its bytes between runs, by size and time of change within one."""

import hashlib

from hawadith.errors import DataError
from hawadith.readers.sources import InputFile

GONE = (-1, -1)
"""Size and time of change of a file that is not there."""


def measure_file(file: InputFile) -> tuple[int, str]:
    """Measure a file.

    Args:
        file: The file.

    Returns:
        Its size in bytes and its SHA-256.

    Raises:
        DataError: If it cannot be read, or not twice.
    """
    if file.path.exists() and not file.path.is_file():
        raise DataError(
            f"{file.shown} is no plain file, and a job reads its input twice. Pipe it in, and give - as INPUT."
        )
    try:
        with file.path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return stream.tell(), digest
    except OSError as error:
        raise DataError(f"{file.shown} cannot be read: {error.strerror}.") from error


def stat_file(file: InputFile) -> tuple[int, int]:
    """A file's size and time of change, in nanoseconds; `GONE` where it is not there."""
    try:
        found = file.path.stat()
    except OSError:
        return GONE
    return found.st_size, found.st_mtime_ns
