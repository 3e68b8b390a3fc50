"""Noise: bounded, seeded, and in its place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawadith.text.article import TextProfile, prepare_article
from hawadith_evaluation.robustness import noise
from hawadith_evaluation.robustness.perturbations import RewriteText
from hawadith_evaluation.robustness.wording import load_wording

ALL = (noise.scan_poorly, noise.shuffle_sentences, noise.add_share_bar, noise.add_related_links)
SENTENCES = "افتتح الوزير المعرض. وحضر جمهور كبير من المدينة. والدخول مجاني للطلاب.\nوأغلقت الأبواب مساء."


@pytest.mark.parametrize("rewrite", ALL, ids=lambda rewrite: rewrite.__name__)
@given(text=st.text(max_size=60), seed=st.integers(0, 3))
def test_noise_never_raises_and_follows_the_seed(rewrite: RewriteText, text: str, seed: int) -> None:
    first, again = (rewrite(text, np.random.default_rng(seed)) for _ in range(2))
    assert first == again


@pytest.mark.parametrize("rewrite", ALL, ids=lambda rewrite: rewrite.__name__)
def test_noise_leaves_an_empty_text_empty(rewrite: RewriteText) -> None:
    assert rewrite("", np.random.default_rng(0)) == ""


def test_scan_noise_is_rare_and_confuses_lookalikes_only() -> None:
    text = "بنت حج دار سمك " * 400
    scanned = noise.scan_poorly(text, np.random.default_rng(4))
    assert 0.98 < len(scanned) / len(text) < 1.01
    words, scanned_words = set(text.split()), scanned.split()
    changed = [word for word in scanned_words if word not in words]
    assert 0.02 < len(changed) / len(scanned_words) < 0.12
    assert set("".join(scanned_words)) <= set("بتثنيجحخدذارزسشمكل")
    assert "م" in scanned
    assert text.count("م") == scanned.count("م")


@pytest.mark.parametrize("letters", ["دذ", "جحخ", "فق"])
def test_scan_noise_gives_letters_of_other_dots(letters: str) -> None:
    scanned = noise.scan_poorly(letters[0] * 2000, np.random.default_rng(4)).replace(" ", "")
    assert set(scanned) == set(letters)


def test_shuffling_keeps_the_sentences_and_what_lies_between() -> None:
    shuffled = noise.shuffle_sentences(SENTENCES, np.random.default_rng(0))
    assert shuffled != SENTENCES
    assert sorted(part.strip(".") for part in shuffled.replace("\n", " ").split(". ")) == sorted(
        part.strip(".") for part in SENTENCES.replace("\n", " ").split(". ")
    )
    assert shuffled.count("\n") == 1


def test_shuffling_leaves_page_residue_where_it_is() -> None:
    text = f"{SENTENCES}\nشارك الخبر\nفيسبوك\nتويتر"
    assert all(
        noise.shuffle_sentences(text, np.random.default_rng(seed)).endswith("\nشارك الخبر\nفيسبوك\nتويتر")
        for seed in range(10)
    )


def test_share_bar_of_known_buttons_is_dropped_before_a_model_reads() -> None:
    text = "افتتح الوزير المعرض صباح اليوم في العاصمة بحضور عدد كبير من الكتاب والناشرين."
    barred = noise.add_share_bar(text, np.random.default_rng(3))
    first, *_, last = barred.split("\n")
    assert {first, last} <= set(load_wording().buttons)
    assert text in barred


def test_related_links_stand_below_and_name_one_incident() -> None:
    wording = load_wording()
    lines = noise.add_related_links("خبر قصير.", np.random.default_rng(3)).split("\n")
    assert lines[0] == "خبر قصير."
    assert lines[1] in wording.link_headers
    assert len(set(lines) & set(wording.incident_headlines)) == 1
    assert len(set(lines) & set(wording.headlines)) == 3


def test_sentences_of_an_article_are_unchanged_as_a_set_to_the_profile() -> None:
    def read(text: str) -> list[str]:
        field = prepare_article("", text, profile=TextProfile()).text
        return sorted(field.raw[start:end] for start, end in field.sentences.tolist())

    assert read(noise.shuffle_sentences(SENTENCES, np.random.default_rng(1))) == read(SENTENCES)
