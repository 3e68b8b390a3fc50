"""A cascade as a job: rows that say who decided, resumed to the same bytes, refused where any part of the pair has changed."""

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.builders import KeywordModel, build_bundle
from tests.inference.batch.jobs import read_folder, read_lines, write_rows
from tests.inference.cascade.pairs import CALM, MINE, SHELL, build_cascade, build_large, build_plan, build_small
from typer.testing import CliRunner, Result

from hawadith.batch.fingerprint import JobSettings
from hawadith.batch.job import JobResult, run_job
from hawadith.classifier import IncidentClassifier
from hawadith.cli import build_app
from hawadith.errors import ConfigError, OutputError
from hawadith.prediction import Prediction
from hawadith.records import Row
from hawadith.scoring import Classifier

PAIR = f"{build_large().model_id}+{build_small().model_id}"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    texts = [MINE, CALM, SHELL, None, "", CALM, MINE, "سم"]
    return write_rows(tmp_path / "in.jsonl", [{"id": f"a{n}", "text": text} for n, text in enumerate(texts)])


def run(source: Path, output: str, *, classifier: Classifier | None = None) -> JobResult:
    return run_job(
        [source], output=output, classifier=classifier or build_cascade(), settings=JobSettings(shard_rows=3)
    )


def test_rows_of_a_cascade_say_which_model_decided(source: Path, tmp_path: Path) -> None:
    result = run(source, f"{tmp_path}/out.jsonl")
    rows = read_lines(tmp_path / "out.jsonl")
    large, small = build_large().model_id, build_small().model_id
    assert [(row["status"], row["labels"], row["model"]) for row in rows] == [
        ("ok", ["mine"], large),
        ("screened_out", [], small),
        ("ok", [], large),
        ("parse_error", [], PAIR),
        ("empty", [], large),
        ("screened_out", [], small),
        ("ok", ["mine"], large),
        ("error", [], PAIR),
    ]
    assert [row["scores"] == {} for row in rows] == [status not in ("ok",) for status in (r["status"] for r in rows)]
    assert result.counts.statuses["screened_out"] == 2
    assert result.counts.errors == 2


def test_rows_of_a_cascade_hold_no_scores_in_parquet_where_they_were_ruled_out(source: Path, tmp_path: Path) -> None:
    run(source, f"{tmp_path}/out.parquet")
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["scores"] for row in rows if row["status"] == "screened_out"] == [None, None]


def test_job_of_a_cascade_goes_on_to_the_same_bytes(source: Path, tmp_path: Path) -> None:
    def stop(rows: Sequence[Row], _: Sequence[Prediction]) -> None:
        if rows:
            raise KeyboardInterrupt

    run(source, f"{tmp_path}/whole/")
    with pytest.raises(KeyboardInterrupt):
        run_job(
            [source],
            output=f"{tmp_path}/cut/",
            classifier=build_cascade(),
            settings=JobSettings(shard_rows=3),
            on_shard=stop,
        )
    assert run(source, f"{tmp_path}/cut/").resumed == 3
    assert read_folder(tmp_path / "cut") == read_folder(tmp_path / "whole")


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        (build_cascade(threshold=0.4), "cascade.thresholds.mine: 0.5 → 0.4"),
        (build_large(), "cascade.thresholds.mine: 0.5 → absent"),
    ],
)
def test_job_of_a_cascade_goes_on_with_the_same_pair_alone(
    source: Path, tmp_path: Path, other: Classifier, difference: str
) -> None:
    run(source, f"{tmp_path}/out/")
    with pytest.raises(OutputError, match=difference):
        run(source, f"{tmp_path}/out/", classifier=other)


def write_plan(path: Path) -> Path:
    plan = build_plan()
    values = {
        "cascade_version": 1,
        "large": {"identity": plan.large},
        "small": {"identity": plan.small},
        "thresholds": dict(plan.thresholds),
        "promise": {"at_most": plan.at_most, "confidence": plan.confidence},
    }
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


@pytest.fixture
def bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder `LARGE` holds the large model, no folder the bundled default: the small one."""

    def load(path: Path | None) -> IncidentClassifier:
        known = {"None": build_small(), "LARGE": build_large()}
        return known.get(str(path)) or IncidentClassifier(build_bundle("mine"), model=KeywordModel(["لغم"]))

    monkeypatch.setattr(IncidentClassifier, "load", load)


def score(*arguments: object) -> Result:
    return CliRunner().invoke(build_app(), ["score", *map(str, arguments)])


@pytest.mark.usefixtures("bundles")
def test_score_takes_a_cascade_whose_small_model_is_the_bundled_default(source: Path, tmp_path: Path) -> None:
    plan = write_plan(tmp_path / "cascade.json")
    result = score(source, "--model", "LARGE", "--cascade", plan, "--output", tmp_path / "out.jsonl")
    assert result.exit_code == 0, result.output
    assert [row["status"] for row in read_lines(tmp_path / "out.jsonl")].count("screened_out") == 2
    assert "screened_out 2" in result.stderr
    assert f"model {PAIR}" in result.stderr


@pytest.mark.usefixtures("bundles")
def test_score_counts_what_a_cascade_rules_out_as_without_incidents_in_its_table(source: Path, tmp_path: Path) -> None:
    result = score(source, "--model", "LARGE", "--cascade", write_plan(tmp_path / "cascade.json"))
    assert result.exit_code == 0, result.output
    assert "In 4 further articles the model found none" in result.stdout


@pytest.mark.usefixtures("bundles")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--model", "OTHER"), "Name that bundle with --model"),
        (("--model", "LARGE", "--small", "OTHER"), "Name that bundle with --small"),
    ],
)
def test_score_refuses_a_cascade_of_other_bundles(
    source: Path, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    plan = write_plan(tmp_path / "cascade.json")
    result = score(source, *options, "--cascade", plan, "--output", tmp_path / "out.jsonl")
    assert message in str(result.exception)
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.usefixtures("bundles")
def test_score_refuses_a_model_that_screens_without_a_cascade(source: Path) -> None:
    result = score(source, "--model", "LARGE", "--small", "OTHER")
    assert isinstance(result.exception, ConfigError)
    assert "give the cascade's file" in str(result.exception)
