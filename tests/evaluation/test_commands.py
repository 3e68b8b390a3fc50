"""`hawadith evaluate`: both origins of predictions, both files, every misuse one clear error."""

import json
from pathlib import Path

import pytest
import typer
from tests.builders import KeywordModel, build_bundle
from typer.testing import CliRunner, Result

from hawadith.classifier import IncidentClassifier
from hawadith.errors import ConfigError, DataError
from hawadith_evaluation.commands import evaluate

ROWS = [
    {"id": "1", "text": "أصيب راع بانفجار لغم في المرعى القريب من الحدود.", "labels": ["mine"]},
    {"id": "2", "text": "انفجر لغم ولم يصب أحد بأذى، وفق سكان القرية.", "labels": ["spies"]},
    {"id": "3", "text": "عثر الجيش على سلاح مخبأ تحت أرضية مخزن مهجور.", "labels": ["arms"]},
    {"id": "4", "text": "افتتحت البلدية حديقة عامة جديدة قرب المدرسة.", "labels": [], "unknown": ["arms"]},
]


@pytest.fixture(autouse=True)
def default_model(monkeypatch: pytest.MonkeyPatch) -> None:
    classifier = IncidentClassifier(build_bundle("mine", "arms"), model=KeywordModel(["لغم", "سلاح"]))
    monkeypatch.setattr(IncidentClassifier, "load", lambda path: classifier)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(evaluate)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def write_scores(folder: Path, ids: str) -> Path:
    path = folder / "scores.jsonl"
    rows = [{"id": id_, "scores": {"mine": 0.5, "arms": 0.1}, "labels": ["mine"], "model": "theirs"} for id_ in ids]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_evaluate_writes_metrics_and_report_of_a_model(data: Path, tmp_path: Path) -> None:
    result = run(data, "--output", tmp_path / "out", "--resamples", "50")
    assert result.exit_code == 0, result.output
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_bytes())
    assert metrics["labels"]["mine"]["precision"]["value"] == 0.5
    assert metrics["labels"]["arms"]["f1"]["value"] == 1.0
    assert metrics["macro"]["f1"]["value"] == pytest.approx(5 / 6)
    assert metrics["n"] == 4
    assert metrics["model"].startswith("linear-")
    assert metrics["command"] == f"hawadith evaluate {data} --resamples 50 --seed 13"
    report = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "| `mine` | 1 | 0.50 " in report
    assert report.strip() in result.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["metrics.json", "report.md"]


def test_evaluate_measures_a_file_of_scores(data: Path, tmp_path: Path) -> None:
    scores = write_scores(tmp_path, "4321")
    assert run(data, "--scores", scores, "--output", tmp_path / "out").exit_code == 0
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_bytes())
    assert metrics["model"] == "theirs"
    assert metrics["labels"]["mine"]["predicted"] == 4
    assert metrics["bootstrap"]["resamples"] == 1000


def test_evaluate_takes_a_configuration(data: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("resamples: 0\nseed: 5\n", encoding="utf-8")
    assert run(data, "--config", config, "--seed", "6", "--output", tmp_path / "out").exit_code == 0
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_bytes())
    assert (metrics["bootstrap"]["resamples"], metrics["bootstrap"]["seed"]) == (0, 6)
    assert metrics["macro"]["f1"]["low"] is None


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (("--model", "x", "--scores", "y"), ConfigError, "give one of them"),
        (("--strict-labels",), DataError, r"spies \(1 articles\)"),
        (("--resamples", "-1"), ConfigError, "resamples"),
    ],
)
def test_evaluate_refuses_misuse_and_writes_nothing(
    options: tuple[str, ...], error: type[Exception], message: str, data: Path, tmp_path: Path
) -> None:
    result = run(data, "--output", tmp_path / "out", *options)
    assert isinstance(result.exception, error)
    with pytest.raises(error, match=message):
        raise result.exception
    assert not (tmp_path / "out").exists()


def test_evaluate_refuses_scores_of_other_articles(data: Path, tmp_path: Path) -> None:
    result = run(data, "--scores", write_scores(tmp_path, "123"), "--output", tmp_path / "out")
    assert isinstance(result.exception, DataError)
    assert "1 articles have no scores: 4" in str(result.exception)


def test_evaluate_refuses_articles_that_share_an_id(data: Path, tmp_path: Path) -> None:
    data.write_bytes(data.read_bytes() * 2)
    result = run(data, "--output", tmp_path / "out")
    assert isinstance(result.exception, DataError)
    assert "4 ids occur more than once: 1, 2, 3, 4" in str(result.exception)


def test_evaluate_stops_at_bad_rows_unless_told_to_skip_them(data: Path, tmp_path: Path) -> None:
    with data.open("a", encoding="utf-8") as stream:
        stream.write("{\n")
    assert isinstance(run(data, "--output", tmp_path / "out").exception, DataError)
    assert run(data, "--output", tmp_path / "out", "--skip-bad-rows").exit_code == 0
