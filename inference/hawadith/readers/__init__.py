"""Files in, rows out: every input format of the command line becomes one stream of records and faults."""

from hawadith.readers.options import ReadOptions
from hawadith.readers.reading import read_records, read_rows
from hawadith.readers.sources import SUFFIXES, InputFile, find_files

__all__ = ["SUFFIXES", "InputFile", "ReadOptions", "find_files", "read_records", "read_rows"]
