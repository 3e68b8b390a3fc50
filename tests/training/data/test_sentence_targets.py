"""Sentence targets: what marks say of sentences, and that nothing unknown is taught as empty."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import SAMPLES, build_typology

from hawadith.errors import DataError
from hawadith.linear.features import read_grams
from hawadith.readers import read_records
from hawadith.records import Mark, Record
from hawadith.text.article import TextProfile, prepare_article
from hawadith_training.articles import LabelledArticles, prepare_records
from hawadith_training.data.sentence_targets import build_sentence_targets, find_marked

TITLE = "لغم يقتل راعيا"
SENTENCES = ["انفجر لغم قرب القرية.", "وقالت الشرطة إنها تحقق في الحادث.", "هدأت المدينة بعد ذلك."]
TEXT = " ".join(SENTENCES)
PROFILE = TextProfile()


def mark(sentence: str, *, label: str = "mine", field: str = "text") -> Mark:
    start = (TITLE if field == "title" else TEXT).index(sentence)
    return Mark(label=label, field="title" if field == "title" else "text", start=start, end=start + len(sentence))


def prepare(record: Record) -> LabelledArticles:
    return prepare_records([record], typology=build_typology("mine", "arms"), profile=PROFILE)


def judge(
    *,
    labels: Sequence[str] = ("mine",),
    unknown: Sequence[str] = (),
    evidence: Sequence[Mark] = (),
    context: Sequence[Mark] = (),
) -> list[list[int]]:
    """One list per label: title, then the three sentences of the text."""
    record = Record(
        id="a",
        title=TITLE,
        text=TEXT,
        labels=tuple(labels),
        unknown=tuple(unknown),
        evidence=tuple(evidence),
        context=tuple(context),
    )
    (table,) = build_sentence_targets(prepare(record))
    assert table.dtype == np.int8
    return [column.tolist() for column in table.T]


def test_sentence_targets_tell_evidence_from_context_and_from_the_rest() -> None:
    mine, arms = judge(evidence=[mark(SENTENCES[0])], context=[mark(SENTENCES[1])])
    assert mine == [-1, 1, 0, -1]
    assert arms == [-1, -1, -1, -1]


def test_sentence_targets_number_the_title_first() -> None:
    mine, _ = judge(evidence=[mark(TITLE, field="title")], context=[mark(SENTENCES[2])])
    assert mine == [1, -1, -1, 0]


def test_sentence_targets_evidence_wins_over_context() -> None:
    mine, _ = judge(evidence=[mark(SENTENCES[0])], context=[mark(SENTENCES[0]), mark(TITLE, field="title")])
    assert mine == [0, 1, -1, -1]


@pytest.mark.parametrize(
    ("evidence", "context"),
    [
        ([], []),
        ([], [mark(SENTENCES[1])]),
        ([mark(SENTENCES[0], label="arms")], []),
        ([Mark(label="mine", field="text", start=21, end=22)], []),
    ],
    ids=["no marks", "hints alone", "marks of another label", "a mark in no sentence"],
)
def test_sentence_targets_of_a_label_that_holds_without_evidence_are_unknown(
    evidence: list[Mark], context: list[Mark]
) -> None:
    assert judge(evidence=evidence, context=context)[0] == [0, 0, 0, 0]


def test_sentence_targets_of_labels_that_nobody_judged_are_unknown() -> None:
    assert judge(unknown=["arms"], evidence=[mark(SENTENCES[0])])[1] == [0, 0, 0, 0]


def test_sentence_targets_pass_marks_of_labels_that_do_not_hold_over() -> None:
    mine, arms = judge(
        labels=(), evidence=[mark(SENTENCES[0]), mark(SENTENCES[0], label="drugs")], context=[mark(SENTENCES[1])]
    )
    assert mine == arms == [-1, -1, -1, -1]


def test_sentence_targets_of_two_labels_do_not_mix() -> None:
    mine, arms = judge(labels=["mine", "arms"], evidence=[mark(SENTENCES[0]), mark(SENTENCES[2], label="arms")])
    assert mine == [-1, 1, -1, -1]
    assert arms == [-1, -1, -1, 1]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 21, [1, 0, 0]),
        (0, 55, [1, 1, 0]),
        (0, len(TEXT), [1, 1, 1]),
        (6, 9, [1, 0, 0]),
        (0, 26, [1, 0, 0]),
        (17, 40, [0, 1, 0]),
        (10, 34, [1, 1, 0]),
        (12, 33, [0, 1, 0]),
        (16, 26, [1, 0, 0]),
        (20, 27, [0, 1, 0]),
    ],
)
def test_marks_belong_to_sentences_that_share_half_of_the_shorter(start: int, end: int, expected: list[int]) -> None:
    article = prepare_article("", TEXT, profile=PROFILE)
    assert find_marked(article, marks=[Mark(label="m", field="text", start=start, end=end)]).tolist() == expected


def test_sentence_targets_refuse_marks_that_cannot_be_read() -> None:
    with pytest.raises(DataError, match=r"marks of 1 articles cannot be read(.|\n)*a\.jsonl:3: bad"):
        build_sentence_targets(prepare(Record(id="a", text=TEXT, evidence_fault="a.jsonl:3: bad")))


texts = st.lists(
    st.sampled_from(
        [*SENTENCES, "\n", " ", "د. ", "ـ", "لُغْم", "!", "؟!", "…", "اقرأ أيضا: ", "http://a.b/c ", "x" * 700, "\ufeff"]
    ),
    max_size=12,
).map("".join)


@settings(deadline=None, max_examples=100)
@given(texts, texts)
def test_a_sentence_marked_by_its_own_span_is_the_only_one_marked(title: str, text: str) -> None:
    article = prepare_article(title, text, profile=PROFILE)
    spans = [("title", *span) for span in article.title.sentences.tolist()]
    spans += [("text", *span) for span in article.text.sentences.tolist()]
    for number, (field, start, end) in enumerate(spans):
        own = Mark(label="m", field="title" if field == "title" else "text", start=start, end=end)
        assert np.flatnonzero(find_marked(article, marks=[own])).tolist() == [number]


def test_sentence_targets_of_the_samples_hold_every_mark_and_are_numbered_as_the_features_are() -> None:
    articles = prepare_records(read_records(SAMPLES), typology=build_typology("landmine_casualties"), profile=PROFILE)
    tables = build_sentence_targets(articles)
    for table, article, record in zip(tables, articles.articles, articles.records, strict=True):
        assert table.shape == (read_grams(article).n_sentences, 1)
        raw = [record.title[a:b] for a, b in article.title.sentences]
        raw += [record.text[a:b] for a, b in article.text.sentences]
        found = [raw[row] for row in np.flatnonzero(table[:, 0] == 1)]
        for item in record.evidence:
            quote = getattr(record, item.field)[item.start : item.end]
            assert item.label != "landmine_casualties" or any(quote in text or text in quote for text in found)
