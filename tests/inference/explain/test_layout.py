"""Paragraphs, marks and folds hold every character of the article."""

import time
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith.explain.layout import CONTEXT, LEAD, LONG_TEXT, MarkSpan, Section, find_folds, lay_out

SENTENCE = "وصلت القافلة إلى البلدة بعد ظهر اليوم وتفقدت اللجنة الطريق. "


def _span(start: int, end: int, *, key: int = 0, label: int = 0) -> MarkSpan:
    return MarkSpan(key=key, label=label, start=start, end=end)


def _text(sections: tuple[Section, ...]) -> str:
    return "".join(piece.text for section in sections for paragraph in section.paragraphs for piece in paragraph)


def _under(sections: tuple[Section, ...], key: int) -> str:
    pieces = [piece for section in sections for paragraph in section.paragraphs for piece in paragraph]
    return "".join(piece.text for piece in pieces if any(mark.key == key for mark in piece.marks))


@st.composite
def _marked_texts(draw: st.DrawFn) -> tuple[str, list[MarkSpan]]:
    words = st.sampled_from(["لغم", " ", "\n", "\r\n", ". ", "\u202e", "قال ", "\n \n", SENTENCE, SENTENCE * 40])
    raw = "".join(draw(st.lists(words, min_size=1, max_size=12)))
    bounds = st.tuples(st.integers(0, len(raw)), st.integers(0, len(raw))).map(sorted)
    spans = draw(st.lists(bounds.filter(lambda pair: pair[0] < pair[1]), max_size=6))
    return raw, [_span(start, end, key=key, label=key % 3) for key, (start, end) in enumerate(spans)]


@settings(deadline=None, max_examples=200)
@given(_marked_texts())
def test_layout_keeps_every_character_and_marks_exactly_the_evidence(marked: tuple[str, list[MarkSpan]]) -> None:
    raw, spans = marked
    sections = lay_out(raw, spans=spans, fold=True)
    assert _text(sections) == raw
    for span in spans:
        assert _under(sections, span.key) == raw[span.start : span.end]
    shown = tuple(section for section in sections if not section.folded)
    assert all(_under(shown, span.key) == raw[span.start : span.end] for span in spans)


def test_marks_open_and_close_once() -> None:
    sections = lay_out("أب\nجد", spans=[_span(0, 5, key=0), _span(1, 4, key=1)], fold=False)
    marks = [
        (piece.text, [(mark.key, mark.opens, mark.closes) for mark in piece.marks])
        for paragraph in sections[0].paragraphs
        for piece in paragraph
    ]
    assert marks == [
        ("أ", [(0, True, False)]),
        ("ب\n", [(0, False, False), (1, True, False)]),
        ("ج", [(0, False, False), (1, False, True)]),
        ("د", [(0, False, True)]),
    ]


def test_paragraphs_end_at_line_breaks() -> None:
    sections = lay_out("\n أول\r\n\r\n  ثان\nثالث\n", spans=[], fold=False)
    assert [paragraph[0].text for paragraph in sections[0].paragraphs] == ["\n أول\r\n\r\n  ", "ثان\n", "ثالث\n"]


def test_short_text_is_not_folded() -> None:
    raw = (SENTENCE * 100)[:LONG_TEXT]
    assert find_folds(raw, spans=[_span(0, 10)]) == []
    assert find_folds(raw + raw, spans=[_span(0, 10)]) != []


def test_text_without_evidence_is_not_folded() -> None:
    assert find_folds(SENTENCE * 100, spans=[]) == []


def test_folds_leave_lead_and_context_around_evidence() -> None:
    raw = SENTENCE * 200
    start = len(SENTENCE) * 100
    before, after = find_folds(raw, spans=[_span(start, start + len(SENTENCE) - 1)])
    assert LEAD <= before[0] <= LEAD + len(SENTENCE)
    assert CONTEXT <= start - before[1] <= CONTEXT + len(SENTENCE)
    assert CONTEXT <= after[0] - (start + len(SENTENCE) - 1) <= CONTEXT + len(SENTENCE)
    assert after[1] == len(raw)
    assert all(bound % len(SENTENCE) == 0 for fold in (before, after) for bound in fold)


def test_folds_are_in_order_and_never_touch() -> None:
    raw = SENTENCE * 300
    spans = [_span(start, start + 20) for start in (15_000, 4_000, 4_100, 9_000)]
    folds = find_folds(raw, spans=spans)
    assert len(folds) == 4
    assert all(first[1] < second[0] for first, second in pairwise(folds))


def test_layout_is_linear_in_white_space() -> None:
    raw = " " * 200_000 + "ا" + " " * 200_000
    began = time.perf_counter()
    assert _text(lay_out(raw, spans=[_span(200_000, 200_001)], fold=True)) == raw
    assert time.perf_counter() - began < 2
