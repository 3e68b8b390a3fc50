"""`hawadith score --follow`: until a signal says stop, which ends the work in order."""

import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hawadith.batch.fingerprint import JobSettings
from hawadith.batch.follow import Pace, follow_inbox
from hawadith.batch.job import JobResult
from hawadith.batch.progress import ProgressReport
from hawadith.errors import ConfigError
from hawadith.scoring import Classifier

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def follow_until_stopped(
    inputs: Sequence[Path],
    *,
    output: str | None,
    classifier: Classifier,
    settings: JobSettings,
    settle: float,
    resume: bool,
    report: ProgressReport,
) -> JobResult:
    """Follow one inbox until SIGINT or SIGTERM; the shard at hand is still put in place.

    Args:
        inputs: The inbox alone.
        output: A folder of shards (ends in `/`).
        classifier: The model.
        settings: The job's settings.
        settle: Seconds for which a file must not change before it is read.
        resume: Go on with a job that is there.
        report: Hears how far the job is.

    Returns:
        How the rows so far ended.

    Raises:
        ConfigError: If there are several inputs, or input or output is no folder.
    """
    if len(inputs) != 1 or output is None:
        raise ConfigError("--follow takes one folder as INPUT and one, with / at its end, as --output.")
    with _stop_on_signal() as stop:
        return follow_inbox(
            inputs[0],
            output=output,
            classifier=classifier,
            settings=settings,
            pace=Pace(settle=settle, stop=stop),
            resume=resume,
            report=report,
        )


@contextmanager
def _stop_on_signal() -> Iterator[threading.Event]:
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in _SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
