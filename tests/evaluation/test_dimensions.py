"""Slices partition the articles: every article in one, none hidden, the bins where they are said to be."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith.prediction import Prediction
from hawadith.records import Mark, Record
from hawadith_evaluation.dimensions import FEWEST_OF_A_SOURCE, FIRST_WORDS, Dimension, cut_dimensions

PLAIN = Record(id="1", text="خبر")
READ = Prediction(id="1", status="ok", scores={"mine": 0.5}, n_windows=1)


def cut(records: Sequence[Record], rows: Sequence[Prediction] = ()) -> dict[str, Dimension]:
    return {dimension.name: dimension for dimension in cut_dimensions(records, rows=rows)}


@st.composite
def articles(draw: st.DrawFn) -> tuple[list[Record], list[Prediction]]:
    size = draw(st.integers(0, 30))
    records, rows = [], []
    for row in range(size):
        mark = Mark(
            label="mine", field=draw(st.sampled_from(["title", "text"])), start=0, end=draw(st.integers(0, 3000))
        )
        records.append(
            Record(
                id=str(row),
                text="كلمة " * draw(st.integers(0, 600))
                + draw(st.sampled_from(["", "ان", "أن", "أن " * 20 + "ان", "مش"])),
                date=draw(st.sampled_from([None, "2024-05-01", "2023-01", "x"])),
                source=draw(st.sampled_from([None, "", "a", "b", "c"])),
                evidence=(mark,) * draw(st.integers(0, 1)),
            )
        )
        scores = {"mine": 0.5} if draw(st.booleans()) else {}
        windows, truncated = draw(st.integers(0, 9)), draw(st.booleans())
        rows.append(replace(READ, id=str(row), scores=scores, n_windows=windows, truncated=truncated))
    return records, rows


@settings(deadline=None, max_examples=50)
@given(drawn=articles())
def test_dimensions_partition_the_articles(drawn: tuple[list[Record], list[Prediction]]) -> None:
    records, rows = drawn
    dimensions = cut_dimensions(records, rows=rows)
    assert len({dimension.name for dimension in dimensions}) == len(dimensions)
    for dimension in dimensions:
        assert len(dimension.slice_of) == len(records)
        assert len(dimension.slices) >= 2
        assert len(set(dimension.slices)) == len(dimension.slices)
        assert set(dimension.slice_of) == set(dimension.slices)


def test_small_sources_share_a_slice_that_counts_them() -> None:
    sources = (
        ["big"] * FEWEST_OF_A_SOURCE + ["bigger"] * (FEWEST_OF_A_SOURCE + 1) + ["tiny"] + ["small"] * 9 + ["rare"] * 9
    )
    dimension = cut([replace(PLAIN, source=source) for source in sources])["source"]
    assert dimension.slices == ("bigger", "big", "3 sources with fewer than 10 articles each")
    assert dimension.slice_of[-19:] == (dimension.slices[-1],) * 19


def test_one_small_source_keeps_its_name() -> None:
    records = [replace(PLAIN, source=source) for source in ["big"] * FEWEST_OF_A_SOURCE + ["tiny", "tiny"]]
    assert cut(records)["source"].slices == ("big", "tiny")


def test_articles_without_source_are_one_source() -> None:
    records = [replace(PLAIN, source=source) for source in [None, ""] * 10 + ["a"] * 10]
    assert cut(records)["source"].slices == ("a", "no source")


def test_years_stand_in_order_and_the_undated_last() -> None:
    records = [replace(PLAIN, date=date) for date in (None, "2024-05-01", "2019-05-01", "2024-01-01")]
    assert cut(records)["year"].slices == ("2019", "2024", "undated")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (0, "up to 150 words"),
        (150, "up to 150 words"),
        (151, "151 to 300 words"),
        (300, "151 to 300 words"),
        (301, "301 to 450 words"),
        (450, "301 to 450 words"),
        (451, "over 450 words"),
    ],
)
def test_length_bins_hold_their_upper_bound(words: int, name: str) -> None:
    others = [replace(PLAIN, text="كلمة " * number) for number in (1, 999)]
    assert cut([replace(PLAIN, text="كلمة " * words), *others])["length"].slice_of[0] == name


def test_evidence_is_late_when_one_mark_ends_behind_the_first_words_of_title_and_text() -> None:
    text = "كلمة " * 1000
    last = len("كلمة ") * (FIRST_WORDS - 2)
    early, late = (Mark(label="mine", field="text", start=0, end=end) for end in (last, last + 5))
    title = Mark(label="mine", field="title", start=0, end=3)
    article = replace(PLAIN, title="عنوان هنا", text=text)
    marked = [(early,), (late,), (early, late), (title,), ()]
    assert cut([replace(article, evidence=marks) for marks in marked])["evidence position"].slice_of == (
        "within the first 512 word-pieces",
        "some of it later",
        "some of it later",
        "within the first 512 word-pieces",
        "not marked",
    )


def test_evidence_position_is_left_out_without_marks() -> None:
    assert "evidence position" not in cut([PLAIN, replace(PLAIN, text="كلمة " * 500)])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("أن " * 9 + "أن", "standard"),
        ("أن " * 9 + "ان", "up to 10% non-standard"),
        ("أن " * 8 + "ان", "over 10% non-standard"),
    ],
)
def test_spelling_bins(text: str, name: str) -> None:
    others = [replace(PLAIN, text="أن"), replace(PLAIN, text="ان")]
    assert cut([replace(PLAIN, text=text), *others])["spelling"].slice_of[0] == name


def test_dialect_is_found_in_one_word() -> None:
    assert cut([PLAIN, replace(PLAIN, text="مش هنا")])["dialect"].slice_of == ("no dialect word", "some dialect")


def test_what_the_model_read_makes_slices() -> None:
    unread = replace(READ, scores={}, n_windows=0, status="empty")
    rows = [READ, replace(READ, n_windows=2), replace(READ, n_windows=7, truncated=True), unread]
    dimensions = cut([PLAIN] * 4, rows)
    assert dimensions["windows"].slice_of == ("1", "2", "3 or more", "not known")
    assert dimensions["reading"].slice_of == ("read whole", "read whole", "truncated", "not read")


def test_dimensions_with_one_slice_are_left_out() -> None:
    assert cut([PLAIN] * 3, [READ] * 3) == {}
    assert cut([]) == {}
