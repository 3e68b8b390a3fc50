"""Which files of a folder have arrived, whole and not seen before.

A file has arrived once nobody seems to write to it: its size and time of change stayed the same for a while. Who fills the inbox can make
this certain: write under a name with an unknown ending (`news.jsonl.part`), then rename. A file is known by its name and its bytes: the
same name with other content is a new arrival, whole. Files are left where they are.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from hawadith.batch.files import GONE, measure_file, stat_file
from hawadith.batch.journal import ArrivedFile
from hawadith.errors import DataError
from hawadith.readers.sources import InputFile, SkipCounter, walk_folder

_MOST_FILES = 2_000  # at once: their rows are copied before they are scored


class Inbox:
    """Finds files that have arrived.

    Args:
        folder: The inbox.
        settle: Seconds for which a file must not change.
    """

    def __init__(self, folder: Path, *, settle: float) -> None:
        self._folder = folder
        self._settle = settle
        self._known: dict[str, ArrivedFile] = {}
        self._waiting: dict[str, tuple[tuple[int, int], float]] = {}

    def know(self, files: Iterable[ArrivedFile]) -> None:
        """Count files as taken in."""
        self._known |= {file.name: file for file in files}

    def look(self, *, now: float) -> list[InputFile]:
        """Look once.

        Args:
            now: Seconds on a clock that never goes back.

        Returns:
            New files that have settled, in sorted order; further ones wait for the next look.

        Raises:
            DataError: If the folder cannot be listed.
        """
        waiting: dict[str, tuple[tuple[int, int], float]] = {}
        settled: list[InputFile] = []
        for file in walk_folder(self._folder, on_skip=SkipCounter().add):
            stat = stat_file(file)
            if self._is_known(file, stat=stat):
                continue
            seen, since = self._waiting.get(file.name, (None, now))
            waiting[file.name] = (stat, since if seen == stat else now)
            if now - waiting[file.name][1] >= self._settle:
                settled.append(file)
        self._waiting = waiting
        return settled[:_MOST_FILES]

    def _is_known(self, file: InputFile, *, stat: tuple[int, int]) -> bool:
        known = self._known.get(file.name)
        if known is None or stat == GONE:
            return known is not None
        if stat == (known.size, known.mtime_ns):
            return True
        try:
            same = stat[0] == known.size and measure_file(file)[1] == known.sha256
        except DataError:
            return False
        if same:  # touched, or copied again
            self._known[file.name] = replace(known, mtime_ns=stat[1])
        return same
