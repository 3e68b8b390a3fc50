"""Look-alike characters: what the pre-clean makes of them before the profile."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith.text.aligned import AlignedText
from hawadith.text.arabert import normalise_aligned
from hawadith.text.presentation import fold_presentation


def fold(text: str) -> str:
    return fold_presentation(AlignedText.from_raw(text)).text


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("ﻟﻐﻢ", "لغم"),  # presentation forms, as PDF extracts have them
        ("ﻻ", "لا"),
        ("ﷲ", "الله"),
        ("كذٓا", "كذا"),
        ("کتیبة گردان", "كتيبة كردان"),
        ("۱۹۸۸", "1988"),
        ("ٱلله", "الله"),
        ("هٰذا", "هذا"),
        ("ا\u0653ليات", "آليات"),  # decomposed, as some file systems leave it
        ("مو\u0654تمر", "مؤتمر"),
        ("مي\u200cخواهد", "ميخواهد"),
        ("\ufeffخبر\u200f عاجل\u202c", "خبر عاجل"),
        ("صا\u00adروخ", "صاروخ"),
        ("خبر عادي F16 😀", "خبر عادي F16 😀"),
        ("", ""),
    ],
)
def test_fold_gives_plain_letters(given_text: str, expected: str) -> None:
    assert fold(given_text) == expected


def test_fold_keeps_marks_on_their_word() -> None:
    assert " " not in fold("ك\ufe70تاب\ufc5e")


def test_fold_stands_for_the_raw_characters() -> None:
    folded = fold_presentation(AlignedText.from_raw("س\u200fﻻح"))
    assert folded.text == "سلاح"
    assert [folded.raw_span(place, place + 1) for place in range(4)] == [(0, 2), (2, 3), (2, 3), (3, 4)]


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(exclude_categories=()), max_size=50) | st.text("ﻟﻐﻢﻻکی\u200fٱا\u0654و ", max_size=30))
def test_fold_is_aligned_and_idempotent(raw: str) -> None:
    folded = fold_presentation(AlignedText.from_raw(raw))
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert np.all(np.diff(folded.starts) >= 0)
    assert np.all(folded.ends <= len(raw))
    assert fold(folded.text) == folded.text


def test_fold_makes_persian_typing_readable_by_the_profile() -> None:
    raw = "شحنة أسلحة إیرانیة ک\u200cبیرة"
    assert normalise_aligned(fold_presentation(AlignedText.from_raw(raw))).text == "شحنة أسلحة إيرانية كبيرة"
