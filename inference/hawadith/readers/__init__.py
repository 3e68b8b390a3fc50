"""Files in, rows out: every input format of the command line becomes one stream of records and faults."""

from hawadith.readers.options import ReadOptions
from hawadith.readers.reading import read_records, read_rows
from hawadith.readers.rows import demand_labels
from hawadith.readers.sources import SUFFIXES, InputFile, find_files
from hawadith.readers.table import TableLayout

__all__ = [
    "SUFFIXES",
    "InputFile",
    "ReadOptions",
    "TableLayout",
    "demand_labels",
    "find_files",
    "read_records",
    "read_rows",
]
