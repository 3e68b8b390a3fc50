"""Soak: a long job of the bundled model, killed with SIGKILL again and again at random moments."""

import random
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
from tests.inference.batch.corpora import write_corpus
from tests.inference.batch.jobs import read_folder

PROGRAM = Path(sys.executable).parent / "hawadith"


def build_command(source: Path, output: Path) -> list[str]:
    return [str(PROGRAM), "score", str(source), "--output", f"{output}/", "--shard-rows", "64"]


def soak(folder: Path, *, articles: int, kills: int, seed: int = 11) -> tuple[int, float]:
    """Run a job unbroken and once more with kills, and compare the outputs.

    Returns:
        How often the second was killed, and the seconds that the first took.
    """
    source = write_corpus(folder / "in.jsonl", articles=articles)
    began = monotonic()
    subprocess.run(build_command(source, folder / "unbroken"), check=True, capture_output=True)
    seconds = monotonic() - began
    chance = random.Random(seed)  # noqa: S311 - reproducible, not secret
    killed = 0
    while killed < kills:
        process = subprocess.Popen(build_command(source, folder / "out"), stderr=subprocess.DEVNULL)
        try:
            # From before the first import to well inside the scoring.
            process.wait(timeout=chance.uniform(0.1, 2.5 + 0.8 * seconds / kills))
        except subprocess.TimeoutExpired:
            process.kill()
            killed += process.wait() == -signal.SIGKILL
        else:
            break
    subprocess.run(build_command(source, folder / "out"), check=True, capture_output=True)
    assert read_folder(folder / "out") == read_folder(folder / "unbroken")
    return killed, seconds


@pytest.mark.slow
def test_job_killed_twenty_times_at_random_moments_ends_byte_identical(tmp_path: Path) -> None:
    killed, _ = soak(tmp_path, articles=20_000, kills=20)
    assert killed == 20
