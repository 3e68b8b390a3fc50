"""Spelling and dialect detectors: what they count, and what they leave alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawadith.records import Record
from hawadith_evaluation.spelling_noise import count_dialect, measure_spelling


@pytest.mark.parametrize(
    ("text", "noise"),
    [
        ("أعلن الجيش أن الأسلحة وصلت إلى القرية أمس", 0.0),
        ("اعلن الجيش ان الاسلحة وصلت الى القرية امس", 1.0),
        ("أعلن الجيش ان الأسلحة وصلت الى القرية", 0.5),
        ("دخلوا فى الليل فخرجوا في الصباح", 0.5),
        ("لا شيء هنا يعرفه أحد", 0.0),
        ("", 0.0),
        ("أَنْ إلــى", 0.0),
        ("اَنّ", 1.0),
        ("علي وبيان وإيمان وامانة", 0.0),
    ],
)
def test_spelling_noise_is_the_share_of_non_standard_spellings(text: str, noise: float) -> None:
    assert measure_spelling(Record(id="1", text=text)) == noise


def test_spelling_noise_counts_the_title() -> None:
    assert measure_spelling(Record(id="1", title="اطلاق نار", text="أعلن الجيش")) == 0.5


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("قال شاهد: مش عارف مين اللي ضرب، كتير خفنا", 3),
        ("راح ضحية الانفجار عم الطفل دي ميستورا", 0),
        ("والليل واللوز", 0),
        ("", 0),
    ],
)
def test_dialect_counts_words_that_the_standard_language_lacks(text: str, count: int) -> None:
    assert count_dialect(Record(id="1", text=text)) == count


@given(text=st.text(alphabet="أانإلىفيمش ـّْ", max_size=60))
def test_spelling_noise_is_a_share(text: str) -> None:
    assert 0 <= measure_spelling(Record(id="1", text=text)) <= 1
