"""Progress: figures that a person or a program can follow."""

import io
import json

from hawadith.batch.counts import Counts
from hawadith.batch.progress import Progress, ProgressLines, describe_progress


class Terminal(io.StringIO):
    """A stream that somebody watches."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def progress(rows: int, *, total: int | None = 1_000, resumed: int = 0, errors: int = 0) -> Progress:
    return Progress(resumed=resumed, total=total, counts=Counts(statuses={"ok": rows}, errors=errors))


def tell(stream: io.StringIO, *reports: tuple[float, Progress]) -> str:
    """What is written when reports come at these seconds."""
    times = iter([0.0, *(seconds for seconds, _ in reports)])
    with ProgressLines(stream=stream, interval=30, clock=lambda: next(times)) as lines:
        for _, report in reports:
            lines(report)
    return stream.getvalue()


def test_progress_rate_is_of_this_run_alone() -> None:
    values = describe_progress(progress(600, resumed=400), seconds=10)
    assert values == {"rows": 600, "total": 1_000, "errors": 0, "rows_per_s": 20.0, "seconds_left": 20}


def test_progress_says_no_time_where_nobody_knows() -> None:
    assert describe_progress(progress(0), seconds=0)["seconds_left"] is None
    assert describe_progress(progress(5, total=None), seconds=1)["seconds_left"] is None


def test_progress_is_one_json_line_per_interval_where_nobody_watches() -> None:
    reports = [(100.0, progress(0)), (110.0, progress(100)), (131.0, progress(310, errors=2)), (140.0, progress(400))]
    [line] = tell(io.StringIO(), *reports).splitlines()
    assert json.loads(line) == {"rows": 310, "total": 1_000, "errors": 2, "rows_per_s": 10.0, "seconds_left": 69}


def test_progress_renews_one_line_on_a_terminal_and_takes_it_away() -> None:
    written = tell(Terminal(), (0.0, progress(0)), (10.0, progress(100, errors=3)), (20.0, progress(200, total=None)))
    _, first, second, last = written.split("\r\x1b[K")
    assert first == "100 of 1000 (10%) rows, 10.0 rows/s, 1:30 left, 3 errors"
    assert second == "200 rows, 10.0 rows/s"
    assert last == ""


def test_progress_shows_hours() -> None:
    written = tell(Terminal(), (0.0, progress(0, total=100_000)), (10.0, progress(100, total=100_000)))
    assert "2:46:30 left" in written
