"""The measured process reports what it did, in one JSON object."""

import json

import pytest
from tests.builders import SAMPLES

from hawadith.bench.worker import main
from hawadith.classifier import default_bundle


def test_worker_reports_every_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(default_bundle()), str(SAMPLES), "3", "2"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) == {"ready_at", "seconds", "articles", "tokens", "peak_memory"}
    assert (report["articles"], len(report["seconds"])) == (3, 2)
    assert report["tokens"] > 0
