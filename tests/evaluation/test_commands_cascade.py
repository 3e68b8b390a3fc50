"""`hawadith cascade`: the file it writes scores with both models, its words name the promise, and nothing is written over."""

import json
import shlex
from pathlib import Path

import pytest
import typer
from tests.evaluation.cascade.studies import load_classifier, write_articles
from typer.testing import CliRunner, Result

from hawadith.classifier import IncidentClassifier
from hawadith.cli import build_app
from hawadith.errors import ConfigError, DataError, OutputError
from hawadith_evaluation.commands_cascade import cascade


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IncidentClassifier, "load", load_classifier)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "articles.jsonl")


def run(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(cascade)
    return CliRunner().invoke(app, [*map(str, arguments), "--resamples", "100"])


def test_cascade_writes_a_file_with_which_score_goes_on(data: Path, tmp_path: Path) -> None:
    result = run(data, "--model", "large", "--output", tmp_path / "cascade.json")
    assert result.exit_code == 0, result.output
    following = result.stdout.splitlines()[-1].removeprefix("Score with: hawadith ").replace("INPUT", str(data))
    scored = CliRunner().invoke(build_app(), [*shlex.split(following), "--output", "-"])
    assert scored.exit_code == 0, scored.output
    rows = [json.loads(line) for line in scored.stdout.splitlines()]
    assert [row["status"] for row in rows].count("screened_out") == 70
    assert [row["labels"] for row in rows].count(["mine"]) == 120


def test_cascade_says_what_it_promises_and_what_it_rests_on(data: Path, tmp_path: Path) -> None:
    small, large = load_classifier(None).model_id, load_classifier("large").model_id
    said = run(data, "--model", "large", "--output", tmp_path / "cascade.json").stdout
    assert f"Ruled out: an article to which {small} gives every label a probability below 0.5." in said
    assert f"Promised with 90% confidence: of the positives of {large}, at most 2% are lost." in said
    assert "On these 200 articles (200 stories): lost 0 of 120 stories with a label, 0 of 120 labels given" in said
    assert "ruled out 35.0% [" in said
    assert "Assumed: The articles to be scored are like these" in said
    assert "Warning" not in said


def test_cascade_says_its_warnings(tmp_path: Path) -> None:
    data = write_articles(tmp_path / "learned.jsonl")
    assert "Warning: The large model's bundle" in run(data, "--model", "large", "--output", tmp_path / "c.json").stdout


def test_cascade_says_none_where_every_article_is_given_a_label(tmp_path: Path) -> None:
    data = write_articles(tmp_path / "mines.jsonl", shells=0, calm=0)
    said = run(data, "--model", "large", "--output", tmp_path / "c.json").stdout
    assert "ruled out 0.0% [0.0%, 0.0%] of all articles, none of those without a label" in said


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (("--model", "large", "--confidence", "0.9999"), DataError),
        (("--model", "small"), ConfigError),
        (("--model", "large", "--at-most", "0"), ConfigError),
        (("--model", "large", "--at-most", "nan"), ConfigError),
    ],
)
def test_cascade_that_cannot_be_promised_writes_nothing(
    data: Path, tmp_path: Path, options: tuple[str, ...], error: type[Exception]
) -> None:
    result = run(data, *options, "--output", tmp_path / "out" / "cascade.json")
    assert isinstance(result.exception, error)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("output", ["articles.jsonl", "bundle/cascade.json"])
def test_cascade_writes_neither_over_its_articles_nor_into_a_bundle(data: Path, tmp_path: Path, output: str) -> None:
    (tmp_path / "bundle").mkdir()
    result = run(data, "--model", tmp_path / "bundle", "--output", tmp_path / output)
    assert isinstance(result.exception, OutputError)


def test_cascade_is_a_command_of_the_program() -> None:
    result = CliRunner().invoke(build_app(), ["cascade", "--help"])
    assert result.exit_code == 0
    assert "rule out for a large one" in result.stdout
