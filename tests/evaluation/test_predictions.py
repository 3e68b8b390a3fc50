"""Predictions meet their articles: by id, each once, unread articles counted as given nothing."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.builders import KeywordModel, build_bundle

from hawadith.classifier import IncidentClassifier
from hawadith.errors import DataError
from hawadith.records import Record
from hawadith_evaluation.predictions import check_ids, load_predictions, predict_records

RECORDS = [
    Record(id="quiet", text="افتتح الوزير معرضا للكتاب في المدينة."),
    Record(id="mine", text="أصيب راع بانفجار لغم في المرعى."),
    Record(id="poison", text="سم"),
    Record(id="empty", text=" "),
]


def write(folder: Path, ids: list[str]) -> Path:
    path = folder / "scores.jsonl"
    rows = [{"id": id_, "scores": {"mine": len(id_) / 10}, "labels": ["mine"] * (id_ == "mine")} for id_ in ids]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_predictions_of_a_classifier_follow_the_records() -> None:
    classifier = IncidentClassifier(build_bundle("mine", "arms"), model=KeywordModel(["لغم", "سلاح"]))
    done: list[int] = []
    predictions = predict_records(RECORDS * 10, classifier=classifier, on_progress=done.append)
    assert predictions.labels == ("mine", "arms")
    assert predictions.model == classifier.model_id
    assert predictions.decisions[:4].tolist() == [[False, False], [True, False], [False, False], [False, False]]
    assert predictions.probabilities[1, 0] > 0.9 > 0.1 > predictions.probabilities[0, 0] > 0
    assert not predictions.probabilities[2:4].any()
    assert predictions.unscored == {"error": 10, "empty": 10}
    assert sum(done) == 40
    assert len(done) > 1


def test_predictions_carry_evidence_where_it_is_asked_for() -> None:
    classifier = IncidentClassifier(build_bundle("mine", "arms"), model=KeywordModel(["لغم", "سلاح"]))
    plain, quoted = (predict_records(RECORDS, classifier=classifier, evidence=asked) for asked in (False, True))
    assert [row.id for row in quoted.rows] == ["quiet", "mine", "poison", "empty"]
    assert plain.rows[1].evidence == ()
    assert quoted.rows[1].evidence[0].text == RECORDS[1].text


def test_predictions_of_a_file_are_put_in_the_order_of_the_records(tmp_path: Path) -> None:
    predictions = load_predictions(write(tmp_path, ["mine", "empty", "quiet", "poison"]), records=RECORDS)
    assert predictions.probabilities[:, 0].tolist() == [0.5, 0.4, 0.6, 0.5]
    assert np.flatnonzero(predictions.decisions[:, 0]).tolist() == [1]
    assert predictions.unscored == {}


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["quiet", "mine", "poison"], "1 articles have no scores: empty;? "),
        (["quiet", "mine", "poison", "empty", "x", "y"], "2 scores are of no article: x, y"),
        (["quiet", "mine", "poison", "empty", "mine"], "1 ids occur more than once: mine"),
        (list("abcdefg"), "7 scores are of no article: a, b, c, d, e ..."),
    ],
)
def test_predictions_of_other_articles_are_refused(ids: list[str], message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=message.replace(";? ", "")):
        load_predictions(write(tmp_path, ids), records=RECORDS)


def test_ids_must_be_unique_and_some() -> None:
    check_ids(RECORDS)
    with pytest.raises(DataError, match="1 ids occur more than once: quiet"):
        check_ids([*RECORDS, RECORDS[0]])
    with pytest.raises(DataError, match="no articles"):
        check_ids([])


def test_an_id_of_a_kilobyte_does_not_bury_the_message() -> None:
    with pytest.raises(DataError, match=f"once: {'x' * 60}…. Copies"):
        check_ids([replace(RECORDS[0], id="x" * 1000)] * 2)
