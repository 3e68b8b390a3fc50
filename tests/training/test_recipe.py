"""A measured recipe writes what it says of every article that may be measured, and of no other: evidence by its place, not in words."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.builders import CONFIGS, SAMPLES
from typer.testing import CliRunner

from hawadith.cli import build_app
from hawadith.readers import read_records
from hawadith_evaluation.metrics import Metrics
from hawadith_training.config import DataConfig, load_config
from hawadith_training.fitting import FittedLinear
from hawadith_training.linear.config import LinearConfig
from hawadith_training.recipe import measure_recipe

Row = Mapping[str, Any]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The samples in three parts."""
    folder = tmp_path_factory.mktemp("parts")
    lines = SAMPLES.read_text("utf-8").splitlines()
    rows = {"train": lines[0::4] + lines[1::4], "dev": lines[2::4], "auxiliary": lines[3::4]}
    for name, part in rows.items():
        (folder / f"{name}.jsonl").write_text("\n".join(part) + "\n", encoding="utf-8")
    return {name: folder / f"{name}.jsonl" for name in rows}


def measure(parts: Mapping[str, Path], *, output: Path) -> Metrics:
    config = load_config(CONFIGS / "train" / "linear.yaml", overrides=[f"typology={CONFIGS}/typology.yaml"])
    train, dev, auxiliary = (str(parts[name]) for name in ("train", "dev", "auxiliary"))
    data = DataConfig(train=train, dev=dev, auxiliary=auxiliary)
    config = replace(config, data=data, linear=LinearConfig(scout_folds=2))
    return measure_recipe(config, folds=2, output=output)


@pytest.fixture(scope="module")
def measured(parts: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Metrics]:
    """The folder of a measured recipe, and its metrics."""
    folder = tmp_path_factory.mktemp("measured")
    return folder, measure(parts, output=folder)


def read_rows(folder: Path) -> Sequence[Row]:
    return [json.loads(line) for line in (folder / "out-of-fold.jsonl").read_text("utf-8").splitlines()]


def read_values(folder: Path) -> Row:
    values: Row = json.loads((folder / "metrics.json").read_text("utf-8"))
    return values


def test_recipe_is_measured_on_all_articles_but_the_auxiliary(
    parts: Mapping[str, Path], measured: tuple[Path, Metrics]
) -> None:
    folder, metrics = measured
    rows = read_rows(folder)
    ids = [json.loads(line)["id"] for name in ("train", "dev") for line in parts[name].read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == ids
    assert {row["fold"] for row in rows} == {0, 1}
    assert metrics.n == len(ids)
    assert read_values(folder)["n"] == len(ids)


def test_recipe_says_where_the_evidence_of_given_and_true_labels_stands(measured: tuple[Path, Metrics]) -> None:
    records = {record.id: record for record in read_records(SAMPLES)}
    for row in read_rows(measured[0]):
        record = records[row["id"]]
        assert {item["label"] for item in row["evidence"]} == {*row["labels"], *record.labels} & {*row["scores"]}
        for item in row["evidence"]:
            assert {*item} == {"label", "field", "start", "end", "score"}
            assert 0 <= item["start"] < item["end"] <= len(record.title if item["field"] == "title" else record.text)


def test_recipe_measures_its_evidence_as_an_evaluation_of_its_scores_does(
    parts: Mapping[str, Path], measured: tuple[Path, Metrics], tmp_path: Path
) -> None:
    folder, metrics = measured
    data = tmp_path / "all.jsonl"
    data.write_text("".join(parts[name].read_text("utf-8") for name in ("train", "dev")), encoding="utf-8")
    scores, interval = folder / "out-of-fold.jsonl", "percentile"
    command = ["evaluate", data, "--scores", scores, "--output", tmp_path / "report", "--interval", interval]
    done = CliRunner().invoke(build_app(), [str(word) for word in command])
    assert done.exit_code == 0, done.output
    own, evaluated = read_values(folder), read_values(tmp_path / "report")
    for mine, theirs in zip(own["evidence"], evaluated["evidence"], strict=True):
        for key in ("label", "n_marked", "n_marked_all", "n_given"):
            assert mine[key] == theirs[key]
        for key in ("hit_at_1", "hit_at_1_all", "coverage", "coverage_all"):
            assert mine[key]["value"] == pytest.approx(theirs[key]["value"])
            assert mine[key]["value"] is None or mine[key]["low"] <= mine[key]["value"] <= mine[key]["high"]
    assert sum(value["n_marked_all"] for value in own["evidence"]) > sum(value["n_marked"] for value in own["evidence"])
    assert own["several"]["all_found"]["value"] == evaluated["several"]["all_found"]["value"]
    assert own["several"]["n"] == metrics.n_several > 0


def test_recipe_reports_its_evidence_and_articles_of_several_types(measured: tuple[Path, Metrics]) -> None:
    report = (measured[0] / "report.md").read_text("utf-8")
    assert "\n- Articles that report two or more types: all found in " in report
    assert "\n## Quality of the evidence\n\nHit@1 asks" in report
    assert "all that report it |" in report
    assert "faithfulness" not in report


def test_recipe_of_a_model_that_ranks_no_sentences_says_that_evidence_is_left_out(
    parts: Mapping[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FittedLinear, "rank_sentences", lambda *_, labels: [[] for _ in labels])
    measure(parts, output=tmp_path)
    values = read_values(tmp_path)
    assert "evidence" not in values
    assert [*values["left_out"]] == ["evidence"]
    assert "Quality of the evidence" not in (tmp_path / "report.md").read_text("utf-8")
