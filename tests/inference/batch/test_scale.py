"""Scale: memory does not grow with the input, time grows in proportion; measured on the program as a user runs it."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.inference.batch.corpora import write_corpus

PROGRAM = Path(sys.executable).parent / "hawadith"


def measure(source: Path, output: Path) -> tuple[float, float]:
    """Score a file in a process of its own.

    Returns:
        Its peak memory in MB and its processor time in seconds, which other processes disturb less than the time on the clock.
    """
    process = subprocess.Popen(
        [str(PROGRAM), "score", str(source), "--output", f"{output}/"], stderr=subprocess.DEVNULL
    )
    peak = 0.0
    usage: resource.struct_rusage | None = None
    while usage is None:
        time.sleep(0.05)
        peak = max(peak, read_peak_memory(process.pid))
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
        usage = used if ended else None
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return peak, usage.ru_utime + usage.ru_stime


def read_peak_memory(pid: int) -> float:
    """A process's peak memory in MB so far; `ru_maxrss` would count what this process held when it started the other."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    kilobytes = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(kilobytes[0]) / 1024 if kilobytes else 0.0  # a process that has ended holds none


def measure_sizes(folder: Path, *sizes: int) -> dict[int, tuple[float, float]]:
    """Memory and time by number of articles."""
    found = {}
    for articles in sizes:
        source = write_corpus(folder / f"{articles}.jsonl", articles=articles)
        found[articles] = measure(source, folder / str(articles))
        source.unlink()
    return found


def show(found: dict[int, tuple[float, float]]) -> None:
    """Leave the figures in the test's output (`-rP` shows it)."""
    for articles, (memory, seconds) in found.items():
        sys.stdout.write(f"{articles} articles: {memory:.0f} MB, {seconds:.1f} s of CPU\n")


@pytest.mark.slow
def test_memory_of_a_gigabyte_is_that_of_a_tenth(tmp_path: Path) -> None:
    found = measure_sizes(tmp_path, 28_000, 280_000)
    show(found)
    small, large = (memory for memory, _ in found.values())
    assert large < 700
    assert large < 1.1 * small


@pytest.mark.slow
def test_time_grows_in_proportion_to_the_articles(tmp_path: Path) -> None:
    found = measure_sizes(tmp_path, 10, 1_000, 100_000)
    show(found)
    start = found[10][1]
    small, large = ((found[articles][1] - start) / articles for articles in (1_000, 100_000))
    assert large == pytest.approx(small, rel=0.1)
