"""Failures to read: which mistakes are chosen, in which order, and what is shown of them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.builders import SAMPLES
from tests.evaluation.evidence_builders import ARMS, CALM, MINE, build_keyword_classifier, build_record

from hawadith.classifier import IncidentClassifier
from hawadith.prediction import Evidence, Prediction
from hawadith.readers import read_records
from hawadith.records import Record
from hawadith_evaluation.duplicates import group_records
from hawadith_evaluation.excerpts import GAP
from hawadith_evaluation.failures import select_failures
from hawadith_evaluation.metrics_file import FailureValues
from hawadith_evaluation.predictions import Predictions, predict_records
from hawadith_evaluation.targets import label_targets


def build_predictions(scores: Sequence[float], *, given: Sequence[bool]) -> Predictions:
    """Probabilities of the one label `mine`."""
    return Predictions(
        model="m",
        labels=("mine",),
        probabilities=np.array(scores)[:, None],
        decisions=np.array(given)[:, None],
        unscored={},
        rows=tuple(Prediction(id=str(n), status="ok", scores={"mine": score}) for n, score in enumerate(scores)),
    )


def select(
    records: Sequence[Record],
    predictions: Predictions,
    *,
    classifier: IncidentClassifier | None = None,
    groups: NDArray[np.int64] | None = None,
    per_label: int = 10,
) -> list[FailureValues]:
    return select_failures(
        records,
        predictions,
        label_targets(records, labels=predictions.labels),
        groups=np.arange(len(records)) if groups is None else groups,
        classifier=classifier,
        per_label=per_label,
    )


def test_failures_show_what_a_file_says_of_a_missed_article_its_best_sentence_alone() -> None:
    record = build_record(CALM, MINE, labels=["mine"])
    shown = [Evidence(label="mine", field="text", start=0, end=end, text="", score=1.0) for end in (5, len(CALM))]
    predictions = build_predictions([0.1], given=[False])
    row = replace(predictions.rows[0], evidence=tuple(shown))
    [failure] = select([record], replace(predictions, rows=(row,)))
    assert (failure["kind"], failure["evidence"]) == ("missed", [("text", 0, 5)])


def test_failures_are_misses_from_the_least_probable_then_alarms_from_the_most_probable() -> None:
    records = [Record(id=str(n), text="", labels=("mine",) * (n < 3)) for n in range(6)]
    predictions = build_predictions([0.3, 0.1, 0.9, 0.6, 0.8, 0.2], given=[False, False, True, True, True, False])
    failures = select(records, predictions)
    assert [(f["kind"], f["id"], f["probability"]) for f in failures] == [
        ("missed", "1", 0.1),
        ("missed", "0", 0.3),
        ("false_alarm", "4", 0.8),
        ("false_alarm", "3", 0.6),
    ]
    assert {(f["label"], f["threshold"]) for f in failures} == {("mine", None)}


def test_failures_are_bounded_per_label_and_kind() -> None:
    records = [Record(id=str(n), text="", labels=("mine",) * (n < 3)) for n in range(6)]
    predictions = build_predictions([0.1] * 3 + [0.9] * 3, given=[False] * 3 + [True] * 3)
    assert [f["id"] for f in select(records, predictions, per_label=2)] == ["0", "1", "3", "4"]
    assert select(records, predictions, per_label=0) == []


def test_failures_do_not_depend_on_the_order_of_the_articles() -> None:
    records = [Record(id=str(n), text="", labels=("mine",)) for n in range(4)]
    predictions = build_predictions([0.1, 0.1, 0.2, 0.1], given=[False] * 4)
    backwards = build_predictions([0.1, 0.2, 0.1, 0.1], given=[False] * 4)
    assert select(records, predictions) == select(records[::-1], backwards)


def test_failures_show_near_duplicates_once_by_the_most_confident() -> None:
    records = [Record(id=str(n), text="", labels=("mine",)) for n in range(3)]
    predictions = build_predictions([0.2, 0.1, 0.3], given=[False] * 3)
    assert [f["id"] for f in select(records, predictions, groups=np.array([4, 4, 7]))] == ["1", "2"]


def test_failures_leave_out_labels_that_nobody_judged() -> None:
    records = [Record(id="0", text="", unknown=("mine",)), Record(id="1", text="", labels=("mine",))]
    assert select(records, build_predictions([0.9, 0.9], given=[True, True])) == []


def test_failures_leave_out_articles_that_the_model_could_not_read() -> None:
    records = [Record(id="0", text="", labels=("mine",)), Record(id="1", text="نص", labels=("mine",))]
    predictions = build_predictions([0.0, 0.1], given=[False, False])
    rows = (Prediction(id="0", status="empty", scores={}), predictions.rows[1])
    assert [f["id"] for f in select(records, replace(predictions, rows=rows))] == ["1"]


def test_failures_false_alarm_shows_its_evidence_in_place() -> None:
    record = build_record(CALM, MINE, title=f"{ARMS} 2")
    predictions = predict_records([record], classifier=build_keyword_classifier(), evidence=True)
    by_label = {f["label"]: f for f in select([record], predictions)}
    [(field, start, end)] = by_label["mine"]["evidence"]
    assert (field, by_label["mine"]["text"][start:end]) == ("text", f"{MINE}.")
    [(field, start, end)] = by_label["arms"]["evidence"]
    assert (field, by_label["arms"]["title"][start:end]) == ("title", f"{ARMS} 2")


def test_failures_miss_shows_where_the_model_would_have_looked() -> None:
    record = build_record(CALM, "قتل راع بعبوة", labels=["mine"])
    classifier = build_keyword_classifier()
    predictions = predict_records([record], classifier=classifier, evidence=True)
    [failure] = select([record], predictions, classifier=classifier)
    [(field, start, end)] = failure["evidence"]
    assert (field, failure["text"][start:end], failure["threshold"]) == ("text", f"{CALM}.", 0.5)
    [failure] = select([record], predictions)
    assert failure["evidence"] == []


def test_failures_miss_shows_one_sentence() -> None:
    record = build_record(MINE, f"{MINE} 2", labels=["mine"])
    classifier = build_keyword_classifier()
    predictions = predict_records([record], classifier=classifier)
    missed = replace(predictions, decisions=np.zeros_like(predictions.decisions))
    [failure] = select([record], missed, classifier=classifier)
    assert failure["evidence"] == [("text", 0, len(MINE) + 1)]


def test_failures_long_article_is_cut_around_its_evidence() -> None:
    filler = [f"{CALM} {number}" for number in range(400)]
    record = build_record(*filler[:300], MINE, *filler[300:])
    predictions = predict_records([record], classifier=build_keyword_classifier(), evidence=True)
    [failure] = select([record], predictions)
    [(_, start, end)] = failure["evidence"]
    assert failure["text"][start:end] == f"{MINE}."
    assert failure["text"].count(GAP) == 2
    assert len(failure["text"]) < 3000 < len(record.text)


def test_failures_hostile_evidence_of_a_file_stays_bounded() -> None:
    record = Record(id="0", title="ع" * 9000, text="ن " * 9000)
    predictions = build_predictions([0.9], given=[True])
    everywhere = [Evidence(label="mine", field="text", start=n, end=20_000, text="", score=0.0) for n in range(5000)]
    title = Evidence(label="mine", field="title", start=0, end=9000, text="", score=0.0)
    rows = (replace(predictions.rows[0], evidence=(title, *everywhere)),)
    [failure] = select([record], replace(predictions, rows=rows))
    assert (len(failure["evidence"]), len(failure["title"]) <= 600, len(failure["text"]) <= 6000) == (3, True, True)


@pytest.mark.parametrize("evidence", [True, False])
def test_failures_of_the_bundled_default_on_samples_point_into_what_is_shown(evidence: bool) -> None:
    records = read_records(SAMPLES)
    classifier = IncidentClassifier.load()
    predictions = predict_records(records, classifier=classifier, evidence=evidence)
    failures = select(records, predictions, classifier=classifier, groups=group_records(records), per_label=5)
    by_id = {record.id: record for record in records}
    assert failures
    for failure in failures:
        for field, start, end in failure["evidence"]:
            shown = failure["title"] if field == "title" else failure["text"]
            assert shown[start:end] in getattr(by_id[failure["id"]], field)
            assert start < end <= len(shown)
