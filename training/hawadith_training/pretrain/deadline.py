"""When a run has to stop: after so many minutes, or when it is asked to."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Deadline:
    """A time budget that counts from its construction.

    Args:
        minutes: How much; None never runs out.
    """

    def __init__(self, minutes: float | None) -> None:
        self._end = None if minutes is None else time.monotonic() + 60 * minutes
        self._asked = False

    @property
    def is_over(self) -> bool:
        """Whether to stop at the next place where nothing is lost."""
        return self._asked or (self._end is not None and time.monotonic() >= self._end)

    @contextmanager
    def heed_signals(self) -> Iterator[None]:
        """Take SIGTERM and the first Ctrl-C for the wish to stop in order; a second Ctrl-C stops at once."""
        former = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}

        def stop(number: int, _: FrameType | None) -> None:
            self._asked = True
            signal.signal(number, former[signal.Signals(number)])

        for number in former:
            signal.signal(number, stop)
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)
