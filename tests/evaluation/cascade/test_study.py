"""From articles and models to `cascade.json`: figures by hand, whose scores they are, what is assumed, every wrong pair one error."""

import json
import shlex
from pathlib import Path

import pytest
from rich.console import Console
from tests.evaluation.cascade.studies import build_named_bundle, load_classifier, write_articles, write_scores

from hawadith.bundle import Bundle
from hawadith.cascade.classifier import CascadeClassifier
from hawadith.cascade.plan import read_plan
from hawadith.classifier import IncidentClassifier
from hawadith.errors import ConfigError, DataError
from hawadith.readers import read_records
from hawadith.rows import build_row
from hawadith_evaluation.cascade import opinions
from hawadith_evaluation.cascade.layout import CascadeValues
from hawadith_evaluation.cascade.study import Study, measure_cascade
from hawadith_evaluation.predictions import load_predictions

LARGE, SMALL = Path("large"), Path("small")


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(path: Path) -> Bundle:
        return load_classifier(path).bundle

    monkeypatch.setattr(IncidentClassifier, "load", load_classifier)
    monkeypatch.setattr(opinions, "read_bundle", read)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_articles(tmp_path / "articles.jsonl")


def measure(*data: Path, **changes: object) -> CascadeValues:
    settings = {"model": LARGE, "small": SMALL, "resamples": 100, **changes}
    return measure_cascade(Study(data=data, **settings), console=Console(quiet=True))  # type: ignore[arg-type]


def test_cascade_measures_what_a_hand_would_count(data: Path) -> None:
    values = measure(data)
    assert values["measured"]["articles"] == values["measured"]["stories"] == 200
    assert values["measured"]["by_story"] == values["measured"]["by_label"] == {"positives": 120, "lost": 0}
    assert values["measured"]["ruled_out"]["value"] == 70 / 200
    assert values["measured"]["ruled_out_of_rest"]["value"] == 70 / 80
    low, high = values["measured"]["ruled_out"]["low"], values["measured"]["ruled_out"]["high"]
    assert low is not None
    assert high is not None
    assert low < 0.35 < high
    # Between the small model's 0.018 and 0.982.
    assert values["thresholds"] == {"mine": pytest.approx(0.5), "arms": pytest.approx(0.5)}


def test_cascade_is_read_back_by_what_scores_with_it(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "cascade.json"
    file.write_text(json.dumps(measure(data), allow_nan=False), encoding="utf-8")
    plan = read_plan(file)
    assert (plan.large, plan.small) == (
        build_named_bundle("large", learned="learned.jsonl").identity,
        build_named_bundle("small").identity,
    )
    said = CascadeClassifier.load(file, model=LARGE, small=SMALL).predict(read_records(data))
    assert sum(prediction.status == "screened_out" for prediction in said) == 70
    assert sum(prediction.labels == ("mine",) for prediction in said) == 120


def test_cascade_of_own_scores_assumes_like_articles_alone(data: Path) -> None:
    values = measure(data)
    assert (values["large"]["scores"], values["small"]["scores"]) == ("this bundle", "this bundle")
    [assumed] = values["promise"]["assumes"]
    assert "The articles to be scored are like these" in assumed
    assert values["warnings"] == []


def test_cascade_of_out_of_fold_scores_says_what_else_it_assumes(data: Path, tmp_path: Path) -> None:
    scores = write_scores(data, tmp_path / "out-of-fold.jsonl", probability=lambda text: 0.9 if "لغم" in text else 0.1)
    values = measure(data, scores=scores)
    assert (values["large"]["scores"], values["small"]["scores"]) == ("out of fold", "this bundle")
    assert [
        text for text in values["promise"]["assumes"] if text.startswith("The large model's scores are out of fold")
    ]
    assert len(values["promise"]["assumes"]) == 2
    assert values["measured"]["by_label"] == {"positives": 120, "lost": 0}


def test_cascade_takes_scores_that_name_the_bundle_as_its_own(data: Path, tmp_path: Path) -> None:
    name = load_classifier(LARGE).model_id
    scores = write_scores(data, tmp_path / "s.jsonl", probability=lambda text: 0.9, model=name)
    assert measure(data, scores=scores)["large"]["scores"] == "this bundle"


def test_cascade_refuses_scores_of_another_model(data: Path, tmp_path: Path) -> None:
    scores = write_scores(data, tmp_path / "s.jsonl", probability=lambda text: 0.9, model="linear-0123")
    with pytest.raises(DataError, match="was scored by linear-0123; the small model small is linear-"):
        measure(data, small_scores=scores)


def test_cascade_refuses_scores_of_other_labels(data: Path, tmp_path: Path) -> None:
    scores = write_scores(data, tmp_path / "s.jsonl", probability=lambda text: 0.9, labels=("mine", "spies"))
    with pytest.raises(DataError, match="holds scores of mine, spies; the large model large knows mine, arms"):
        measure(data, scores=scores)


@pytest.mark.parametrize("name", ["learned.jsonl", "other.jsonl"])
def test_cascade_warns_where_a_bundle_scored_what_it_learned_from(tmp_path: Path, name: str) -> None:
    warnings = measure(write_articles(tmp_path / name))["warnings"]
    assert bool(warnings) == (name == "learned.jsonl")
    if warnings:
        assert "large model's bundle names learned.jsonl among the files that it learned from" in warnings[0]


def test_cascade_does_not_warn_of_out_of_fold_scores(tmp_path: Path) -> None:
    data = write_articles(tmp_path / "learned.jsonl")
    scores = write_scores(data, tmp_path / "s.jsonl", probability=lambda text: 0.9 if "لغم" in text else 0.1)
    assert measure(data, scores=scores)["warnings"] == []


def test_cascade_never_rules_out_what_the_small_model_did_not_read(data: Path) -> None:
    with data.open("a", encoding="utf-8") as stream:
        for n in range(20):
            stream.write(json.dumps({"id": f"b{n}", "text": f"عدم لغم{n}"}) + "\n")  # not a number, from either model
    values = measure(data)
    assert values["measured"]["by_story"]["positives"] == 120
    assert values["measured"]["ruled_out"]["value"] == 70 / 220


def test_cascade_refuses_one_model_twice(data: Path) -> None:
    with pytest.raises(ConfigError, match="Both models are linear-"):
        measure(data, small=LARGE)


def test_cascade_refuses_too_few_positives(tmp_path: Path) -> None:
    data = write_articles(tmp_path / "few.jsonl", mines=50)
    with pytest.raises(DataError, match="takes 114 stories in which it gives a label, and there are 50 in these 130"):
        measure(data)
    assert measure(data, at_most=0.05)["measured"]["by_story"]["positives"] == 50


def test_cascade_of_several_files_does_not_depend_on_their_order(tmp_path: Path) -> None:
    first = write_articles(tmp_path / "first.jsonl")
    lines = first.read_text(encoding="utf-8").splitlines(keepends=True)
    parts = [tmp_path / "b.jsonl", tmp_path / "a.jsonl"]
    for part, chosen in zip(parts, (lines[150:], lines[:150]), strict=True):
        part.write_text("".join(chosen), encoding="utf-8")
    found, again = measure(*parts), measure(first)
    assert found["measured"] == again["measured"]
    assert found["data"]["sha256"] == again["data"]["sha256"]
    assert found["data"]["paths"] == [str(part) for part in parts]


def test_cascade_spells_the_command_that_gives_the_same_figures(data: Path) -> None:
    words = shlex.split(measure(data, at_most=0.05, skip_bad_rows=True)["command"])
    expected = (
        f"hawadith cascade {data} --model large --small small --at-most 0.05 --confidence 0.9 --resamples 100 --seed 13"
    )
    assert words == [*expected.split(), "--skip-bad-rows"]


def test_rows_of_a_cascade_are_measured_as_what_the_pair_decided(data: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "cascade.json", tmp_path / "out.jsonl"
    file.write_text(json.dumps(measure(data)), encoding="utf-8")
    pair, records = CascadeClassifier.load(file, model=LARGE, small=SMALL), read_records(data)
    rows = [build_row(prediction, model_id=pair.model_id) for prediction in pair.predict(records)]
    out.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = load_predictions(out, records=records)
    assert found.decisions.sum(axis=0).tolist() == [120, 0]
    assert found.unscored == {"screened_out": 70}
    assert set(found.model.split(", ")) == {load_classifier(path).model_id for path in (LARGE, SMALL)}
