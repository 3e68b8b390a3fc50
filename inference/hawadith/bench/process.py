"""Measures scoring in a process of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hawadith.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """What scoring took, from file to probabilities: reading, text profile, tokenising, inference, calibration; no evidence.

    Attributes:
        articles: Articles of one pass.
        tokens: Tokens of the articles, each counted once, without special tokens.
        seconds: Of each pass; the first one also makes kernels for the shapes that occur.
        startup: Seconds from the start of the process to the first scored article.
        peak_memory: Bytes of the process at most.
    """

    articles: int
    tokens: int
    seconds: tuple[float, ...]
    startup: float
    peak_memory: int

    @property
    def best(self) -> float:
        """Seconds of the fastest pass: what other processes take away only ever makes one slower."""
        return min(self.seconds)


def measure_scoring(bundle: Path, *, data: Path, limit: int, passes: int) -> Scoring:
    """Score a file of articles in a fresh process.

    Args:
        bundle: The bundle's folder.
        data: What `hawadith score` reads.
        limit: Articles at most.
        passes: How often they are scored; at least 1.

    Returns:
        What it took.

    Raises:
        DataError: If the process failed, or there was nothing to score.
    """
    # -P keeps the working folder off the import path.
    command = [sys.executable, "-P", "-m", "hawadith.bench.worker", str(bundle), str(data), str(limit), str(passes)]
    started = time.time()
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise DataError(f"Scoring {data} with {bundle} failed: {_last(done.stderr.splitlines())}")
    report = json.loads(_last(done.stdout.splitlines()))
    if not report["tokens"]:
        raise DataError(f"{data} holds no article that {bundle} can read. Name another file with --data.")
    return Scoring(
        articles=report["articles"],
        tokens=report["tokens"],
        seconds=tuple(report["seconds"]),
        startup=report["ready_at"] - started,
        peak_memory=report["peak_memory"],
    )


def _last(lines: Sequence[str]) -> str:
    return lines[-1] if lines else "it said nothing."
