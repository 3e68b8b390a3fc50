"""Parquet, in small batches: a row group may be far larger than memory allows to hold as Python objects."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hawadith.errors import DataError
from hawadith.readers.options import ReadOptions
from hawadith.readers.rows import build_row
from hawadith.readers.sources import InputFile
from hawadith.readers.table import FIELDS
from hawadith.records import Row, RowFault

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

_COLUMNS = (*FIELDS, "evidence", "context")
_TEXTS = ("id", "title", "text", "date", "source")
_BATCH_BYTES = 16 * 2**20
_MAX_BATCH_ROWS = 512


def read_parquet(file: InputFile, *, options: ReadOptions) -> Iterator[Row]:
    """Read a .parquet file.

    Args:
        file: The file.
        options: The bounds.

    Yields:
        One row per Parquet row, in order. Where the file is damaged inside, one last fault says so.

    Raises:
        DataError: If the file is no Parquet file or has no column `text`.
    """
    import pyarrow as pa  # late: other formats must not pay for it
    import pyarrow.parquet as pq

    try:
        source = file.path if file.stream is None else file.stream
        footer = pq.read_metadata(source)
        # A file may say one long text a thousand times in a few kilobytes: it stays one text in memory, too.
        columns = [footer.schema.column(index).path for index in range(len(footer.schema))]
        parquet = pq.ParquetFile(source, metadata=footer, read_dictionary=[name for name in columns if name in _TEXTS])
    except (OSError, ValueError, pa.ArrowException) as error:
        raise DataError(f"{file.shown} cannot be read as Parquet: {error}.") from error
    with parquet:
        names = parquet.schema_arrow.names
        _refuse_repeated(names, file=file)
        if "text" not in names:
            raise DataError(
                f"{file.shown}: no column `text`; found {', '.join(names) or 'nothing'}. Name the columns {', '.join(FIELDS)}."
            )
        number = 0
        try:
            batches = parquet.iter_batches(
                batch_size=_batch_rows(parquet), columns=[name for name in _COLUMNS if name in names]
            )
            for batch in batches:
                for index in range(batch.num_rows):
                    number += 1
                    yield _build(batch, index=index, number=number, file=file, options=options)
        except (OSError, ValueError, pa.ArrowException) as error:
            lost = parquet.metadata.num_rows - number
            reason = f"{file.locate(number + 1)}: the last {lost} rows cannot be read: {error}."
            yield RowFault(
                id=file.fallback_id(number + 1), status="decode_error", message=reason, location=file.locate(number + 1)
            )


def _refuse_repeated(names: Sequence[str], *, file: InputFile) -> None:
    repeated = [name for name in _COLUMNS if names.count(name) > 1]
    if repeated:
        raise DataError(f"{file.shown}: the table names {', '.join(repeated)} more than once.")


def _batch_rows(parquet: "pq.ParquetFile") -> int:
    groups = [parquet.metadata.row_group(index) for index in range(parquet.metadata.num_row_groups)]
    widest = max((group.total_byte_size / max(group.num_rows, 1) for group in groups), default=0)
    return max(1, min(_MAX_BATCH_ROWS, int(_BATCH_BYTES / max(widest, 1))))


def _build(batch: "pa.RecordBatch", *, index: int, number: int, file: InputFile, options: ReadOptions) -> Row:
    location, fallback_id = file.locate(number), file.fallback_id(number)
    try:
        values = {name: _read_value(batch, name=name, index=index) for name in batch.schema.names}
    except UnicodeDecodeError as error:
        message = f"{location}: a string is not UTF-8: {error.reason}."
        return RowFault(id=fallback_id, status="decode_error", message=message, location=location)
    except (ValueError, OverflowError) as error:
        message = f"{location}: a value cannot be read: {error}."
        return RowFault(id=fallback_id, status="parse_error", message=message, location=location)
    text = values["text"]
    if isinstance(text, str) and len(text) > options.max_row_bytes:
        message = f"{location}: the text has {len(text)} characters, more than one row may have; split or drop it."
        row_id = str(values.get("id") or fallback_id)
        return RowFault(id=row_id, status="too_large", message=message, location=location)
    return build_row(values, fallback_id=fallback_id, location=location)


def _read_value(batch: "pa.RecordBatch", *, name: str, index: int) -> object:
    """One value as Python has it; a day or time zone that Python lacks is none, for scoring does not read it."""
    value = batch.column(name)[index]
    if name != "date":
        return value.as_py()
    try:
        return value.as_py()
    except (ValueError, OverflowError, LookupError):  # the last for a time zone that this machine does not know
        return None
