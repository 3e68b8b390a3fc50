"""Which origin is A and which is B, what a path holds, and that nothing is counted or scored twice."""

import json
from pathlib import Path

import pytest
from tests.builders import KeywordModel, build_bundle

from hawadith.classifier import IncidentClassifier
from hawadith.errors import ConfigError
from hawadith.records import Record
from hawadith_evaluation.comparison.origins import Origin, add_runs, choose_sides, read_origins

X, Y, Z = Path("x"), Path("y"), Path("z")


def model(path: Path | None) -> Origin:
    return Origin(kind="model", path=path)


def scores(path: Path) -> Origin:
    return Origin(kind="scores", path=path)


@pytest.mark.parametrize(
    ("models", "files", "models_first", "sides"),
    [
        ([X, Y], [], True, (model(X), model(Y))),
        ([], [X, Y], False, (scores(X), scores(Y))),
        ([X], [Y], True, (model(X), scores(Y))),
        ([X], [Y], False, (scores(Y), model(X))),
        ([X], [], True, (model(None), model(X))),
        ([], [X], False, (model(None), scores(X))),
    ],
)
def test_sides_stand_in_the_order_given_and_one_alone_meets_the_default(
    models: list[Path], files: list[Path], models_first: bool, sides: tuple[Origin, Origin]
) -> None:
    assert choose_sides(models, files, models_first=models_first) == sides


@pytest.mark.parametrize("models", [[], [X, Y, Z]])
def test_sides_are_two(models: list[Path]) -> None:
    with pytest.raises(ConfigError, match=f"got {len(models)}"):
        choose_sides(models, [], models_first=True)


def test_a_further_run_is_a_bundle_where_it_has_a_typology(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "typology.yaml").touch()
    (tmp_path / "shards").mkdir()
    bundle, shards = tmp_path / "bundle", tmp_path / "shards"
    runs = add_runs(model(None), [bundle, shards, X], option="--run-of-a")
    assert runs == (model(None), model(bundle), scores(shards), scores(X))


@pytest.mark.parametrize("further", [[X], [Y, Path("folder/../y")]])
def test_a_run_is_counted_once(further: list[Path]) -> None:
    with pytest.raises(ConfigError, match="--run-of-b names a training run that its side has already"):
        add_runs(scores(X), further, option="--run-of-b")


def test_origins_are_named_for_a_reader() -> None:
    assert (str(model(None)), str(scores(X))) == ("the bundled default", "x")


def test_origins_are_each_read_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    loaded: list[Path | None] = []

    def load(path: Path | None) -> IncidentClassifier:
        loaded.append(path)
        return IncidentClassifier(build_bundle("mine", "arms"), model=KeywordModel(["لغم", "سلاح"]))

    monkeypatch.setattr(IncidentClassifier, "load", load)
    path = tmp_path / "scores.jsonl"
    path.write_text(
        json.dumps({"id": "1", "scores": {"mine": 0.2}, "labels": [], "model": "theirs"}) + "\n", encoding="utf-8"
    )
    records, done = [Record(id="1", text="انفجر لغم في الحقل.")], list[int]()
    read = read_origins([model(None), scores(path), model(None)], records=records, on_progress=done.append)
    assert loaded == [None]
    assert done == [1]
    assert read[model(None)].predictions.decisions.tolist() == [[True, False]]
    assert read[scores(path)].predictions.model == "theirs"
    assert read[model(None)].manifest is not None
    assert read[scores(path)].manifest is None
