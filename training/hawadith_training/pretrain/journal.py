"""What a run says while it runs: a line of JSON per event in `log.jsonl`, and for whoever watches a live line or a line per report."""

import json
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


class Journal:
    """The log of a run; only its first process writes.

    Args:
        file: The log; a line that a kill has torn is closed first.
        console: Where to show progress; standard error when not given, since standard output belongs to results.
        enabled: Whether to write and show anything.
    """

    def __init__(self, file: Path, *, console: Console | None = None, enabled: bool = True) -> None:
        self._console = console or Console(stderr=True)
        self._file = file
        self._enabled = enabled
        self._progress: Progress | None = None

    def __enter__(self) -> "Journal":
        if self._enabled:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            torn = self._file.is_file() and not self._file.read_bytes().endswith(b"\n")
            with self._file.open("a", encoding="utf-8") as log:
                log.write("\n" if torn else "")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def write(self, event: str, **values: object) -> None:
        """Append an event to the log; it is there as soon as this returns."""
        if self._enabled:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            with self._file.open("a", encoding="utf-8") as log:
                log.write(json.dumps({"event": event, "time": now, **values}, ensure_ascii=False) + "\n")

    def say(self, line: str) -> None:
        """Show a line that stays."""
        if self._enabled:
            console = self._console if self._progress is None else self._progress.console
            console.print(line, highlight=False, markup=False)

    def track(self, *, done: int, total: int, report: str = "") -> None:
        """Move the live line; where there is no terminal, show the report as a line of its own.

        Args:
            done: Tokens read.
            total: Tokens of the run.
            report: What has been measured since the last one; empty where nothing has.
        """
        if not self._enabled:
            return
        if not self._console.is_terminal:
            if report:
                self.say(report)
            return
        if self._progress is None:
            columns = (
                TextColumn("pre-training"),
                BarColumn(),
                TextColumn("{task.percentage:.1f}%"),
                TimeRemainingColumn(),
                TextColumn("{task.description}"),
            )
            self._progress = Progress(*columns, console=self._console)
            self._progress.add_task("", total=total, completed=done)
            self._progress.start()
        self._progress.update(self._progress.task_ids[0], completed=done)
        if report:
            self._progress.update(self._progress.task_ids[0], description=report)
