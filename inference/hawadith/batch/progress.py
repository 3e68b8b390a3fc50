"""How far a job is: a line that renews itself on a terminal, one JSON line per interval elsewhere; always on standard error."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Self, TextIO

from hawadith.batch.counts import Counts

INTERVAL_SECONDS = 30.0
"""Between two lines where nobody watches."""

_RENEWAL_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job is.

    Attributes:
        resumed: Rows that earlier runs had put in place.
        total: All rows; None where nobody knows.
        counts: How the rows in place ended.
    """

    resumed: int
    total: int | None
    counts: Counts


ProgressReport = Callable[[Progress], None]
"""Called when a job begins and after each shard."""


class ProgressLines:
    """Says how far a job is, not more often than is of use; a context manager.

    Args:
        stream: Where to; standard error where None.
        interval: Seconds between two lines.
        clock: Seconds that pass.
    """

    def __init__(
        self,
        *,
        stream: TextIO | None = None,
        interval: float = INTERVAL_SECONDS,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._on_terminal = self._stream.isatty()
        self._interval = _RENEWAL_SECONDS if self._on_terminal else interval
        self._clock = clock
        self._began: float | None = None
        self._said = clock()
        self._open_line = False

    def __call__(self, progress: Progress) -> None:
        """Hear how far the job is."""
        now = self._clock()
        if (
            self._began is None
        ):  # only now is scoring about to begin: the first pass over the input is no part of the rate
            self._began = self._said = now
        if now - self._said < self._interval:
            return
        self._said = now
        values = describe_progress(progress, seconds=now - self._began)
        if self._on_terminal:
            self._stream.write(f"\r\x1b[K{_render(values)}")
            self._open_line = True
        else:
            self._stream.write(json.dumps(values) + "\n")
        self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the terminal at the start of a fresh line."""
        if self._open_line:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._open_line = False


def describe_progress(progress: Progress, *, seconds: float) -> dict[str, float | int | None]:
    """Figures of a running job.

    Args:
        progress: How far it is.
        seconds: Since this run began.

    Returns:
        `rows` in place, `total`, `errors`, `rows_per_s` of this run, and `seconds_left`; null where nobody knows.
    """
    rows = progress.counts.rows
    rate = (rows - progress.resumed) / seconds if seconds > 0 else 0.0
    left = (progress.total - rows) / rate if progress.total is not None and rate > 0 else None
    return {
        "rows": rows,
        "total": progress.total,
        "errors": progress.counts.errors,
        "rows_per_s": round(rate, 1),
        "seconds_left": None if left is None else round(left),
    }


def _render(values: dict[str, float | int | None]) -> str:
    total, left = values["total"], values["seconds_left"]
    share = f" of {total} ({100 * (values['rows'] or 0) / total:.0f}%)" if total else ""
    remaining = "" if left is None else f", {_render_seconds(int(left))} left"
    errors = f", {values['errors']} errors" if values["errors"] else ""
    return f"{values['rows']}{share} rows, {values['rows_per_s']} rows/s{remaining}{errors}"


def _render_seconds(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
