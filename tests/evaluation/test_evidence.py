"""Evidence figures: which pairs are rated, what counts as the same sentence, and what needs a model."""

import logging
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import SAMPLES
from tests.evaluation.evidence_builders import ARMS, CALM, MINE, build_keyword_classifier, build_record

from hawadith.classifier import IncidentClassifier
from hawadith.readers import read_records
from hawadith.records import Mark, Record
from hawadith_evaluation.estimates import Resampling
from hawadith_evaluation.evidence import measure_evidence, rate_sentences
from hawadith_evaluation.metrics_file import EvidenceValues
from hawadith_evaluation.predictions import Predictions, predict_records
from hawadith_evaluation.targets import label_targets

BARE = {"value": None, "low": None, "high": None}


def predict(records: list[Record], *, evidence: bool = True) -> Predictions:
    return predict_records(records, classifier=build_keyword_classifier(), evidence=evidence)


def measure(
    records: list[Record],
    *,
    classifier: IncidentClassifier | None = None,
    predictions: Predictions | None = None,
    resamples: int = 0,
) -> list[EvidenceValues]:
    return measure_evidence(
        records,
        predictions or predict(records),
        targets=label_targets(records, labels=("mine", "arms")),
        classifier=classifier,
        resampling=Resampling(groups=np.arange(len(records)), resamples=resamples),
    )


MARKED = build_record(CALM, MINE, labels=["mine"], marks=[("mine", MINE)])
WRONG = build_record(CALM, MINE, id_="b", labels=["mine"], marks=[("mine", CALM)])
NOT_GIVEN = build_record(CALM, "قتل راع بعبوة", id_="c", labels=["mine"], marks=[("mine", "قتل راع بعبوة")])


def test_evidence_hit_and_coverage_of_given_marked_pairs() -> None:
    mine, arms = measure([MARKED, WRONG])
    assert (mine["n_marked"], mine["hit_at_1"]["value"], mine["coverage"]["value"]) == (2, 0.5, 0.5)
    assert (arms["label"], arms["n_marked"], arms["hit_at_1"]) == ("arms", 0, BARE)


def test_evidence_rates_only_labels_that_are_true_marked_and_given() -> None:
    false_alarm = build_record(MINE, marks=[("mine", MINE)])
    unmarked = build_record(MINE, id_="b", labels=["mine"])
    other_mark = build_record(MINE, ARMS, id_="d", labels=["mine"], marks=[("arms", ARMS)])
    mine, arms = measure([false_alarm, unmarked, other_mark, NOT_GIVEN])
    assert (mine["n_marked"], arms["n_marked"], mine["n_given"], arms["n_given"]) == (0, 0, 3, 1)


def test_evidence_of_each_label_is_compared_with_the_marks_of_that_label() -> None:
    both = build_record(MINE, ARMS, labels=["mine", "arms"], marks=[("mine", MINE), ("arms", ARMS)])
    assert [value["hit_at_1"]["value"] for value in measure([both])] == [1, 1]
    crossed = build_record(MINE, ARMS, labels=["mine", "arms"], marks=[("mine", ARMS), ("arms", MINE)])
    assert [value["coverage"]["value"] for value in measure([crossed])] == [0, 0]


def test_evidence_of_all_marked_pairs_needs_the_model() -> None:
    records = [MARKED, WRONG, NOT_GIVEN]
    mine, _ = measure(records)
    assert (mine["n_marked_all"], mine["hit_at_1_all"]) == (0, BARE)
    mine, _ = measure(records, classifier=build_keyword_classifier())
    # The keyword model ranks the first sentence first where none has the keyword: it misses the third article, too.
    assert (mine["n_marked"], mine["n_marked_all"]) == (2, 3)
    assert (mine["hit_at_1_all"]["value"], mine["coverage_all"]["value"]) == pytest.approx((1 / 3, 1 / 3))


def say_of_missed(records: list[Record]) -> Predictions:
    """Predictions whose rows say evidence of every label, given or not."""
    predictions = predict(records)
    rank = build_keyword_classifier().rank_evidence
    rows = [
        replace(row, evidence=rank(record, labels=("mine", "arms")) if row.scores else ())
        for row, record in zip(predictions.rows, records, strict=True)
    ]
    return replace(predictions, rows=tuple(rows))


def test_evidence_of_all_marked_pairs_is_read_from_rows_that_say_it() -> None:
    unreadable = build_record(f"{MINE} عدم", id_="d", labels=["mine"], marks=[("mine", MINE)])
    records = [MARKED, WRONG, NOT_GIVEN, unreadable]
    told = measure(records, predictions=say_of_missed(records))
    ranked = measure(records, classifier=build_keyword_classifier())
    keys = ("n_marked", "hit_at_1", "coverage", "n_marked_all", "hit_at_1_all", "coverage_all", "n_given")
    assert [[value[key] for key in keys] for value in told] == [[value[key] for key in keys] for value in ranked]  # type: ignore[literal-required]
    assert (told[0]["n_marked_all"], told[0]["n_given"]) == (3, 2)


def test_evidence_of_all_marked_pairs_counts_a_missed_pair_without_any_as_a_miss() -> None:
    records = [
        MARKED,
        NOT_GIVEN,
        replace(MARKED, id="d", text=CALM, evidence=(Mark(label="mine", field="text", start=0, end=9),)),
    ]
    predictions = say_of_missed(records)
    silent = replace(predictions.rows[2], evidence=())
    mine, _ = measure(records, predictions=replace(predictions, rows=(*predictions.rows[:2], silent)))
    assert (mine["n_marked_all"], mine["hit_at_1_all"]["value"]) == pytest.approx((3, 1 / 3))


def test_evidence_of_all_marked_pairs_is_that_of_the_given_where_none_was_missed() -> None:
    mine, _ = measure([MARKED, WRONG])
    assert (mine["n_marked_all"], mine["hit_at_1_all"], mine["coverage_all"]) == (2, mine["hit_at_1"], mine["coverage"])


def test_evidence_without_a_model_has_no_faithfulness() -> None:
    mine, _ = measure([MARKED])
    assert (mine["n_given"], mine["n_erased"], mine["comprehensiveness"], mine["sufficiency_random"]) == (
        1,
        0,
        BARE,
        BARE,
    )


def test_evidence_with_a_model_carries_faithfulness() -> None:
    mine, _ = measure([MARKED, NOT_GIVEN], classifier=build_keyword_classifier())
    assert (mine["n_given"], mine["n_erased"]) == (1, 1)
    assert mine["comprehensiveness"]["value"] == pytest.approx(0.964, abs=1e-3)
    assert mine["sufficiency"]["value"] == pytest.approx(0)
    assert mine["comprehensiveness_random"]["value"] == pytest.approx(0)
    assert mine["sufficiency_random"]["value"] == pytest.approx(0.964, abs=1e-3)


def test_evidence_that_nobody_asked_for_is_not_rated_as_missing() -> None:
    mine, _ = measure([MARKED], predictions=predict([MARKED], evidence=False))
    assert (mine["n_marked"], mine["hit_at_1"]) == (0, BARE)


def test_evidence_missing_from_one_row_among_others_is_a_miss() -> None:
    records = [MARKED, replace(MARKED, id="b")]
    predictions = predict(records)
    bare = replace(predictions.rows[1], evidence=())
    mine, _ = measure(records, predictions=replace(predictions, rows=(predictions.rows[0], bare)))
    assert (mine["n_marked"], mine["hit_at_1"]["value"], mine["coverage"]["value"]) == (2, 0.5, 0.5)


def test_evidence_of_an_article_that_the_model_cannot_read_counts_nowhere() -> None:
    unreadable = build_record(f"{MINE} عدم", id_="d", labels=["mine"], marks=[("mine", MINE)])
    mine, _ = measure([MARKED, unreadable], classifier=build_keyword_classifier())
    assert (mine["n_marked"], mine["n_marked_all"]) == (1, 1)


def test_evidence_in_the_title_is_read_from_the_title() -> None:
    mine, _ = measure([build_record(MINE, CALM, title=MINE, labels=["mine"], marks=[("mine", CALM)])])
    assert (mine["hit_at_1"]["value"], mine["coverage"]["value"]) == (0, 0)


def test_evidence_figures_have_intervals() -> None:
    records = [replace(record, id=f"{record.id}{number}") for number in range(10) for record in (MARKED, WRONG)]
    mine, _ = measure(records, resamples=200)
    low, high = mine["hit_at_1"]["low"], mine["hit_at_1"]["high"]
    assert low is not None
    assert high is not None
    assert 0.2 < low < 0.5 < high < 0.8


def test_evidence_intervals_resample_whole_groups() -> None:
    records = [replace(MARKED, id=str(number)) for number in range(10)] + [replace(WRONG, id="x")]
    values = measure_evidence(
        records,
        predict(records),
        targets=label_targets(records, labels=("mine", "arms")),
        classifier=None,
        resampling=Resampling(groups=np.array([0] * 10 + [1]), resamples=100),
    )
    assert (values[0]["hit_at_1"]["low"], values[0]["hit_at_1"]["high"]) == (0, 1)


def test_evidence_names_marks_that_cannot_be_read(caplog: pytest.LogCaptureFixture) -> None:
    records = [replace(MARKED, id=str(n), evidence=(), evidence_fault=f"a.jsonl:{n}: bad") for n in range(7)]
    with caplog.at_level(logging.WARNING, logger="hawadith"):
        measure(records)
    [message] = [record.getMessage() for record in caplog.records]
    assert message.startswith("The marks of 7 articles cannot be read and are left out:\n  - a.jsonl:0: bad\n")
    assert message.endswith("a.jsonl:4: bad\n  - and 2 more")


@pytest.mark.parametrize(
    ("shown", "marked", "expected"),
    [
        (["a b c d"], ["a b c d"], (1.0, 1.0)),
        (["a b"], ["a b c d"], (1.0, 1.0)),
        (["a b"], ["a b c d e"], (0.0, 0.0)),
        (["a b c d e"], ["a b"], (0.0, 0.0)),
        (["a a"], ["a b c"], (0.0, 0.0)),
        (["c d", "a b"], ["a b"], (0.0, 1.0)),
        (["a b", "c d"], ["a b", "c d", "e f", "g h"], (1.0, 0.5)),
        ([], ["a b"], (0.0, 0.0)),
        (["!"], ["؟"], (0.0, 0.0)),
        (["لُغْمٌ انفجـر"], ["لغم انفجر"], (1.0, 1.0)),
    ],
)
def test_rate_sentences(shown: list[str], marked: list[str], expected: tuple[float, float]) -> None:
    assert rate_sentences(shown, marked=marked) == expected


sentences = st.lists(st.text("ابت ", max_size=9), max_size=4)


@given(sentences, sentences.filter(bool))
def test_rate_sentences_lie_in_0_to_1_and_a_hit_covers_something(shown: list[str], marked: list[str]) -> None:
    hit, coverage = rate_sentences(shown, marked=marked)
    assert hit in (0, 1)
    assert hit / len(marked) <= coverage <= 1


def test_evidence_of_the_bundled_default_on_samples() -> None:
    records = read_records(SAMPLES)
    classifier = IncidentClassifier.load()
    predictions = predict_records(records, classifier=classifier, evidence=True)
    values = measure_evidence(
        records,
        predictions,
        targets=label_targets(records, labels=predictions.labels),
        classifier=classifier,
        resampling=Resampling(groups=np.arange(len(records)), resamples=0),
    )
    hits = [(value["hit_at_1"]["value"] or 0) * value["n_marked"] for value in values]
    assert sum(hits) >= 0.8 * sum(value["n_marked"] for value in values) > 0
