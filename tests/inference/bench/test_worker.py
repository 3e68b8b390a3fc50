"""The measured process reports what it did, in one JSON object."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.builders import SAMPLES

from hawadith.bench import worker
from hawadith.bench.worker import main, read_peak_memory
from hawadith.classifier import default_bundle


def test_worker_reports_every_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(default_bundle()), str(SAMPLES), "3", "2"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"ready_at", "seconds", "articles", "tokens", "peak_memory"}
    assert (report["articles"], len(report["seconds"])) == (3, 2)
    assert report["tokens"] > 0


def test_peak_memory_is_not_that_of_the_starting_process() -> None:
    ballast = np.ones(50_000_000)  # 400 MB, held by this process
    statement = "from hawadith.bench.worker import read_peak_memory as read; import sys; sys.stdout.write(str(read()))"
    done = subprocess.run([sys.executable, "-c", statement], capture_output=True, text=True, check=True)
    assert ballast.sum() > 0
    assert 10e6 < int(done.stdout) < 350e6


def test_peak_memory_is_known_on_other_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "Path", lambda _: Path("no-such-file"))
    assert read_peak_memory() > 10e6
