"""Scale: memory does not grow with the input, time grows in proportion; measured on the program as a user runs it."""

import os
import subprocess
import sys
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
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def measure_sizes(folder: Path, *sizes: int) -> dict[int, tuple[float, float]]:
    """Memory and time by number of articles."""
    found = {}
    for articles in sizes:
        source = write_corpus(folder / f"{articles}.jsonl", articles=articles)
        found[articles] = measure(source, folder / str(articles))
        source.unlink()
    return found


@pytest.mark.slow
def test_memory_of_a_gigabyte_is_that_of_a_tenth(tmp_path: Path) -> None:
    found = measure_sizes(tmp_path, 28_000, 280_000)
    small, large = (memory for memory, _ in found.values())
    assert large < 700
    assert large < 1.1 * small


@pytest.mark.slow
def test_time_grows_in_proportion_to_the_articles(tmp_path: Path) -> None:
    found = measure_sizes(tmp_path, 10, 1_000, 100_000)
    start = found[10][1]
    small, large = ((found[articles][1] - start) / articles for articles in (1_000, 100_000))
    assert large == pytest.approx(small, rel=0.1)
