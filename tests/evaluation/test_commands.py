"""`hawadith evaluate`: both origins of predictions, three files, every section, every misuse one clear error."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.builders import KeywordModel, build_bundle
from typer.testing import CliRunner, Result

from hawadith.classifier import IncidentClassifier
from hawadith.errors import ConfigError, DataError, OutputError
from hawadith_evaluation.commands import evaluate

ROWS: list[dict[str, Any]] = [
    {
        "id": "1",
        "text": "أصيب راع بانفجار لغم في المرعى القريب من الحدود.",
        "labels": ["mine"],
        "date": "2024-05-01",
        "evidence": [{"label": "mine", "field": "text", "start": 0, "end": 48}],
    },
    {"id": "2", "text": "انفجر لغم ولم يصب أحد بأذى، وفق سكان القرية.", "labels": ["spies"], "date": "2023-01-02"},
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


def read_metrics(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "metrics.json").read_bytes())
    return content


def test_evaluate_writes_the_figures_of_a_model(data: Path, tmp_path: Path) -> None:
    result = run(data, "--output", tmp_path / "out", "--resamples", "50")
    assert result.exit_code == 0, result.output
    metrics = read_metrics(tmp_path / "out")
    assert metrics["labels"]["mine"]["precision"]["value"] == 0.5
    assert metrics["labels"]["arms"]["f1"]["value"] == 1.0
    assert metrics["macro"]["f1"]["value"] == pytest.approx(5 / 6)
    assert metrics["n"] == 4
    assert metrics["model"].startswith("linear-")
    assert metrics["command"] == f"hawadith evaluate {data} --resamples 50 --seed 13 --interval bca"


def test_evaluate_writes_every_section_of_a_model(data: Path, tmp_path: Path) -> None:
    assert run(data, "--output", tmp_path / "out", "--resamples", "50").exit_code == 0
    metrics = read_metrics(tmp_path / "out")
    assert metrics.keys() >= {"operating", "counts", "slices", "reliability", "guarantees", "abstain", "evidence"}
    assert metrics["left_out"] == {"robustness": "it was not asked for; --robustness runs it"}
    assert metrics["warnings"] == []
    assert metrics["counts"][0]["label"] == "mine"
    assert (metrics["counts"][0]["true"], metrics["counts"][0]["predicted"]) == (1, 2)
    assert [one["name"] for one in metrics["slices"] if one["dimension"] == "year"] == ["2023", "2024", "undated"]
    assert {one["dimension"] for one in metrics["slices"]} == {"year", "evidence position"}
    assert metrics["evidence"][0]["n_marked"] == 1
    assert metrics["evidence"][0]["hit_at_1"]["value"] == 1.0
    assert metrics["evidence"][0]["comprehensiveness"]["value"] > 0.5
    assert metrics["reliability"][0]["ece_before"] == pytest.approx(metrics["reliability"][0]["ece"]["value"])


def test_evaluate_writes_a_page_and_its_markdown(data: Path, tmp_path: Path) -> None:
    result = run(data, "--output", tmp_path / "out", "--resamples", "50")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["metrics.json", "report.html", "report.md"]
    report = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "| `mine` | 1 | 0.50 " in report
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "انفجر لغم ولم يصب أحد بأذى" in page
    assert "| `mine` | 1 | 0.50 " in result.stdout
    assert str(tmp_path / "out" / "report.html") in result.stdout
    assert len(result.stdout.splitlines()) < 25


def test_evaluate_runs_the_robustness_suite_when_asked(data: Path, tmp_path: Path) -> None:
    result = run(data, "--output", tmp_path / "out", "--resamples", "20", "--robustness")
    assert result.exit_code == 0, result.output
    metrics = read_metrics(tmp_path / "out")
    assert metrics["robustness"]["n_articles"] == 4
    assert metrics["left_out"] == {}
    assert metrics["command"].endswith(" --robustness")


@pytest.mark.parametrize("options", [(), ("--robustness",)])
def test_evaluate_quotes_articles_on_the_page_alone(options: tuple[str, ...], data: Path, tmp_path: Path) -> None:
    result = run(data, "--output", tmp_path / "out", "--resamples", "20", *options)
    files = [(tmp_path / "out" / name).read_text("utf-8") for name in ("metrics.json", "report.md")]
    for text in (result.output, *files):
        assert not any(part in text for row in ROWS for part in (row["text"][:20], row["text"][-20:]))


def test_evaluate_quotes_no_article_at_all_when_told(data: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("resamples: 0\nfailures_per_label: 0\n", encoding="utf-8")
    assert run(data, "--config", config, "--output", tmp_path / "out", "--robustness").exit_code == 0
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert not any(part in page for row in ROWS for part in (row["text"][:20], row["text"][-20:]))


def test_evaluate_measures_a_file_of_scores(data: Path, tmp_path: Path) -> None:
    scores = write_scores(tmp_path, "4321")
    result = run(data, "--scores", scores, "--output", tmp_path / "out")
    assert result.exit_code == 0, result.output
    metrics = read_metrics(tmp_path / "out")
    assert metrics["model"] == "theirs"
    assert metrics["labels"]["mine"]["predicted"] == 4
    assert metrics["bootstrap"]["resamples"] == 1000


def test_evaluate_says_what_a_file_of_scores_leaves_out(data: Path, tmp_path: Path) -> None:
    result = run(data, "--scores", write_scores(tmp_path, "4321"), "--output", tmp_path / "out", "--resamples", "9")
    metrics = read_metrics(tmp_path / "out")
    assert set(metrics["left_out"]) == {
        "reliability before calibration",
        "bands for a reader",
        "faithfulness of the evidence",
        "robustness",
    }
    assert "abstain" not in metrics
    assert metrics["evidence"][0]["comprehensiveness"]["value"] is None
    assert metrics["reliability"][0]["ece_before"] is None
    assert "- Not measured: faithfulness of the evidence: it needs the model, not its scores alone." in result.stdout


def test_evaluate_warns_of_a_model_that_has_probably_seen_the_articles(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{**row, "id": f"{row['id']}-{copy}"} for row in ROWS for copy in range(10)]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    own = {"macro": {"average_precision": {"value": 0.3, "low": 0.2, "high": 0.4}}}
    (tmp_path / "metrics.json").write_text(json.dumps(own), encoding="utf-8")
    model = KeywordModel(["راع", "سلاح"])
    classifier = IncidentClassifier(replace(build_bundle("mine", "arms"), path=tmp_path), model=model)
    monkeypatch.setattr(IncidentClassifier, "load", lambda path: classifier)
    result = run(data, "--output", tmp_path / "out", "--resamples", "50")
    [warning] = read_metrics(tmp_path / "out")["warnings"]
    assert "probably trained on these articles" in warning
    assert result.stdout.index(f"- Warning: {warning}") < result.stdout.index("| label |")


def test_evaluate_gives_the_same_figures_in_any_order_of_the_file(data: Path, tmp_path: Path) -> None:
    run(data, "--output", tmp_path / "out", "--resamples", "50")
    data.write_text("".join(data.read_text("utf-8").splitlines(keepends=True)[::-1]), encoding="utf-8")
    run(data, "--output", tmp_path / "again", "--resamples", "50")
    first, second = read_metrics(tmp_path / "out"), read_metrics(tmp_path / "again")
    assert {**first, "date": ""} == {**second, "date": ""}


def test_evaluate_takes_percentile_intervals(data: Path, tmp_path: Path) -> None:
    assert run(data, "--output", tmp_path / "out", "--resamples", "50", "--interval", "percentile").exit_code == 0
    assert read_metrics(tmp_path / "out")["bootstrap"]["method"] == "percentile"


def test_evaluate_takes_a_configuration(data: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(
        "resamples: 0\nseed: 5\nfailures_per_label: 0\n"
        "promise_recall: 0.7\npromise_precision: 0.6\npromise_confidence: 0.5\nreview_budget: 0.25\n",
        encoding="utf-8",
    )
    assert run(data, "--config", config, "--seed", "6", "--output", tmp_path / "out").exit_code == 0
    metrics = json.loads((tmp_path / "out" / "metrics.json").read_bytes())
    assert (metrics["bootstrap"]["resamples"], metrics["bootstrap"]["seed"]) == (0, 6)
    assert [one["at_least"] for one in metrics["guarantees"]] == [0.7, 0.6, 0.7, 0.6]
    assert {one["confidence"] for one in metrics["guarantees"]} == {0.5}
    assert {one["budget"] for one in metrics["abstain"]} == {0.25}
    assert metrics["macro"]["f1"]["low"] is None


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (("--model", "x", "--scores", "y"), ConfigError, "give one of them"),
        (("--scores", "y", "--robustness"), ConfigError, "give the --model instead"),
        (("--strict-labels",), DataError, r"spies \(1 articles\)"),
        (("--resamples", "-1"), ConfigError, "resamples"),
        (("--interval", "bayes"), ConfigError, "interval"),
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


@pytest.mark.parametrize("option", ["--model", "--scores"])
def test_evaluate_writes_no_figures_into_a_bundle_or_a_folder_of_scores(
    option: str, data: Path, tmp_path: Path
) -> None:
    (tmp_path / "read").mkdir()
    result = run(data, option, tmp_path / "read", "--output", tmp_path / "read" / ".")
    assert isinstance(result.exception, OutputError)
    assert list((tmp_path / "read").iterdir()) == []


def test_evaluate_takes_names_that_cannot_be_encoded(data: Path, tmp_path: Path) -> None:
    scores = [
        {"id": row["id"], "scores": {"mine": 0.5, "\ud800": 0.1}, "labels": ["mine"], "model": "\udfff"} for row in ROWS
    ]
    file = tmp_path / "scores.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in scores), encoding="utf-8")
    result = run(data, "--scores", file, "--output", tmp_path / "out", "--resamples", "50")
    assert result.exit_code == 0, result.output
    assert list(read_metrics(tmp_path / "out")["labels"]) == ["mine", "\ud800"]
    assert read_metrics(tmp_path / "out")["model"] == "\udfff"
    assert "`[U+D800]`" in result.stdout


def test_evaluate_spells_a_command_with_every_switch_that_decides_the_figures(data: Path, tmp_path: Path) -> None:
    data.write_text(data.read_text("utf-8").replace('"spies"', "") + "{\n", encoding="utf-8")
    options = ("--strict-labels", "--skip-bad-rows")
    assert run(data, "--output", tmp_path / "out", "--resamples", "0", *options).exit_code == 0
    assert read_metrics(tmp_path / "out")["command"].endswith(" --strict-labels --skip-bad-rows")
