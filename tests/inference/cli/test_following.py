"""`hawadith score` stopped by a signal: in order, with a word on how to go on."""

import os
import signal
import threading
from pathlib import Path

import pytest
from tests.builders import KeywordModel, build_bundle
from typer.testing import CliRunner

from hawadith.batch.folder import JobFolder
from hawadith.classifier import IncidentClassifier
from hawadith.cli import build_app
from hawadith.errors import ConfigError


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    classifier = IncidentClassifier(build_bundle("mine"), model=KeywordModel(["لغم"]))
    monkeypatch.setattr(IncidentClassifier, "load", lambda _: classifier)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_follow_ends_in_order_on_a_signal_and_hands_the_signals_back(tmp_path: Path, number: signal.Signals) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text("انفجر لغم", encoding="utf-8")
    before = signal.getsignal(number)
    timer = threading.Timer(1.5, os.kill, (os.getpid(), number))
    timer.start()
    arguments = ["score", str(inbox), "--follow", "--settle", "0", "--output", f"{tmp_path}/out/"]
    result = CliRunner().invoke(build_app(), arguments)
    timer.join()
    assert result.exit_code == 0, result.output
    assert "1 rows, in" in result.stderr
    assert signal.getsignal(number) == before


@pytest.mark.parametrize("arguments", [["inbox", "more", "--output", "out/"], ["inbox"]])
def test_follow_needs_one_inbox_and_an_output(tmp_path: Path, arguments: list[str]) -> None:
    result = CliRunner().invoke(
        build_app(), ["score", *(f"{tmp_path}/{a}" if a[0] != "-" else a for a in arguments), "--follow"]
    )
    assert isinstance(result.exception, ConfigError)


def test_score_interrupted_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(JobFolder, "commit", interrupt)
    (tmp_path / "a.txt").write_text("خبر", encoding="utf-8")
    result = CliRunner().invoke(build_app(), ["score", str(tmp_path / "a.txt"), "--output", str(tmp_path / "out.csv")])
    assert result.exit_code == 130
    assert "the same command goes on" in result.stderr
