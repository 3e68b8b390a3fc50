"""Excerpts: offsets still point at the same words, whatever was cut out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawadith_evaluation.excerpts import GAP, Excerpt, cut_excerpt

LONG = " ".join(f"w{number}" for number in range(400))


def read(excerpt: Excerpt) -> list[str]:
    return [excerpt.text[start:end] for start, end in excerpt.spans]


def span_of(word: str) -> tuple[int, int]:
    start = f" {LONG} ".index(f" {word} ")
    return start, start + len(word)


def test_excerpt_of_a_short_text_is_the_text() -> None:
    assert cut_excerpt("a b c", spans=[(2, 3)], max_chars=5) == Excerpt(text="a b c", spans=((2, 3),))


def test_excerpt_keeps_the_beginning_and_what_stands_around_each_passage() -> None:
    excerpt = cut_excerpt(LONG, spans=[span_of("w300"), span_of("w200")], max_chars=200)
    assert read(excerpt) == ["w300", "w200"]
    lead, first, second, rest = excerpt.text.split(GAP)
    assert lead.startswith("w0 w1 ")
    assert "w199 w200 w201" in first
    assert "w299 w300 w301" in second
    assert rest == ""


def test_excerpt_without_passages_is_the_beginning() -> None:
    excerpt = cut_excerpt(LONG, spans=[], max_chars=200)
    assert excerpt.text.startswith(LONG[:200])
    assert excerpt.text.endswith(GAP)
    assert len(excerpt.text) < 250


def test_excerpt_at_the_end_of_the_text_has_no_gap_behind() -> None:
    excerpt = cut_excerpt(LONG, spans=[span_of("w399")], max_chars=200)
    assert excerpt.text.endswith("w398 w399")


def test_excerpt_joins_neighbouring_passages() -> None:
    excerpt = cut_excerpt(LONG, spans=[span_of("w200"), span_of("w202")], max_chars=200)
    assert "w200 w201 w202" in excerpt.text
    assert excerpt.text.count(GAP) == 2


@pytest.mark.parametrize("span", [(5, 5), (7, 3), (9999, 10_000)])
def test_excerpt_drops_passages_that_are_none(span: tuple[int, int]) -> None:
    assert cut_excerpt(LONG, spans=[span], max_chars=200).spans == ()
    assert cut_excerpt("a b c", spans=[span], max_chars=5).spans == ()


def test_excerpt_shortens_a_passage_that_is_the_whole_text() -> None:
    excerpt = cut_excerpt(LONG, spans=[(0, len(LONG) + 5)], max_chars=300)
    assert excerpt.spans == ((0, 100),)
    assert len(excerpt.text) < 300
    assert cut_excerpt("a b c", spans=[(0, 99)], max_chars=5).spans == ((0, 5),)


def test_excerpt_of_a_text_without_spaces_is_bounded() -> None:
    excerpt = cut_excerpt("x" * 5000, spans=[(2500, 2510)], max_chars=300)
    assert len(excerpt.text) < 300


@given(
    st.text("ab \n", max_size=400),
    st.lists(st.tuples(st.integers(0, 450), st.integers(0, 60)), max_size=3),
    st.integers(1, 200),
)
def test_excerpt_spans_read_what_they_read_in_the_raw_text(
    raw: str, places: list[tuple[int, int]], max_chars: int
) -> None:
    spans = [(start, start + length) for start, length in places]
    excerpt = cut_excerpt(raw, spans=spans, max_chars=max_chars)
    asked = [raw[start:end] for start, end in spans if raw[start:end]]
    assert len(excerpt.spans) == len(asked)
    for found, wanted in zip(read(excerpt), asked, strict=True):
        assert wanted.startswith(found)
        assert len(found) >= min(len(wanted), max_chars // 3)


@given(st.integers(0, len(LONG) - 1), st.integers(1, 400))
def test_excerpt_parts_no_word(start: int, max_chars: int) -> None:
    excerpt = cut_excerpt(LONG, spans=[(start, start + 1)], max_chars=max_chars)
    assert set(excerpt.text.replace(GAP, " ").split()) <= set(LONG.split())


def test_excerpt_of_a_passage_inside_another_holds_both() -> None:
    excerpt = cut_excerpt(LONG, spans=[(1000, 1060), (1002, 1003)], max_chars=240)
    assert read(excerpt) == [LONG[1000:1060], LONG[1002:1003]]
