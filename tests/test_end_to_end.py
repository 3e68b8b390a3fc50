"""The whole way, as users walk it: train, evaluate, score, explain, grow; and the bundled model on the articles beside the repo."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml
from tests.builders import CONFIGS, SAMPLES, SHARED_DATA
from typer.testing import CliRunner

from hawadith.bundle import Bundle
from hawadith.classifier import IncidentClassifier
from hawadith.cli import build_app
from hawadith.readers import read_records
from hawadith_training.config import load_config
from hawadith_training.train import train_bundle


def run(*arguments: str | Path) -> str:
    """Run the program in this process; its standard output."""
    result = CliRunner().invoke(build_app(), [str(argument) for argument in arguments])
    assert result.exit_code == 0, f"{result.output}\n{result.exception!r}"
    return result.stdout


def train_on_samples(output: Path, *, config: str = "linear", overrides: tuple[str, ...] = ()) -> Bundle:
    fixed = (f"typology={CONFIGS}/typology.yaml", f"data.train={SAMPLES}")
    return train_bundle(
        load_config(CONFIGS / "train" / f"{config}.yaml", overrides=(*fixed, *overrides)), output=output
    )


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return train_on_samples(tmp_path_factory.mktemp("linear") / "bundle")


@pytest.fixture(scope="module")
def four_labels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A typology with one block more; nothing else changes."""
    typology = yaml.safe_load((CONFIGS / "typology.yaml").read_text("utf-8"))
    block = {
        "id": "drug_smuggling",
        "name_ar": "تهريب المخدرات",
        "name_en": "Drug smuggling",
        "definition": "Narcotics.",
    }
    typology["labels"].append(block)
    path = tmp_path_factory.mktemp("typology") / "typology.yaml"
    path.write_text(yaml.safe_dump(typology, allow_unicode=True), encoding="utf-8")
    return path


def assert_evidence_is_quoted(path: Path, articles: Path) -> int:
    """Every evidence span of a Parquet output is the text of its raw field; how many there are."""
    records = {record.id: record for record in read_records(articles)}
    rows = pq.read_table(path).to_pylist()
    assert len(rows) == len(records)
    quotes = [(records[row["id"]], quote) for row in rows for quote in row["evidence"]]
    for record, quote in quotes:
        assert getattr(record, quote["field"])[quote["start"] : quote["end"]] == quote["text"]
    assert all({quote["label"] for quote in row["evidence"]} == set(row["labels"]) for row in rows)
    return len(quotes)


def test_linear_way_from_articles_to_report_and_scores(linear: Bundle, tmp_path: Path) -> None:
    run("evaluate", SAMPLES, "--model", linear.path, "--output", tmp_path / "report", "--resamples", "50")
    metrics = json.loads((tmp_path / "report" / "metrics.json").read_text("utf-8"))
    assert tuple(metrics["labels"]) == linear.typology.ids
    assert (
        metrics["macro"]["average_precision"]["value"] > 0.8
    )  # measured on what it learned from: it must have learned
    run("score", SAMPLES, "--model", linear.path, "--output", tmp_path / "scores.parquet")
    assert assert_evidence_is_quoted(tmp_path / "scores.parquet", SAMPLES) > 20
    run("explain", SAMPLES, "--model", linear.path, "--output", tmp_path / "review.html")
    assert "<mark" in (tmp_path / "review.html").read_text("utf-8")


def test_evaluate_reads_what_score_wrote(linear: Bundle, tmp_path: Path) -> None:
    run("score", SAMPLES, "--model", linear.path, "--output", tmp_path / "scores.jsonl", "--no-evidence")
    reports = {}
    for name, origin in {"model": linear.path, "scores": tmp_path / "scores.jsonl"}.items():
        run("evaluate", SAMPLES, f"--{name}", origin, "--output", tmp_path / name, "--resamples", "0")
        # Scores are written with so many digits, and sums over them end otherwise in the last one.
        text = (tmp_path / name / "metrics.json").read_text("utf-8")
        reports[name] = json.loads(text, parse_float=lambda digits: round(float(digits), 9))
    assert reports["model"]["labels"] == reports["scores"]["labels"]


def test_bundle_says_what_it_was_made_of(linear: Bundle) -> None:
    card = (linear.path / "README.md").read_text("utf-8")
    assert all(label.name_ar in card for label in linear.typology.labels)
    assert linear.manifest.settings["seed"] == 13
    assert json.loads((linear.path / "metrics.json").read_text("utf-8"))["n"] == 73


def test_fourth_label_costs_one_block(four_labels: Path, linear: Bundle, tmp_path: Path) -> None:
    grown = train_on_samples(
        tmp_path / "grown", overrides=(f"typology={four_labels}", f"init_from={linear.path}", "seed=14")
    )
    run("evaluate", SAMPLES, "--model", grown.path, "--output", tmp_path / "report", "--resamples", "0")
    metrics = json.loads((tmp_path / "report" / "metrics.json").read_text("utf-8"))
    assert list(metrics["labels"]) == [*linear.typology.ids, "drug_smuggling"]
    assert metrics["labels"]["drug_smuggling"]["n"] == 10


def test_transformer_way_from_random_weights_to_quoted_evidence(four_labels: Path, tmp_path: Path) -> None:
    overrides = ("finetune.max_steps=2", "finetune.scratch.vocabulary=800", "finetune.scratch.hidden=32")
    bundle = train_on_samples(tmp_path / "three", config="smoke", overrides=overrides)
    run("score", SAMPLES, "--model", bundle.path, "--output", tmp_path / "scores.parquet")
    assert_evidence_is_quoted(tmp_path / "scores.parquet", SAMPLES)
    grown = train_on_samples(
        tmp_path / "four", config="smoke", overrides=(*overrides, f"typology={four_labels}", f"init_from={bundle.path}")
    )
    assert grown.typology.ids == (*bundle.typology.ids, "drug_smuggling")
    assert not (tmp_path / "three.work").exists()


def test_cross_validation_writes_every_article_once(tmp_path: Path) -> None:
    config = CONFIGS / "train" / "linear.yaml"
    settings = ["--set", f"typology={CONFIGS}/typology.yaml", "--set", f"data.train={SAMPLES}"]
    run("train", config, "--cross-validate", "2", "--output", tmp_path / "cv", *settings)
    rows = [json.loads(line) for line in (tmp_path / "cv" / "out-of-fold.jsonl").read_text("utf-8").splitlines()]
    assert [row["id"] for row in rows] == [record.id for record in read_records(SAMPLES)]
    assert {row["fold"] for row in rows} == {0, 1}
    assert json.loads((tmp_path / "cv" / "metrics.json").read_text("utf-8"))["n"] == 73


def test_bundled_model_quotes_the_evidence_that_was_marked() -> None:
    rows = [json.loads(line) for line in SAMPLES.read_text("utf-8").splitlines()]
    marked: dict[tuple[str, str], list[str]] = {
        (row["id"], quote["label"]): [] for row in rows for quote in row["evidence"]
    }
    for row in rows:
        for quote in row["evidence"]:
            marked[row["id"], quote["label"]].append(quote["text"])
    predictions = IncidentClassifier.load().predict(read_records(SAMPLES))
    first = {(p.id, e.label): e.text for p in predictions for e in reversed(p.evidence)}
    right = [key for key in first if key in marked]
    assert len(right) >= 5
    hits = [any(quote in first[key] or first[key] in quote for quote in marked[key]) for key in right]
    assert np.mean(hits) >= 0.5


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="the articles beside the repo are absent")
def test_bundled_model_gives_a_row_with_quoted_evidence_for_every_real_article(tmp_path: Path) -> None:
    articles = SHARED_DATA / "articles.dev.jsonl"
    run("score", articles, "--output", tmp_path / "dev.parquet")
    assert assert_evidence_is_quoted(tmp_path / "dev.parquet", articles) > 100
    assert pq.read_table(tmp_path / "dev.parquet").num_rows == 640
