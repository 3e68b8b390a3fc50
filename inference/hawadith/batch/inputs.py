"""What a job reads: its input files in order, what each held when the job began, and their rows from any point on.

The listing, `inputs.jsonl`, is made in a first pass over the input. A job that goes on compares it with the files as they are now, by
their bytes; while it runs, it compares size and time of change before a shard is put in place. So no output mixes two states of the input.
"""

import json
import shutil
import sys
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice, zip_longest
from pathlib import Path
from typing import NoReturn

from hawadith.batch.files import measure_file, stat_file
from hawadith.batch.ids import IdCheck
from hawadith.errors import DataError
from hawadith.readers.html import ArticleExtractor, Failure, Page
from hawadith.readers.options import ReadOptions
from hawadith.readers.reading import read_file
from hawadith.readers.sources import STDIN, InputFile, SkipCounter, find_files
from hawadith.records import Row
from hawadith.writers.atomic import replace_file
from hawadith.writers.jsonl import encode_line


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """One input file as it was.

    Attributes:
        file: Its path relative to the input that it was found in.
        size: In bytes.
        sha256: Of its bytes.
        rows: The rows that it gives.
    """

    file: str
    size: int
    sha256: str
    rows: int


class JobInput:
    """The input of a job.

    Args:
        sources: Files, folders, or `-` for standard input.
        options: Encoding and bounds.
        listing: Where the listing is or will be.
        stdin_copy: Where standard input was copied to.
    """

    def __init__(self, sources: Sequence[Path], *, options: ReadOptions, listing: Path, stdin_copy: Path) -> None:
        self._sources = tuple(sources)
        self._stdin_copy = stdin_copy
        self._options = options
        self._listing = listing
        self._stamps = array("q")
        self._now: tuple[InputFile, tuple[int, int]] | None = None

    @property
    def is_listed(self) -> bool:
        """Whether the listing is there: the job began in an earlier run."""
        return self._listing.exists()

    def survey(self, *, check_ids: bool) -> int:
        """Read the input once, and write the listing.

        Args:
            check_ids: Refuse ids that are missing or not unique.

        Returns:
            The number of rows.

        Raises:
            DataError: If an input cannot be read, or the ids cannot serve.
        """
        ids = IdCheck()
        total = 0
        with replace_file(self._listing) as temporary, temporary.open("wb") as stream:
            for file in self._find_first():
                listed = _describe(file, options=self._options, ids=ids if check_ids else None)
                self.check_unchanged()
                stream.write(encode_line(asdict(listed)))
                total += listed.rows
            ids.finish(lambda: _read_for_ids(self._find(SkipCounter()), options=self._options))
        return total

    def compare(self) -> int:
        """Compare the input with the listing.

        Returns:
            The number of rows.

        Raises:
            DataError: If a file has changed, gone or come since; names it.
        """
        total = 0
        for file, listed in zip_longest(self._find_first(), self._read_listing()):
            if file is None or listed is None or file.name != listed.file:
                _refuse_moved(file, listed)
            size, sha256 = measure_file(file)
            if (size, sha256) != (listed.size, listed.sha256):
                before = f"{listed.size} bytes ({listed.sha256[:12]})"
                _refuse_changed(file.shown, f"{size} bytes ({sha256[:12]}), when the job began {before}")
            total += listed.rows
        return total

    def read(self, *, first_row: int) -> Iterator[Row]:
        """Read the rows from one on, after `survey` or `compare`; files before it are not opened.

        Args:
            first_row: Counted from 0.

        Yields:
            The rows.

        Raises:
            DataError: If the input is no longer as it was listed.
        """
        left = first_row
        stamps = iter(self._stamps)
        with ArticleExtractor(timeout=self._options.extract_timeout) as extractor:
            for file, listed in zip_longest(self._find(SkipCounter()), self._read_listing()):
                if file is None or listed is None or file.name != listed.file:
                    _refuse_moved(file, listed)
                self._now = (file, (listed.size, next(stamps)))
                begin = min(left, listed.rows)
                left -= begin
                if begin < listed.rows:
                    self.check_unchanged()
                    rows = read_file(file, options=self._options, extractor=extractor)
                    yield from islice(rows, begin, None)
                    self.check_unchanged()
        self._now = None

    def check_unchanged(self) -> None:
        """Refuse to go on if the file that is being read has changed since it was first looked at.

        Raises:
            DataError: If its size or time of change is another.
        """
        if self._now is not None and stat_file(self._now[0]) != self._now[1]:
            _refuse_changed(self._now[0].shown, "it was written to while the job read it")

    def _find(self, skipped: SkipCounter) -> Iterator[InputFile]:
        for file in _find_all(self._sources, skipped=skipped):
            yield replace(file, path=self._stdin_copy, alias=file.shown) if file.path == STDIN else file

    def _find_first(self) -> Iterator[InputFile]:
        """The files, with their times of change kept from here on: 8 bytes a file."""
        skipped = SkipCounter()
        self._stamps = array("q")
        for file in self._find(skipped):
            self._now = (file, stat_file(file))
            self._stamps.append(self._now[1][1])
            yield file
        self._now = None
        skipped.warn()

    def _read_listing(self) -> Iterator[ListedFile]:
        with self._listing.open("rb") as stream:
            for line in stream:
                yield ListedFile(**json.loads(line))


def check_ids(sources: Sequence[Path], *, options: ReadOptions) -> None:
    """Refuse an input whose ids cannot serve, where there is no job to keep a listing.

    Args:
        sources: Files and folders.
        options: Encoding and bounds.

    Raises:
        DataError: If an input cannot be read, a record has no id, or two rows have the same.
    """
    ids = IdCheck()

    def read() -> Iterator[Row]:
        return _read_for_ids(_find_all(sources, skipped=SkipCounter()), options=options)

    for row in read():
        ids.add(row)
    ids.finish(read)


def copy_stdin(target: Path) -> None:
    """Copy standard input to a file: a job reads its input twice.

    Args:
        target: The file.

    Raises:
        OutputError: If it cannot be written.
    """
    with replace_file(target) as temporary, temporary.open("wb") as stream:
        shutil.copyfileobj(sys.stdin.buffer, stream, 2**20)


class _NoExtraction:
    """In the first pass a web page is one row, whatever it holds."""

    def extract(self, content: bytes) -> Page | Failure:
        return Page(text="-", title=None, date=None)


def _find_all(sources: Sequence[Path], *, skipped: SkipCounter) -> Iterator[InputFile]:
    for source in sources:
        yield from find_files(source, on_skip=skipped.add)


def _read_for_ids(files: Iterator[InputFile], *, options: ReadOptions) -> Iterator[Row]:
    for file in files:
        yield from read_file(file, options=options, extractor=_NoExtraction())


def _describe(file: InputFile, *, options: ReadOptions, ids: IdCheck | None) -> ListedFile:
    size, sha256 = measure_file(file)
    count = 0
    for row in read_file(file, options=options, extractor=_NoExtraction()):
        count += 1
        if ids is not None:
            ids.add(row)
    return ListedFile(file=file.name, size=size, sha256=sha256, rows=count)


def _refuse_moved(file: InputFile | None, listed: ListedFile | None) -> NoReturn:
    """Name the first place where the files are not those of the listing."""
    if file is not None and (listed is None or file.name < listed.file):
        _refuse_changed(file.shown, "it was not there when the job began")
    _refuse_changed(listed.file if listed else "", "it is gone, or stands in another order")


def _refuse_changed(name: str, how: str) -> NoReturn:
    raise DataError(
        f"The input changed under the job: {name}: {how}. Put it back, start anew with --no-resume, or choose another --output."
    )
