"""From a raw article to model input: the steps together."""

import json
import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import SHARED_DATA

from hawadith.errors import BundleError
from hawadith.text.arabert import normalise
from hawadith.text.article import PreparedField, TextProfile, prepare_article

LAW = settings(deadline=None, max_examples=200)
PLAIN = TextProfile(preclean=0)
CLEAN = TextProfile()

LEAD = "انفجر لغم أرضي في وادي السرو صباح أمس، وقتل راعيان كانا يعبران الطريق إلى سوق البلدة."
MORE = "وقالت لجنة الأهالي إن الطريق لم يمسح بعد، وإن اللافتات التي تحذر من الألغام سقطت في الشتاء."

PIECES = [
    *LEAD.split(" "),
    ".",
    ". ",
    "؟ ",
    "\n",
    " ",
    "شارك",
    "مقالات ذات صلة",
    "ـ",
    "َ",
    "ﻻ",
    "\u200f",
    "&amp;",
    "http://a.bc/d",
    "😀",
]
pieces = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


def raw_sentences(field: PreparedField) -> list[str]:
    return [field.raw[start:end] for start, end in field.sentences]


def profile_sentences(field: PreparedField) -> list[str]:
    return [field.profile.text[start:end] for start, end in field.sentence_profile_spans]


def test_prepare_article_reads_title_and_text() -> None:
    article = prepare_article("لغمٌ في الوادي", f"{LEAD} {MORE}", profile=CLEAN)
    assert article.title.profile.text == "لغم في الوادي"
    assert raw_sentences(article.text) == [LEAD, MORE]
    assert profile_sentences(article.text) == [normalise(LEAD), normalise(MORE)]
    assert not article.truncated
    assert not article.is_empty


def test_prepare_article_leaves_residue_out_of_everything() -> None:
    article = prepare_article("", f"شارك\n{LEAD}\nمقالات ذات صلة\nضبط شحنة صواريخ في الميناء", profile=CLEAN)
    assert raw_sentences(article.text) == [LEAD]
    assert article.text.profile.text == normalise(LEAD)


def test_prepare_article_without_preclean_is_the_faithful_profile() -> None:
    raw = f"شارك\n{LEAD} گرداب\nمقالات ذات صلة"
    assert prepare_article("", raw, profile=PLAIN).text.profile.text == normalise(raw)


@pytest.mark.parametrize(
    "disguised",
    [
        LEAD.replace("لغم", "لـــغـــم").replace("وادي", "وَادِي"),
        LEAD.replace("ي", "ی").replace("ك", "ک"),
        LEAD.replace("لا", "ﻻ").replace("أرضي", "أر\u200cض\u200dي"),
        "\ufeff\u202b" + LEAD + "\u202c",
        LEAD.replace("أ", "ا\u0654"),
    ],
)
def test_prepare_article_reads_disguised_text_like_clean_text(disguised: str) -> None:
    clean, found = (prepare_article("", f"{text}\n{MORE}", profile=CLEAN).text for text in (LEAD, disguised))
    assert disguised != LEAD
    assert found.profile.text == clean.profile.text
    assert np.array_equal(found.sentence_profile_spans, clean.sentence_profile_spans)


def test_prepare_article_finds_residue_behind_tatweel() -> None:
    assert raw_sentences(prepare_article("", f"{LEAD}\nمقــالات ذات صلـــة", profile=CLEAN).text) == [LEAD]


@pytest.mark.parametrize("raw", ["", " \n\t", "ـــ", "😀😀", "\u200f\u200f", "ََ", "&nbsp;"])
@pytest.mark.parametrize("profile", [PLAIN, CLEAN])
def test_prepare_article_knows_when_nothing_is_readable(raw: str, profile: TextProfile) -> None:
    article = prepare_article(raw, raw, profile=profile)
    assert article.is_empty
    assert article.text.sentences.shape == article.text.sentence_profile_spans.shape == (0, 2)


def test_prepare_article_with_a_title_alone_is_not_empty() -> None:
    assert not prepare_article("لغم", "", profile=CLEAN).is_empty


def test_prepare_article_leaves_unreadable_sentences_out() -> None:
    assert raw_sentences(prepare_article("", f"{LEAD}\n😀😀\n{MORE}", profile=CLEAN).text) == [LEAD, MORE]


def test_prepare_article_reads_no_further_than_max_chars() -> None:
    article = prepare_article("خبر", "كلمة " * 100, profile=TextProfile(max_chars=50))
    assert article.truncated
    assert len(article.text.raw) == 500
    assert article.text.profile.ends.max() <= 50


@LAW
@given(pieces | st.text(st.characters(exclude_categories=()), max_size=80), st.sampled_from([PLAIN, CLEAN]))
def test_prepare_article_keeps_its_laws_on_any_text(raw: str, profile: TextProfile) -> None:
    field = prepare_article("", raw, profile=profile).text
    assert field.raw == raw
    assert all(0 <= start < end <= len(raw) for start, end in field.sentences)
    assert all(first[1] <= second[0] for first, second in pairwise(field.sentences))
    assert all(first[1] <= second[0] for first, second in pairwise(field.sentence_profile_spans))
    assert all(sentence and sentence == sentence.strip() for sentence in profile_sentences(field))
    assert all(sentence == sentence.strip() for sentence in raw_sentences(field))
    # Whatever the model reads stands in some sentence.
    assert "".join(profile_sentences(field)).replace(" ", "") == field.profile.text.replace(" ", "")


@pytest.mark.parametrize(
    "unknown",
    [{"name": "arabert-v2"}, {"version": 99}, {"preclean": 99}, {"max_chars": 0}],
    ids=lambda case: next(iter(case)),
)
def test_text_profile_refuses_what_this_code_cannot_reproduce(unknown: dict[str, str | int]) -> None:
    with pytest.raises(BundleError, match=str(next(iter(unknown.values())))):
        TextProfile(**unknown)  # type: ignore[arg-type]


@pytest.mark.parametrize("piece", ["ا", "ا\n", "؟»", "ﻻ", "كلمة.", "1. ", "ab.ab ", "الرئيسية ", "- رويترز\n"])
def test_prepare_article_is_bounded_on_hostile_text(piece: str) -> None:
    raw = piece * (50_000 // len(piece))
    start = time.process_time()
    prepare_article("", raw, profile=CLEAN)
    assert time.process_time() - start < 2


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="the articles beside the repository are absent")
def test_prepare_article_reads_all_of_real_articles() -> None:
    with (SHARED_DATA / "articles.dev.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines][::4]
    for row in rows:
        field = prepare_article(row["title"] or "", row["text"], profile=CLEAN).text
        assert all(sentence == sentence.strip() != "" for sentence in raw_sentences(field))
        assert "".join(profile_sentences(field)).replace(" ", "") == field.profile.text.replace(" ", "")
