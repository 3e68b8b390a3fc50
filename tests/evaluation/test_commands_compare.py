"""`hawadith compare`: models and files of scores in any order, both outputs, the exit status of the gate, every misuse one clear error."""

import json
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from tests.builders import KeywordModel, build_bundle
from typer.testing import CliRunner, Result

from hawadith.classifier import IncidentClassifier
from hawadith.cli import build_app
from hawadith.errors import ConfigError, DataError, OutputError
from hawadith_evaluation.commands_compare import compare

MINES = "انفجر لغم أرضي في الحقل رقم {} وأصيب راع."
CALM = "افتتحت البلدية حديقة عامة جديدة في الحي رقم {}."
WORDS = ["أول", "ثان", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع", "عاشر"]
QUICK = ("--resamples", "100", "--permutations", "2000")


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundle whose path holds `blind` finds nothing; all others find mines."""

    def load(path: Path | None) -> IncidentClassifier:
        keyword = "لا شيء" if "blind" in str(path) else "لغم"
        return IncidentClassifier(build_bundle("mine", "arms"), model=KeywordModel([keyword, "سلاح"]))

    monkeypatch.setattr(IncidentClassifier, "load", load)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    rows = [
        {"id": f"{kind}{word}", "text": text.format(f"{word} {kind * 9} {word * 3}"), "labels": labels}
        for word in WORDS
        for kind, text, labels in (("م", MINES, ["mine"]), ("ه", CALM, []))
    ]
    path = tmp_path / "data.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(compare)
    return CliRunner().invoke(app, [*map(str, arguments), *QUICK])


def write_scores(data: Path, name: str, *, right: bool, labels: tuple[str, ...] = ("mine", "arms")) -> Path:
    """Scores by a model that is always right, or always wrong, about mines."""
    path = data.parent / f"{name}.jsonl"
    rows = []
    for line in data.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        given = ("mine" in record["labels"]) == right
        scores = {label: 0.8 if label == "mine" and given else 0.1 for label in labels}
        rows.append({"id": record["id"], "scores": scores, "labels": ["mine"] if given else [], "model": name})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_compare_prints_a_verdict_per_label_and_passes_equal_models(data: Path) -> None:
    result = run(data, "--model", "one", "--model", "two")
    assert result.exit_code == 0, result.output
    assert "- `mine` (n = 10): No difference: A and B rank all articles alike." in result.stdout
    assert "- `arms` (n = 0): Not compared: no article is positive." in result.stdout
    assert "## Gate: passed" in result.stdout


def test_compare_exits_1_where_b_regresses_and_writes_what_it_prints(data: Path, tmp_path: Path) -> None:
    result = run(data, "--model", "sharp", "--model", "blind", "--output", tmp_path / "out")
    assert result.exit_code == 1, result.output
    assert (tmp_path / "out" / "comparison.md").read_text(encoding="utf-8") == result.stdout
    values = json.loads((tmp_path / "out" / "comparison.json").read_bytes())
    assert values["labels"]["mine"]["verdict"] == "worse"
    assert values["labels"]["mine"]["difference"]["value"] == -0.5
    assert [fall["label"] for fall in values["gate"]["regressions"]] == ["mine", "macro"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["comparison.json", "comparison.md"]


@pytest.mark.parametrize(
    ("options", "status"), [(("--tolerance", "0.5"), 0), (("--tolerance", "0.4"), 1), (("--gate", "safe"), 1)]
)
def test_compare_takes_the_gate_from_its_options(data: Path, options: tuple[str, ...], status: int) -> None:
    assert run(data, "--model", "sharp", "--model", "blind", *options).exit_code == status


def test_compare_passes_a_better_model(data: Path) -> None:
    result = run(data, "--model", "blind", "--model", "sharp")
    assert result.exit_code == 0
    assert "- `mine` (n = 10): B is better by 0.500" in result.stdout


def test_compare_prints_json_alone_on_request(data: Path) -> None:
    values = json.loads(run(data, "--model", "one", "--model", "two", "--measure", "f1", "--json").stdout)
    assert values["measure"] == "f1"
    assert values["labels"]["arms"]["difference"] == {"value": None, "low": None, "high": None}
    assert values["permutation"]["swapped"] == "decisions"


@pytest.mark.parametrize("scores_first", [True, False])
def test_compare_takes_models_and_scores_in_the_order_given(data: Path, scores_first: bool) -> None:
    scores, model = ("--scores", write_scores(data, "theirs", right=True)), ("--model", "ours")
    result = run(data, *(scores + model if scores_first else model + scores), "--json")
    names = [json.loads(result.stdout)[side]["models"][0] for side in ("a", "b")]
    assert (names[0] == "theirs") is scores_first
    assert (names[1] == "theirs") is not scores_first


def test_compare_puts_the_bundled_default_against_a_single_model(data: Path) -> None:
    result = run(data, "--model", "blind")
    assert "(`the bundled default`)" in result.stdout
    assert result.exit_code == 1


def test_compare_spells_a_command_that_gives_the_same_figures(data: Path) -> None:
    scores = write_scores(data, "theirs", right=True)
    first = json.loads(run(data, "--scores", scores, "--model", "blind", "--label", "mine", "--json").stdout)
    words = shlex.split(first["command"])
    assert words[:2] == ["hawadith", "compare"]
    app = typer.Typer()
    app.command()(compare)
    again = json.loads(CliRunner().invoke(app, [*words[2:], "--json"]).stdout)
    assert {**again, "date": first["date"]} == first


def test_compare_does_not_depend_on_the_order_of_the_articles(data: Path) -> None:
    scores = write_scores(data, "theirs", right=False)
    first = json.loads(run(data, "--model", "ours", "--scores", scores, "--json").stdout)
    data.write_text("\n".join(reversed(data.read_text("utf-8").splitlines())) + "\n", encoding="utf-8")
    again = json.loads(run(data, "--model", "ours", "--scores", scores, "--json").stdout)
    assert {**again, "date": first["date"]} == first


def test_compare_averages_further_training_runs(data: Path) -> None:
    files = [write_scores(data, f"run{number}", right=number != 1) for number in range(3)]
    options = ("--run-of-b", files[1], "--run-of-b", files[2], "--measure", "recall")
    result = run(data, "--model", "ours", "--scores", files[0], *options, "--json")
    values = json.loads(result.stdout)
    assert values["b"]["models"] == ["run0", "run1", "run2"]
    assert values["labels"]["mine"]["b"]["value"] == pytest.approx(2 / 3)
    assert values["labels"]["mine"]["spread_b"] == pytest.approx(3**-0.5)
    assert values["labels"]["mine"]["spread_a"] is None
    assert f"--run-of-b {files[1]} --run-of-b {files[2]}" in values["command"]


def test_compare_fails_a_model_that_lacks_a_label_unless_it_is_not_asked_for(data: Path) -> None:
    narrow = write_scores(data, "narrow", right=True, labels=("mine",))
    result = run(data, "--model", "ours", "--scores", narrow)
    assert result.exit_code == 1
    assert "- `arms`: B lacks this label of A." in result.stdout
    assert run(data, "--model", "ours", "--scores", narrow, "--label", "mine").exit_code == 0


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ((), ConfigError, "A comparison has two sides"),
        (("--model", "a", "--model", "b", "--model", "c"), ConfigError, "got 3"),
        (("--model", "a", "--model", "b", "--run-of-a", "a"), ConfigError, "--run-of-a names a training run"),
        (("--model", "a", "--model", "b", "--label", "fire"), DataError, "Neither A nor B knows fire"),
    ],
)
def test_compare_refuses_misuse(
    options: tuple[str, ...], error: type[Exception], message: str, data: Path, tmp_path: Path
) -> None:
    result = run(data, *options, "--output", tmp_path / "out")
    assert isinstance(result.exception, error)
    assert message in str(result.exception)
    assert not (tmp_path / "out").exists()


def test_compare_refuses_labels_that_both_lack_when_strict(data: Path) -> None:
    with data.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({"id": "x", "text": "خبر", "labels": ["spies"]}) + "\n")
    result = run(data, "--model", "a", "--model", "b", "--strict-labels")
    assert isinstance(result.exception, DataError)
    assert "spies (1 articles)" in str(result.exception)


def test_compare_stops_at_bad_rows_unless_told_to_skip_them(data: Path) -> None:
    with data.open("a", encoding="utf-8") as stream:
        stream.write("{\n")
    assert isinstance(run(data, "--model", "a").exception, DataError)
    assert run(data, "--model", "a", "--skip-bad-rows").exit_code == 0


def test_compare_does_not_write_into_its_input(data: Path, tmp_path: Path) -> None:
    shards = tmp_path / "shards"
    shards.mkdir()
    result = run(data, "--model", "a", "--scores", shards, "--output", shards)
    assert isinstance(result.exception, OutputError)


@pytest.mark.parametrize(
    "options", [("--measure", "accuracy"), ("--tolerance", "-1"), ("--tolerance", "nan"), ("--gate", "lenient")]
)
def test_compare_answers_a_wrong_value_with_status_2(data: Path, options: tuple[str, str]) -> None:
    assert run(data, "--model", "a", *options).exit_code == 2


def test_compare_warns_of_a_model_that_learned_from_the_articles(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = build_bundle("mine", "arms")
    learned = replace(
        bundle, manifest=replace(bundle.manifest, settings={"data": {"train": f"x/{data.parent.name}/data.jsonl"}})
    )
    classifier = IncidentClassifier(learned, model=KeywordModel(["لغم", "سلاح"]))
    monkeypatch.setattr(IncidentClassifier, "load", lambda path: classifier)
    scores = write_scores(data, "theirs", right=True)
    result = run(data, "--model", "ours", "--scores", scores)
    assert "**Caution: A learned from a file named `data.jsonl`." in result.stdout
    values = json.loads(run(data, "--model", "ours", "--scores", scores, "--json").stdout)
    assert [values[side]["exposure"] for side in ("a", "b")] == [["learned"], [None]]


def test_compare_is_a_command_of_the_program() -> None:
    result = CliRunner().invoke(build_app(), ["compare", "--help"])
    assert result.exit_code == 0
    assert "paired test per label" in result.stdout


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_compare_takes_names_that_cannot_be_encoded(options: tuple[str, ...], data: Path, tmp_path: Path) -> None:
    scores = write_scores(data, "odd", right=True, labels=("mine", "\ud800"))
    result = run(data, "--scores", scores, "--scores", scores, "--output", tmp_path / "out", *options)
    assert result.exit_code == 0, result.output
    assert list(json.loads((tmp_path / "out" / "comparison.json").read_bytes())["labels"]) == ["mine", "\ud800"]
    assert ("\\ud800" if options else "`[U+D800]`") in result.stdout
