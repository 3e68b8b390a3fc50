"""Start-up: asking for help loads nothing that scores."""

import subprocess
import sys

import pytest

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
