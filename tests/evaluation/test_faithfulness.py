"""Faithfulness: what is cut out of which article, and what its probabilities then say."""

import logging
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from tests.evaluation.evidence_builders import ARMS, CALM, MINE, build_keyword_classifier, build_record

from hawadith.prediction import Evidence
from hawadith.records import Record
from hawadith_evaluation.faithfulness import (
    Faithfulness,
    Passage,
    erase_passages,
    keep_passages,
    measure_faithfulness,
)
from hawadith_evaluation.predictions import predict_records

HIGH, LOW = 1 / (1 + np.exp(-4)), 1 / (1 + np.exp(4))
CALMS = [f"{CALM} {word}" for word in ("اليوم", "أمس", "غدا", "مساء", "ظهرا")]


def measure(records: list[Record], *, seed: int = 1, max_pairs: int = 100) -> Faithfulness:
    classifier = build_keyword_classifier()
    predictions = predict_records(records, classifier=classifier, evidence=True)
    return measure_faithfulness(records, predictions, classifier=classifier, seed=seed, max_pairs=max_pairs)


def test_faithfulness_of_the_one_sentence_that_carries_the_label() -> None:
    found = measure([build_record(CALM, MINE, *CALMS)])
    assert_allclose(found.comprehensiveness[0, 0], HIGH - LOW)
    assert_allclose(found.sufficiency[0, 0], 0, atol=1e-9)
    assert_allclose(found.comprehensiveness_random[0, 0], 0, atol=1e-9)
    assert_allclose(found.sufficiency_random[0, 0], HIGH - LOW)


def test_faithfulness_is_not_comprehensive_where_another_sentence_carries_the_label() -> None:
    # Three sentences are shown at most, so the fourth still says it.
    found = measure([build_record(*[f"{MINE} {word}" for word in ("اليوم", "أمس", "غدا", "مساء")], CALM)])
    assert_allclose(found.comprehensiveness[0, 0], 0, atol=1e-9)


def test_faithfulness_measures_given_labels_alone() -> None:
    found = measure([build_record(CALM, MINE, CALM), build_record(CALM, id_="b")])
    assert np.argwhere(~np.isnan(found.comprehensiveness)).tolist() == [[0, 0]]


def test_faithfulness_evidence_in_the_title_is_cut_from_the_title() -> None:
    found = measure([build_record(CALM, *CALMS, title=MINE)])
    assert_allclose((found.comprehensiveness[0, 0], found.sufficiency[0, 0]), (HIGH - LOW, 0), atol=1e-9)


@pytest.mark.parametrize(("title", "text"), [(MINE, f"{CALM}."), ("", f"{MINE}.{CALM}."), ("", f"{CALM}.{MINE}.")])
def test_faithfulness_baseline_may_stand_beside_the_evidence_or_at_its_offsets_in_the_other_field(
    title: str, text: str
) -> None:
    found = measure([Record(id="a", title=title, text=text)])
    assert_allclose(found.comprehensiveness_random[0, 0], 0, atol=1e-9)


def test_faithfulness_an_article_of_which_nothing_is_left_has_probability_0() -> None:
    found = measure([build_record(MINE)])
    assert_allclose(found.comprehensiveness[0, 0], HIGH)
    assert_allclose(found.sufficiency[0, 0], 0, atol=1e-9)
    assert np.isnan([found.comprehensiveness_random[0, 0], found.sufficiency_random[0, 0]]).all()


def test_faithfulness_leaves_out_what_the_model_cannot_score(caplog: pytest.LogCaptureFixture) -> None:
    record = build_record(MINE, f"{CALM} عدم")
    classifier = build_keyword_classifier()
    [prediction] = classifier.predict([build_record(MINE, CALM)])
    predictions = replace(predict_records([build_record(MINE)], classifier=classifier), rows=(prediction,))
    with caplog.at_level(logging.ERROR):
        found = measure_faithfulness([record], predictions, classifier=classifier, seed=1)
    assert np.isnan(found.comprehensiveness[0, 0])
    assert_allclose(found.sufficiency[0, 0], 0, atol=1e-9)


def test_faithfulness_bounds_the_articles_of_each_label() -> None:
    records = [build_record(MINE, ARMS, CALM, id_=str(number)) for number in range(12)]
    found = measure(records, max_pairs=5)
    assert (~np.isnan(found.comprehensiveness)).sum(axis=0).tolist() == [5, 5]


def test_faithfulness_draws_by_seed_and_not_by_order() -> None:
    records = [build_record(MINE, CALM, *CALMS, id_=str(number)) for number in range(12)]
    draw = partial(measure, max_pairs=5)
    forwards, backwards = draw(records), draw(records[::-1])
    assert np.array_equal(forwards.sufficiency_random, backwards.sufficiency_random[::-1], equal_nan=True)
    drawn = [np.flatnonzero(~np.isnan(draw(records, seed=seed).sufficiency[:, 0])).tolist() for seed in range(4)]
    assert len({tuple(rows) for rows in drawn}) > 1


def test_faithfulness_baseline_takes_sentences_of_like_length() -> None:
    # Shown for `arms` is a long sentence that names no weapon; each of the other long ones names one, none of the short ones does.
    unarmed = f"{MINE} {CALM} {CALM} مساء"
    record = build_record(unarmed, *"ابتثجحخ", *(f"{ARMS} {CALM} {CALM} {word}" for word in ("اليوم", "أمس", "غدا")))
    classifier = build_keyword_classifier()
    predictions = predict_records([record], classifier=classifier)
    shown = Evidence(label="arms", field="text", start=0, end=len(unarmed), text=unarmed, score=1.0)
    rows = (replace(predictions.rows[0], evidence=(shown,)),)
    found = measure_faithfulness([record], replace(predictions, rows=rows), classifier=classifier, seed=3)
    assert_allclose(found.sufficiency[0, 1], HIGH - LOW)
    assert_allclose(found.sufficiency_random[0, 1], 0, atol=1e-9)


def test_erase_and_keep_cut_by_offsets_and_keep_neighbours_apart() -> None:
    record = Record(id="a", title="عنوان", text="أول. ثان. ثالث.")
    passages: list[Passage] = [("text", 5, 9)]
    assert (erase_passages(record, passages).text, erase_passages(record, passages).title) == ("أول. \n ثالث.", "عنوان")
    assert (keep_passages(record, passages).text, keep_passages(record, passages).title) == ("ثان.", "")


def test_erase_and_keep_leave_the_rest_of_the_record_alone() -> None:
    record = Record(id="a", title="عنوان", text="نص", source="s", date="2024-01-01")
    for change in (erase_passages, keep_passages):
        changed = change(record, [("title", 0, 5)])
        assert (changed.id, changed.source, changed.date) == ("a", "s", "2024-01-01")
    assert (erase_passages(record, [("title", 0, 5)]).title.strip(), keep_passages(record, []).text) == ("", "")


@given(
    st.lists(st.sampled_from("abcdef"), max_size=8),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=4),
)
def test_erase_drops_exactly_the_passages_however_they_overlap(words: list[str], bounds: list[tuple[int, int]]) -> None:
    text = "".join(words)
    passages: list[Passage] = [("text", min(pair), max(pair)) for pair in bounds]
    inside = {place for _, start, end in passages for place in range(start, end)}
    erased = erase_passages(Record(id="a", text=text), passages).text
    assert erased.replace("\n", "") == "".join(letter for place, letter in enumerate(text) if place not in inside)
