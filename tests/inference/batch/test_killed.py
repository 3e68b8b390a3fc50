"""Fault cases 1 and 2: a job killed with SIGKILL at any point ends as one that nobody disturbed."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.inference.batch.jobs import read_folder, run, write_articles

ROOT = Path(__file__).parents[3]


def run_killed(point: str, source: Path, output: str) -> None:
    command = [sys.executable, "-m", "tests.inference.batch.killed", point, str(source), output]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr


def check_folder(tmp_path: Path, *, point: str, in_place: int) -> None:
    """Kill a job of 14 rows in shards of 3, go on, and compare with an unbroken run."""
    source = write_articles(tmp_path / "in.jsonl", 14)
    run_killed(point, source, f"{tmp_path}/out/")
    assert run(source, output=f"{tmp_path}/out/").resumed == in_place
    run(source, output=f"{tmp_path}/unbroken/")
    assert read_folder(tmp_path / "out") == read_folder(tmp_path / "unbroken")


@pytest.mark.parametrize(("point", "in_place"), [("listing", 0), ("scoring", 6), ("renaming", 3)])
def test_fault_01_job_killed_in_a_shard_ends_byte_identical(tmp_path: Path, point: str, in_place: int) -> None:
    check_folder(tmp_path, point=point, in_place=in_place)


@pytest.mark.parametrize(
    ("point", "in_place"),
    [
        ("between data and errors", 3),
        ("inside errors", 3),
        ("between data and manifest", 6),
        ("inside manifest", 6),
        ("finishing", 14),
    ],
)
def test_fault_02_job_killed_between_data_and_manifest_ends_byte_identical(
    tmp_path: Path, point: str, in_place: int
) -> None:
    check_folder(tmp_path, point=point, in_place=in_place)


@pytest.mark.parametrize("point", ["between data and manifest", "joining", "removing"])
def test_job_killed_for_a_single_file_ends_byte_identical(tmp_path: Path, point: str) -> None:
    source = write_articles(tmp_path / "in.jsonl", 14)
    run_killed(point, source, f"{tmp_path}/out.jsonl")
    assert (tmp_path / "out.jsonl").exists() == (point == "removing")
    run(source, output=tmp_path / "out.jsonl")
    run(source, output=tmp_path / "unbroken.jsonl")
    source.unlink()
    files = read_folder(tmp_path)
    assert sorted(files) == ["out.jsonl", "unbroken.jsonl"]
    assert files["out.jsonl"] == files["unbroken.jsonl"]
