"""Other spellings: they never raise, leave foreign text alone, and mean the same to the text profile."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawadith.text.article import TextProfile, prepare_article
from hawadith_evaluation.robustness import spelling
from hawadith_evaluation.robustness.perturbations import RewriteText

INVISIBLE_TO_THE_PROFILE = (
    spelling.add_tashkeel,
    spelling.add_tatweel,
    spelling.add_invisible_marks,
    spelling.use_presentation_forms,
    spelling.change_digits,
)
ALL = (*INVISIBLE_TO_THE_PROFILE, spelling.vary_spelling)
SENTENCE = "أصيب 3 جنود في المدرسة على الطريق إلى المستشفى، وقال مسؤول إن الشؤون الصحية بلا دواء لأبناء الحي."


def read(text: str) -> str:
    return prepare_article("", text, profile=TextProfile()).text.profile.text


@pytest.mark.parametrize("rewrite", ALL, ids=lambda rewrite: rewrite.__name__)
@given(text=st.text(max_size=60), seed=st.integers(0, 3))
def test_spelling_never_raises_and_follows_the_seed(rewrite: RewriteText, text: str, seed: int) -> None:
    first, again = (rewrite(text, np.random.default_rng(seed)) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("rewrite", ALL, ids=lambda rewrite: rewrite.__name__)
@pytest.mark.parametrize("text", ["", "No Arabic here, none.", "12:30", "\ud800"])
def test_spelling_leaves_alone_what_it_does_not_concern(rewrite: RewriteText, text: str) -> None:
    if rewrite is spelling.change_digits and any(char.isdigit() for char in text):
        return
    if rewrite is spelling.add_invisible_marks and " " in text:
        return
    assert rewrite(text, np.random.default_rng(1)) == text


@pytest.mark.parametrize("rewrite", ALL, ids=lambda rewrite: rewrite.__name__)
def test_spelling_changes_an_arabic_sentence(rewrite: RewriteText) -> None:
    assert rewrite(SENTENCE, np.random.default_rng(1)) != SENTENCE


@pytest.mark.parametrize("rewrite", INVISIBLE_TO_THE_PROFILE, ids=lambda rewrite: rewrite.__name__)
@given(words=st.lists(st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ", min_size=2, max_size=8), max_size=8))
def test_marks_forms_and_digits_are_the_same_text_to_the_profile(rewrite: RewriteText, words: list[str]) -> None:
    text = " ".join(words)
    assert read(rewrite(text, np.random.default_rng(2))) == read(text)


def test_presentation_forms_are_those_of_the_letters_places() -> None:
    shaped = spelling.use_presentation_forms("السلام عليكم شيء", np.random.default_rng(0))
    # alef isolated; lam initial, seen medial, lam-alef final, meem isolated; ... ; sheen initial, ya final, hamza isolated
    assert shaped == "\ufe8d\ufedf\ufeb4\ufefc\ufee1 \ufecb\ufee0\ufef4\ufedc\ufee2 \ufeb7\ufef2\ufe80"


def test_digits_of_all_three_scripts_become_those_of_another() -> None:
    drawn = {spelling.change_digits("عام 2024", np.random.default_rng(seed)) for seed in range(20)}
    assert drawn == {"عام ٢٠٢٤", "عام ۲۰۲۴"}


def test_tatweel_stands_between_joined_letters_only() -> None:
    drawn = [spelling.add_tatweel("بيت دار ورد", np.random.default_rng(seed)) for seed in range(200)]
    assert {text.replace("ـ", "-") for text in drawn if text.count("ـ") == 1} == {"ب-يت دار ورد", "بي-ت دار ورد"}


@pytest.mark.parametrize(
    ("word", "variants"),
    [
        ("أحمد", {"أحمد", "احمد"}),
        ("مدرسة", {"مدرسة", "مدرسه"}),
        ("مسؤول", {"مسؤول", "مسئول"}),
        ("شهداء", {"شهداء", "شهدا"}),
        ("الاجتماع", {"الاجتماع", "الإجتماع"}),
        ("علي", {"علي", "على"}),
        ("من", {"من"}),
    ],
)
def test_spelling_variants_are_those_that_writers_interchange(word: str, variants: set[str]) -> None:
    assert {spelling.vary_spelling(word, np.random.default_rng(seed)) for seed in range(40)} == variants
