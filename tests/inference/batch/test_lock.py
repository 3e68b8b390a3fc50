"""The lock: one process per folder, and none that is dead."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hawadith.batch.lock import LOCK, lock_folder
from hawadith.errors import OutputError

HOLD = "import sys, time\nfrom pathlib import Path\nfrom hawadith.batch.lock import lock_folder\n"


def test_lock_names_its_holder_and_goes_with_it(tmp_path: Path) -> None:
    with lock_folder(tmp_path / "new" / "out"):
        assert (tmp_path / "new" / "out" / LOCK).read_text() == f"{os.getpid()}\n"
    assert list((tmp_path / "new" / "out").iterdir()) == []


def test_lock_of_a_living_process_is_respected_and_of_a_killed_one_is_not(tmp_path: Path) -> None:
    code = f"{HOLD}with lock_folder(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"
    holder = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(OutputError, match=rf"another process \(process {holder.pid}\)"), lock_folder(tmp_path):
        pass
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert (tmp_path / LOCK).exists()
    with lock_folder(tmp_path):
        assert (tmp_path / LOCK).read_text() == f"{os.getpid()}\n"


def test_lock_that_was_removed_while_we_waited_for_it_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = os.open
    removed: list[bool] = []

    def open_and_lose(path: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = original(path, flags, mode)
        if not removed:
            removed.append(True)
            Path(path).unlink()  # as its last holder does when it lets go
        return descriptor

    monkeypatch.setattr(os, "open", open_and_lose)
    with lock_folder(tmp_path):
        assert (tmp_path / LOCK).exists()


def test_lock_leaves_that_of_another_process_in_a_folder_of_the_same_name(tmp_path: Path) -> None:
    folder = tmp_path / "job"
    with lock_folder(folder):
        folder.rename(tmp_path / "finished")
        folder.mkdir()
        (folder / LOCK).write_text("held by another")
    assert (folder / LOCK).exists()


@pytest.mark.parametrize("content", [b"", b"\xff"])
def test_lock_without_a_readable_holder_is_respected(tmp_path: Path, content: bytes) -> None:
    with lock_folder(tmp_path):
        (tmp_path / LOCK).write_bytes(content)
        with pytest.raises(OutputError, match="process unknown"), lock_folder(tmp_path):
            pass


def test_lock_where_nothing_can_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"Cannot write .*file/out/"), lock_folder(tmp_path / "file" / "out"):
        pass
