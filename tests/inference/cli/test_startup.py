"""Start-up: asking for help loads nothing that scores."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.builders import SAMPLES

import hawadith


def test_help_waits_for_nothing_that_scores() -> None:
    code = "import sys\nfrom hawadith.cli import build_app\nbuild_app()\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"numpy", "pyarrow", "yaml", "hawadith.classifier"}.isdisjoint(done.stdout.split())


@pytest.mark.parametrize("name", hawadith.__all__)
def test_package_gives_its_public_names_when_asked(name: str) -> None:
    assert getattr(hawadith, name).__name__ == name
    assert name in dir(hawadith)


def test_package_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        getattr(hawadith, "nonsense")  # noqa: B009 - mypy knows already that it is not there


def processor_seconds(*arguments: str) -> float:
    """The least of three runs, in processor time, which other processes disturb less than the time on the clock."""
    found = []
    for _ in range(3):
        command = [str(Path(sys.executable).parent / "hawadith"), *arguments]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        found.append(usage.ru_utime + usage.ru_stime)
    return min(found)


@pytest.mark.slow
def test_help_and_first_score_come_quickly(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(SAMPLES.read_text("utf-8").splitlines()[0], encoding="utf-8")
    assert processor_seconds("--help") < 0.4
    assert processor_seconds("score", str(tmp_path / "one.jsonl"), "--output", str(tmp_path / "out.jsonl")) < 1.5
