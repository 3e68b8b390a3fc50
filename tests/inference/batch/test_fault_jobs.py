"""Fault cases 3 to 6: what goes wrong around a job, and what becomes of its folder."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest
from tests.builders import KeywordModel, build_bundle
from tests.inference.batch.jobs import read_folder, run, write_articles

from hawadith.batch import fingerprint
from hawadith.batch.fingerprint import JobSettings
from hawadith.batch.job import run_job
from hawadith.classifier import IncidentClassifier
from hawadith.errors import OutputError
from hawadith.model import ArticleScores
from hawadith.text.article import PreparedArticle
from hawadith.writers.parquet import ParquetFormat

ROOT = Path(__file__).parents[3]
RUN_IN_LITTLE_ROOM = """
import resource, signal, sys
from pathlib import Path
from hawadith.batch.destination import Destination
from tests.inference.batch.jobs import run
source, output, room, moment = sys.argv[1:]
def limit():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(room),) * 2)
complete = Destination.complete
Destination.complete = lambda self, job: (limit(), complete(self, job))
if moment == "scoring":
    limit()
run(Path(source), output=output)
"""


def run_in_little_room(source: Path, output: str, *, room: int, moment: str) -> str:
    """Run a job that may make no file larger; what it complains of."""
    # The limit on file sizes stands in for the disk: writing beyond it fails in the same place with an OSError.
    command = [sys.executable, "-c", RUN_IN_LITTLE_ROOM, str(source), output, str(room), moment]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("output", "moment"), [("out/", "scoring"), ("out.jsonl", "scoring"), ("out.jsonl", "joining")]
)
def test_fault_03_full_disk_is_one_clear_error_and_the_job_goes_on_with_room(
    tmp_path: Path, output: str, moment: str
) -> None:
    source = write_articles(tmp_path / "in.jsonl", 90)
    run(source, output=f"{tmp_path}/unbroken/")
    # Room for the journal after some shards, and not after all of them.
    room = (tmp_path / "unbroken" / "manifest.jsonl").stat().st_size // 2 if moment == "scoring" else 1_000
    complaint = run_in_little_room(source, f"{tmp_path}/{output}", room=room, moment=moment)
    assert complaint.startswith("hawadith.errors.OutputError: Cannot write")
    assert not list(tmp_path.rglob("*.tmp*"))
    resumed = run(source, output=f"{tmp_path}/{output}").resumed
    assert resumed == 90 if moment == "joining" else 0 < resumed < 90
    run(source, output=f"{tmp_path}/whole{output.removeprefix('out')}")
    files = read_folder(tmp_path)
    whole = {name.removeprefix("whole"): files[name] for name in files if name.startswith("whole")}
    assert {name.removeprefix("out"): files[name] for name in files if name.startswith("out")} == whole


def test_fault_04_rerun_of_a_finished_job_scores_nothing_and_changes_no_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    run(source, output=f"{tmp_path}/out/")
    before = read_folder(tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    monkeypatch.setattr(IncidentClassifier, "predict", None)
    result = run(source, output=f"{tmp_path}/out/")
    assert (result.resumed, result.counts.rows) == (10, 10)
    assert read_folder(tmp_path / "out") == before
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == times


def test_fault_05_another_model_is_refused_and_the_fields_are_named(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    run(source, output=f"{tmp_path}/out/")
    before = read_folder(tmp_path / "out")
    bundle = build_bundle("mine")
    strict = replace(bundle.calibration, labels=(replace(bundle.calibration.labels[0], threshold=0.75),))
    classifier = IncidentClassifier(replace(bundle, calibration=strict), model=KeywordModel(["لغم"]))
    settings = JobSettings(shard_rows=3, evidence=False)
    with pytest.raises(OutputError) as refused:
        run_job([source], output=f"{tmp_path}/out/", classifier=classifier, settings=settings)
    assert "thresholds.mine: 0.5 → 0.75" in str(refused.value)
    assert "evidence: True → False" in str(refused.value)
    assert "shard_rows" not in str(refused.value)
    assert read_folder(tmp_path / "out") == before
    result = run_job([source], output=f"{tmp_path}/out/", classifier=classifier, settings=settings, resume=False)
    assert result.resumed == 0
    assert read_folder(tmp_path / "out") != before


@pytest.mark.parametrize("output", ["out/", "out.csv"])
def test_fault_06_a_second_process_on_the_same_output_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    refusals: list[str] = []

    class Intruder(KeywordModel):
        def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
            if not refusals:
                with pytest.raises(OutputError) as refused:
                    run(source, output=f"{tmp_path}/{output}")
                refusals.append(str(refused.value))
            return super().score(articles)

    run(source, output=f"{tmp_path}/{output}", model=Intruder(["لغم"]))
    assert f"another process (process {os.getpid()})" in refusals[0]
    assert not list(tmp_path.rglob(".lock"))


def test_fault_06_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    (tmp_path / "out").mkdir()
    dead = subprocess.run(["sh", "-c", "echo $$"], capture_output=True, text=True, check=True)
    (tmp_path / "out" / ".lock").write_text(dead.stdout)
    assert run(source, output=f"{tmp_path}/out/").counts.rows == 10


@pytest.mark.parametrize("name", ["trafilatura", "pyarrow", "tokenizers"])
def test_job_is_not_continued_with_another_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    run(source, output=f"{tmp_path}/out/")
    monkeypatch.setattr(fingerprint, "version", lambda asked: "0.0.1" if asked == name else metadata.version(asked))
    with pytest.raises(OutputError, match=rf"libraries\.{name}: .* → 0\.0\.1"):
        run(source, output=f"{tmp_path}/out/")


def test_rows_that_do_not_arrive_on_disk_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    monkeypatch.setattr(ParquetFormat, "count", lambda *_: 2)
    with pytest.raises(OutputError, match="2 rows arrived on disk of 3"):
        run(source, output=f"{tmp_path}/out/")
    assert not (tmp_path / "out").exists()
