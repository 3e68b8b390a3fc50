"""Plain text: one file is one article.

The whole file is the `text` and the title stays empty. A first line that looks like a headline is not split off: a guess would be wrong
for some files, and offsets of evidence would no longer count from the start of the file.
"""

from collections.abc import Iterator

from hawadith.errors import DataError
from hawadith.readers.options import ReadOptions
from hawadith.readers.sources import InputFile
from hawadith.records import Record, Row, RowFault, Status


def read_text(file: InputFile, *, options: ReadOptions) -> Iterator[Row]:
    """Read a .txt file as one article; its id is the file's name.

    Args:
        file: The file.
        options: The encoding and the bounds.

    Yields:
        One row.

    Raises:
        DataError: If the file cannot be opened, or the encoding is unknown.
    """
    content = read_bounded(file, max_bytes=options.max_row_bytes)
    if content is None:
        yield file_fault(file, "too_large", f"the file has more than {options.max_row_bytes} bytes; split or drop it")
        return
    try:
        yield Record(id=file.name, text=content.decode(options.codec), location=file.shown)
    except LookupError as error:
        raise DataError(
            f"{options.encoding!r} is no text encoding that Python knows; try utf-8 or windows-1256."
        ) from error
    except UnicodeDecodeError as error:
        reason = f"not {options.encoding} at byte {error.start + 1}; name the right encoding, e.g. windows-1256"
        yield file_fault(file, "decode_error", reason)


def read_bounded(file: InputFile, *, max_bytes: int) -> bytes | None:
    """Read a file whole, unless it is too large.

    Args:
        file: The file.
        max_bytes: The most that is held.

    Returns:
        Its bytes, or None if there are more.

    Raises:
        DataError: If the file cannot be read.
    """
    try:
        with file.open() as handle:
            content = handle.read(max_bytes + 1)
    except OSError as error:
        raise DataError(f"{file.shown} cannot be read: {error.strerror or error}.") from error
    return content if len(content) <= max_bytes else None


def file_fault(file: InputFile, status: Status, reason: str) -> RowFault:
    """The fault of a file that is one article."""
    return RowFault(id=file.name, status=status, message=f"{file.shown}: {reason}.", location=file.shown)
