"""Aligned text: spans there and back, replacing, leaving out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith.text.aligned import AlignedText, Span, code_points, outside, text_of

LAW = settings(deadline=None, max_examples=200)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text and some disjoint, non-empty spans of it."""
    raw = draw(st.text(st.characters(exclude_categories=()), max_size=30))
    edges = sorted(draw(st.sets(st.integers(0, len(raw)), max_size=8)))
    return raw, list(zip(edges[::2], edges[1::2], strict=False))


@given(st.text(st.characters(exclude_categories=())))
def test_code_points_spell_the_text_again(text: str) -> None:
    assert text_of(code_points(text)) == text


def test_from_raw_aligns_a_text_with_itself() -> None:
    aligned = AlignedText.from_raw("خبر")
    assert aligned.text == "خبر"
    assert aligned.raw_span(1, 3) == aligned.profile_span(1, 3) == (1, 3)


@pytest.mark.parametrize(
    ("raw", "dropped", "kept"),
    [
        ("أول|ثان", [(3, 4)], "أول\nثان"),
        ("أول | ثان", [(4, 5)], "أول  ثان"),
        ("قائمة خبر", [(0, 6)], "خبر"),
        ("خبر حقوق", [(4, 8)], "خبر "),
        ("خبر", [(1, 1)], "خبر"),
        ("خبر", [(0, 3)], ""),
    ],
)
def test_from_raw_leaves_spans_out_without_fusing_words(raw: str, dropped: list[Span], kept: str) -> None:
    assert AlignedText.from_raw(raw, dropped).text == kept


def test_raw_span_of_nothing_is_empty_and_in_place() -> None:
    aligned = AlignedText.from_raw("xxلغم", [(0, 2)])
    assert aligned.raw_span(0, 0) == (2, 2)
    assert aligned.raw_span(3, 3) == (5, 5)
    assert AlignedText.from_raw("").raw_span(0, 0) == (0, 0)


def test_profile_span_of_a_dropped_stretch_is_empty() -> None:
    start, end = AlignedText.from_raw("لغم xx هنا", [(4, 6)]).profile_span(4, 6)
    assert start == end


def test_replace_stands_for_the_whole_span() -> None:
    aligned = AlignedText.from_raw("ا http://x ب").replace([(2, 10)], ["[رابط]"])
    assert aligned.text == "ا [رابط] ب"
    assert {aligned.raw_span(place, place + 1) for place in range(2, 8)} == {(2, 10)}
    assert aligned.profile_span(4, 5) == (2, 8)


def test_keep_lets_a_letter_stand_for_its_marks() -> None:
    aligned = AlignedText.from_raw("لُغْم").keep(np.array([True, False, True, False, True]))
    assert aligned.text == "لغم"
    assert [aligned.raw_span(place, place + 1) for place in range(3)] == [(0, 2), (2, 4), (4, 5)]


@LAW
@given(texts_with_spans())
def test_without_keeps_every_other_character_in_place(case: tuple[str, list[Span]]) -> None:
    raw, spans = case
    aligned = AlignedText.from_raw(raw, spans)
    gone = {place for start, end in spans for place in range(start, end)}
    kept = [(char, start) for char, start in zip(aligned.text, aligned.starts, strict=True) if int(start) not in gone]
    assert kept == [(char, place) for place, char in enumerate(raw) if place not in gone]


@LAW
@given(texts_with_spans(), st.lists(st.text("ab", max_size=3), min_size=8, max_size=8))
def test_replace_agrees_with_plain_slicing(case: tuple[str, list[Span]], replacements: list[str]) -> None:
    raw, spans = case
    aligned = AlignedText.from_raw(raw).replace(spans, replacements[: len(spans)])
    expected = raw
    for (start, end), new in reversed(list(zip(spans, replacements, strict=False))):
        expected = expected[:start] + new + expected[end:]
    assert aligned.text == expected
    assert len(aligned.starts) == len(aligned.ends) == len(expected)
    assert np.all(np.diff(aligned.starts) >= 0)
    assert np.all(np.diff(aligned.ends) >= 0)


def test_outside_gives_what_lies_between() -> None:
    assert outside([(1, 2), (4, 6)], 7) == [(0, 1), (2, 4), (6, 7)]
    assert outside([], 3) == [(0, 3)]
