"""Runs a job that kills itself with SIGKILL at a chosen point; started as a process of its own by the tests of this folder.

Usage: python -m tests.inference.batch.killed POINT SOURCE OUTPUT
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from tests.inference.batch.jobs import run

from hawadith.batch.folder import JobFolder
from hawadith.batch.ids import IdCheck
from hawadith.batch.journal import JOURNAL, Journal
from hawadith.classifier import IncidentClassifier
from hawadith.writers.jsonl import JsonLinesFormat


def die(*_: object, **__: object) -> NoReturn:
    """Die as a process dies that is killed: nothing is flushed, nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def die_at(owner: object, name: str, *, call: int, before: Callable[..., object] | None = None) -> None:
    """Make the given call of a method the last thing that this process does."""
    original = getattr(owner, name)
    calls = iter(range(1, 1_000_000))

    def counted(*args: object, **kwargs: object) -> object:
        if next(calls) == call:
            if before is not None:
                before(*args, **kwargs)
            die()
        return original(*args, **kwargs)

    setattr(owner, name, counted)


def tear_journal(journal: Journal, _: object) -> None:
    """Write half a line."""
    with journal.path.open("ab") as stream:
        stream.write(b'{"kind": "shard", "index": 2, "na')


def tear_errors(folder: JobFolder, _: object) -> None:
    """Write half an error."""
    with (folder.path / "errors.jsonl").open("ab") as stream:
        stream.write(b'{"id": "a3", "sta')


def tear_join(_: object, path: Path, __: object) -> None:
    """Write a part of the joined file."""
    path.write_bytes(b'{"id": "a0", ')


def tear_folder(path: Path) -> None:
    """Remove a part of a folder."""
    (path / JOURNAL).unlink()


POINTS: dict[str, Callable[[], None]] = {
    "listing": lambda: die_at(IdCheck, "add", call=4),
    "scoring": lambda: die_at(IncidentClassifier, "predict", call=3),
    "renaming": lambda: die_at(Path, "replace", call=3),  # of the listing, the first part, the second
    "between data and errors": lambda: die_at(JobFolder, "_append_errors", call=2),
    "inside errors": lambda: die_at(JobFolder, "_append_errors", call=2, before=tear_errors),
    "between data and manifest": lambda: die_at(Journal, "add_shard", call=3),
    "inside manifest": lambda: die_at(Journal, "add_shard", call=3, before=tear_journal),
    "finishing": lambda: die_at(Journal, "finish", call=1),
    "joining": lambda: die_at(JsonLinesFormat, "join", call=1, before=tear_join),
    "removing": lambda: die_at(shutil, "rmtree", call=1, before=tear_folder),
}
"""Where a job can be killed, by name."""


def main(point: str, source: str, output: str) -> None:
    """Arm the point and run the job."""
    POINTS[point]()
    run(Path(source), output=output)


if __name__ == "__main__":
    main(*sys.argv[1:])
