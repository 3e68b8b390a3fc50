"""CSV through Python's own reader, and TSV by its tabs: every cell stays the text it is (`NA`, `null`, `007`).

Two traps are closed. A quote that never ends would swallow the rest of a CSV file into one article: a record is bounded, and the reader is
strict; in TSV a quote opens nothing. An unquoted delimiter would cut the text short: a row with more cells than the header is a fault.
"""

import codecs
import csv
import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TextIO

from hawadith.errors import DataError
from hawadith.readers.bounded_lines import BoundedLines, RecordTooLargeError
from hawadith.readers.options import ReadOptions
from hawadith.readers.rows import build_row
from hawadith.readers.sources import InputFile
from hawadith.readers.table import FIELDS, TableLayout
from hawadith.readers.tabs import cut_tabs
from hawadith.records import Record, Row, RowFault, Status

_CSV_DELIMITERS = ",;\t"  # a spreadsheet in an Arabic locale writes semicolons
_TSV_DELIMITERS = "\t"
_HOW_TO_NAME = "data.columns in a configuration, or --column FIELD=COLUMN"
_IF_HEADER = " If this is a header line, name the columns instead of numbering them."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Where the fields of a record stand in a row.

    Attributes:
        places: The cell of each field, from 0.
        width: The cells of a full row; None where the first row says it.
        delimiter: Between the cells.
    """

    places: Mapping[str, int]
    width: int | None
    delimiter: str


def read_delimited(file: InputFile, *, options: ReadOptions) -> Iterator[Row]:
    """Read a .csv or .tsv file; without a header line, where `options.table` numbers its columns.

    Cells are separated by comma, semicolon or tab in CSV (by comma where there is no header to tell), by tab in TSV. Several labels stand
    as `a|b`.

    Args:
        file: The file.
        options: The encoding, the bounds, and what columns and classes mean.

    Yields:
        One row per record of the table, in order.

    Raises:
        DataError: If the file cannot be opened, or has not the columns that were asked for, or no `text`.
    """
    # Python's limit is global and small (128 KiB); `BoundedLines` holds the real bound, per record.
    csv.field_size_limit(max(csv.field_size_limit(), min(options.max_row_bytes, sys.maxsize)))
    with _open_text(file, options=options) as handle:
        lines = BoundedLines(handle, max_chars=options.max_row_bytes, quoted=file.kind == "csv")
        try:
            columns = _find_columns(lines, file=file, options=options)
            yield from _read_body(lines, columns=columns, file=file, options=options)
        except (OSError, UnicodeError) as error:
            reason = f"the file cannot be read from here on: {error}"
            yield _fault(lines.first, "decode_error", reason, file=file)


def _open_text(file: InputFile, *, options: ReadOptions) -> TextIO:
    try:
        codecs.lookup(options.codec)
        # An undecodable byte becomes a surrogate, so that it costs its own row and not the file.
        return io.TextIOWrapper(file.open(), encoding=options.codec, errors="surrogateescape", newline="")
    except LookupError as error:
        raise DataError(
            f"{options.encoding!r} is no text encoding that Python knows; try utf-8 or windows-1256."
        ) from error
    except OSError as error:
        raise DataError(f"{file.shown} cannot be read: {error.strerror}.") from error


def _cut(lines: Iterable[str], *, file: InputFile, delimiter: str) -> Iterator[list[str]]:
    return map(cut_tabs, lines) if file.kind == "tsv" else csv.reader(lines, delimiter=delimiter, strict=True)


def _find_columns(lines: BoundedLines, *, file: InputFile, options: ReadOptions) -> _Columns:
    """Find where the fields stand.

    Args:
        lines: The file, of which a header line is read.
        file: The file.
        options: The layout, and the bound for the header line.

    Returns:
        The columns, as the layout numbers them, or as the header line says.

    Raises:
        DataError: If a column is missing or not unique.
    """
    delimiters = _TSV_DELIMITERS if file.kind == "tsv" else _CSV_DELIMITERS
    if options.table.is_numbered:
        columns = _Columns(places=options.table.places, width=None, delimiter=delimiters[0])
    else:
        header, delimiter = _read_header(lines, file=file, options=options, delimiters=delimiters)
        places = _place_fields(header, table=options.table, file=file)
        columns = _Columns(places=places, width=len(header), delimiter=delimiter)
    if options.table.classes and "labels" not in columns.places:
        raise DataError(f"{file.shown}: classes are given, but no column holds `labels`. Name it: {_HOW_TO_NAME}.")
    return columns


def _read_header(
    lines: BoundedLines, *, file: InputFile, options: ReadOptions, delimiters: str
) -> tuple[list[str], str]:
    try:
        line = next(lines, "")
    except RecordTooLargeError as error:
        raise DataError(f"{file.shown}: the header line is longer than {options.max_row_bytes} characters.") from error
    text = options.table.names["text"]
    header: list[str] = []
    for delimiter in delimiters:
        try:
            cells = [cell.strip() for cell in next(_cut([line], file=file, delimiter=delimiter), [])]
        except csv.Error:
            continue
        if text in cells:
            return cells, delimiter
        header = header or cells
    raise DataError(_describe_missing(text, header=header, file=file))


def _place_fields(header: list[str], *, table: TableLayout, file: InputFile) -> dict[str, int]:
    names = table.names
    missing = next((names[field] for field in table.columns if names[field] not in header), None)
    if missing is not None:
        raise DataError(_describe_missing(missing, header=header, file=file))
    repeated = [name for name in names.values() if header.count(name) > 1]
    if repeated:
        raise DataError(f"{file.shown}: the header names {', '.join(repeated)} more than once.")
    return {field: header.index(name) for field, name in names.items() if name in header}


def _describe_missing(name: str, *, header: list[str], file: InputFile) -> str:
    found = ", ".join(header) or "nothing"
    return (
        f"{file.shown}: the header has no column `{name}`; found {found!a:.500}. "
        f"Name the columns {', '.join(FIELDS)}, or say which they are: {_HOW_TO_NAME}."
    )


def _read_body(lines: BoundedLines, *, columns: _Columns, file: InputFile, options: ReadOptions) -> Iterator[Row]:
    reader = _cut(lines, file=file, delimiter=columns.delimiter)
    while True:
        lines.start_record()
        try:
            cells = next(reader, None)
        except RecordTooLargeError:
            hint = "is a quote left open?" if file.kind == "csv" else "split or drop it"
            reason = f"the record up to line {lines.number} is too long; {hint}"
            yield _fault(lines.first, "too_large", reason, file=file)
            continue
        except csv.Error as error:
            yield _fault(lines.first, "parse_error", f"not CSV up to line {lines.number}: {error}", file=file)
            continue
        if cells is None:
            return
        if cells:  # a blank line is no row
            columns = _settle_width(columns, cells=cells, file=file)
            yield _build(cells, columns=columns, line=lines.first, file=file, options=options)


def _settle_width(columns: _Columns, *, cells: list[str], file: InputFile) -> _Columns:
    """Take the width from the first row, where there is no header to say it.

    Args:
        columns: With or without a width.
        cells: A row, the first where there is no width.
        file: The file.

    Returns:
        The columns with a width.

    Raises:
        DataError: If a column's number is beyond the first row.
    """
    if columns.width is not None:
        return columns
    field, place = max(columns.places.items(), key=lambda item: item[1])
    if place >= len(cells):
        raise DataError(
            f"{file.shown}: `{field}` is column {place}, counted from 0, but the first row has {len(cells)} cells. "
            "Number the columns anew; a .csv file without a header line has commas between its cells, a .tsv file tabs."
        )
    return replace(columns, width=len(cells))


def _build(cells: list[str], *, columns: _Columns, line: int, file: InputFile, options: ReadOptions) -> Row:
    values: dict[str, object] = {**_name_cells(cells, places=columns.places)}
    found_id = str(values.get("id", ""))
    known_id = (
        found_id if found_id.isprintable() else ""
    )  # surrogates, which stand for undecodable bytes, are not printable
    fault = _compare_width(len(cells), columns=columns, file=file, options=options)
    if fault is not None:
        # Behind a line end in mid-cell stands no id.
        row_id = known_id if columns.places.get("id") == 0 and len(cells) > (columns.width or 0) else ""
        return _fault(line, "parse_error", fault, file=file, row_id=row_id)
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        reason = f"not {options.encoding}; name the right encoding, e.g. windows-1256"
        return _fault(line, "decode_error", reason, file=file, row_id=known_id)
    return _build_record(values, line=line, file=file, table=options.table)


def _build_record(values: dict[str, object], *, line: int, file: InputFile, table: TableLayout) -> Row:
    fault = None
    if table.classes:
        values["labels"], fault = table.read_classes(str(values.get("labels", "")))
    row = build_row(values, fallback_id=file.fallback_id(line), location=file.locate(line))
    if fault is None or not isinstance(row, Record):
        return row
    hint = _IF_HEADER if line == 1 else ""  # the first line is a row only where columns are numbered
    return replace(row, label_fault=f"{file.locate(line)}: {fault}{hint}")


def _compare_width(n_cells: int, *, columns: _Columns, file: InputFile, options: ReadOptions) -> str | None:
    """Why a row with so many cells is none. Spreadsheets leave out empty cells at the end in CSV; a TSV row is short where a line broke."""
    if columns.width is None or n_cells == columns.width or (file.kind == "csv" and n_cells < columns.width):
        return None
    full = "the first row" if options.table.is_numbered else "the header"
    remedy = "quote cells that hold the delimiter" if file.kind == "csv" else "a cell holds no tab and no line end"
    return f"{n_cells} cells, {full} has {columns.width}; {remedy}"


def _name_cells(cells: list[str], *, places: Mapping[str, int]) -> Mapping[str, str]:
    """An empty cell is a missing value, except for the text: an empty article is still a row."""
    found = {field: cells[place] for field, place in places.items() if place < len(cells)}
    return {field: cell for field, cell in found.items() if cell or field == "text"}


def _fault(line: int, status: Status, reason: str, *, file: InputFile, row_id: str = "") -> RowFault:
    location = file.locate(line)
    return RowFault(
        id=row_id or file.fallback_id(line), status=status, message=f"{location}: {reason}.", location=location
    )
