"""Files take their final name whole, and the mode that the user asked for."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from hawadith.errors import ModelUnavailableError
from hawadith.writers.atomic import apply_umask, replace_file


@pytest.fixture
def group_umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


@pytest.mark.usefixtures("group_umask")
def test_replace_file_takes_the_users_umask(tmp_path: Path) -> None:
    with replace_file(tmp_path / "out.csv") as temporary:
        temporary.write_text("x")
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o640


@pytest.mark.usefixtures("group_umask")
def test_apply_umask_leaves_folders_open_to_enter_and_the_umask_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(0o700)
    apply_umask(tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o750
    assert os.umask(0o027) == 0o027


def test_replace_file_lets_our_own_errors_through(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match="no model"), replace_file(tmp_path / "out.csv"):
        raise ModelUnavailableError("no model")
    assert list(tmp_path.iterdir()) == []
