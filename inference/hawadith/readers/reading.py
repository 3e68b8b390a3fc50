"""The two doors of this package: a stream of rows for scoring, a list of records for training and evaluation."""

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from hawadith.errors import DataError
from hawadith.readers.archives import read_archive
from hawadith.readers.delimited import read_delimited
from hawadith.readers.html import ArticleExtractor, Extractor, read_html
from hawadith.readers.jsonl import read_jsonl
from hawadith.readers.options import ReadOptions
from hawadith.readers.parquet import read_parquet
from hawadith.readers.plain import read_text
from hawadith.readers.rows import demand_labels
from hawadith.readers.sources import InputFile, Kind, OnSkip, SkipCounter, check_source, find_files
from hawadith.records import Record, Row, RowFault

_LOGGER = logging.getLogger("hawadith")

_READERS: dict[Kind, Callable[..., Iterator[Row]]] = {
    "jsonl": read_jsonl,
    "csv": read_delimited,
    "tsv": read_delimited,
    "parquet": read_parquet,
    "text": read_text,
}
_SHOWN_FAULTS = 20


def read_rows(
    sources: Path | Sequence[Path], *, options: ReadOptions | None = None, on_skip: OnSkip | None = None
) -> Iterator[Row]:
    """Read inputs as a stream of rows: every input row gives exactly one, in order.

    Memory is bounded by the longest row that `options` allows, not by the file. An input that cannot be read as a whole (not Parquet, a
    table without `text`) is an error where it was named, and one fault where it lies in a folder among others.

    Args:
        sources: Files, folders (read recursively, in sorted order), or `-` for JSONL on standard input.
        options: Encoding and bounds; the defaults where None.
        on_skip: Called with each file of a folder that is not read, and the reason. Where None, one warning on the logger
            `hawadith` counts them.

    Returns:
        The rows.

    Raises:
        DataError: At once if an input is missing or of an unknown kind; while reading, if one cannot be read as a whole.
    """
    listed = (sources,) if isinstance(sources, Path) else tuple(sources)
    for source in listed:
        check_source(source)
    return _read_all(listed, options=options or ReadOptions(), on_skip=on_skip)


def read_records(
    sources: Path | Sequence[Path], *, options: ReadOptions | None = None, skip_bad: bool = False
) -> list[Record]:
    """Read inputs whole, as training and evaluation need them.

    Args:
        sources: As `read_rows` takes them.
        options: Encoding and bounds; the defaults where None.
        skip_bad: Leave bad rows out, with a warning on the logger `hawadith` that names them, instead of raising.

    Returns:
        The records, in order.

    Raises:
        DataError: If an input cannot be read, or a row is bad and `skip_bad` is false; names the first 20 bad rows.
    """
    records: list[Record] = []
    faults: list[RowFault] = []
    for row in map(demand_labels, read_rows(sources, options=options)):
        if isinstance(row, Record):
            records.append(row)
        else:
            faults.append(row)
    if faults:
        message = _describe_faults(faults, n_rows=len(records) + len(faults))
        if not skip_bad:
            raise DataError(f"{message}\nMend or drop them.")
        _LOGGER.warning("%s\nThey are left out.", message)
    return records


def _read_all(sources: Sequence[Path], *, options: ReadOptions, on_skip: OnSkip | None) -> Iterator[Row]:
    skipped = SkipCounter()
    with ArticleExtractor(timeout=options.extract_timeout) as extractor:
        for source in sources:
            for file in find_files(source, on_skip=on_skip or skipped.add):
                yield from read_file(file, options=options, extractor=extractor)
    skipped.warn()


def read_file(file: InputFile, *, options: ReadOptions, extractor: Extractor) -> Iterator[Row]:
    """Read one file that `find_files` found.

    Args:
        file: The file.
        options: Encoding and bounds.
        extractor: Finds the article in web pages.

    Returns:
        The rows. Where the file cannot be read as a whole, iterating raises `DataError`, or gives one last fault if it lies within a
        folder or archive.
    """
    if file.kind == "html":
        rows = read_html(file, options=options, extractor=extractor)
    elif file.kind == "archive":
        rows = read_archive(file, options=options, read_member=partial(read_file, options=options, extractor=extractor))
    else:
        rows = _READERS[file.kind](file, options=options)
    return _contain_error(rows, file=file) if file.within else rows


def _contain_error(rows: Iterator[Row], *, file: InputFile) -> Iterator[Row]:
    """One unreadable file among others costs itself alone."""
    try:
        yield from rows
    except DataError as error:
        yield RowFault(id=file.name, status="parse_error", message=str(error), location=file.shown)


def _describe_faults(faults: Sequence[RowFault], *, n_rows: int) -> str:
    shown = [f"  - [{fault.status}] {fault.message}" for fault in faults[:_SHOWN_FAULTS]]
    if len(faults) > _SHOWN_FAULTS:
        shown.append(f"  - and {len(faults) - _SHOWN_FAULTS} more")
    return "\n".join([f"{len(faults)} of {n_rows} rows are bad:", *shown])
