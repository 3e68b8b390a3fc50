"""Near-duplicate groups: the same story in the same words, and nothing else."""

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith.records import Record
from hawadith_evaluation.duplicates import DuplicatePair, find_duplicates, group_duplicates, group_pairs, group_records

VOCABULARY = [f"{a}{b}{c}" for a in "بتجدر" for b in "اوي" for c in "سشعفكلمنه"]


def build_article(seed: int, *, words: int = 120) -> list[str]:
    return [VOCABULARY[i] for i in np.random.default_rng(seed).integers(len(VOCABULARY), size=words)]


def trigrams(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + 3]) for start in range(len(words) - 2)}


def jaccard(first: list[str], second: list[str]) -> float:
    a, b = trigrams(first), trigrams(second)
    return len(a & b) / len(a | b)


def test_group_duplicates_spelling_and_marks_make_no_difference() -> None:
    story = "أُصيبَ راعٍ في انفجارِ لغمٍ أرضيٍّ قربَ القريةِ القديمة"
    variants = [
        story,
        "اصيب راع في انفجار لغم ارضي قرب القريه القديمه",
        f"«{story}»!",
        story.replace("انفجار", "انفجــــار"),
    ]
    assert group_duplicates(variants).tolist() == [0, 0, 0, 0]


def test_group_duplicates_joins_second_hand_copies() -> None:
    first = build_article(1)
    second = first[25:] + build_article(2, words=25)
    third = second[25:] + build_article(3, words=25)
    assert jaccard(first, second) >= 0.5 > jaccard(first, third)
    texts = [" ".join(words) for words in (first, build_article(4), third, second)]
    assert group_duplicates(texts).tolist() == [0, 1, 0, 0]


def test_group_duplicates_texts_without_words_stand_alone() -> None:
    assert group_duplicates(["", "  ", "!؟", "\U0001f600", ""]).tolist() == [0, 1, 2, 3, 4]
    assert group_duplicates([]).tolist() == []


def test_group_duplicates_compares_texts_shorter_than_a_trigram() -> None:
    assert group_duplicates(["خبر عاجل", "خبر عاجل", "عاجل خبر", "خبر"]).tolist() == [0, 0, 1, 2]


def test_find_duplicates_pairs_copies_with_the_first_alone() -> None:
    text = " ".join(build_article(1))
    near = " ".join(build_article(1)[:100])
    pairs = find_duplicates([text, text, near, text])
    assert [(pair.first, pair.second) for pair in pairs] == [(0, 1), (0, 2), (0, 3)]
    assert [pair.similarity == 1.0 for pair in pairs] == [True, False, True]


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.8])
def test_find_duplicates_agrees_with_comparing_all_pairs(threshold: float) -> None:
    articles = [build_article(seed) for seed in range(20)]
    for seed in range(20):
        kept = 60 + 3 * seed
        articles.append(articles[seed][:kept] + build_article(100 + seed, words=120 - kept))
    expected = {
        (i, j): similarity
        for i, j in combinations(range(len(articles)), 2)
        if (similarity := jaccard(articles[i], articles[j])) >= threshold
    }
    found = {
        (p.first, p.second): p.similarity for p in find_duplicates([" ".join(a) for a in articles], threshold=threshold)
    }
    assert found == pytest.approx(expected)
    assert len(expected) >= 4


def test_find_duplicates_reads_an_article_of_any_length() -> None:
    words = [f"كلمه{n}" for n in range(20_000)]
    (pair,) = find_duplicates([" ".join(words), " ".join(words[:15_000])])
    assert pair.similarity == pytest.approx(0.75, abs=1e-3)


@pytest.mark.parametrize("threshold", [0.0, -1.0, 1.5, float("nan")])
def test_find_duplicates_refuses_a_threshold_that_is_no_similarity(threshold: float) -> None:
    with pytest.raises(ValueError, match="Jaccard similarity in"):
        find_duplicates(["x"], threshold=threshold)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 6), max_size=12), st.randoms(use_true_random=False))
def test_group_duplicates_does_not_depend_on_order(seeds: list[int], shuffler: random.Random) -> None:
    texts = [" ".join(build_article(seed, words=30)) for seed in seeds]
    order = list(range(len(texts)))
    shuffler.shuffle(order)
    straight = group_duplicates(texts)
    shuffled = group_duplicates([texts[position] for position in order])
    same = straight[order][:, None] == straight[order][None, :]
    assert np.array_equal(same, shuffled[:, None] == shuffled[None, :])


def test_group_pairs_numbers_by_first_appearance() -> None:
    pairs = [DuplicatePair(first=2, second=4, similarity=1.0), DuplicatePair(first=1, second=4, similarity=0.6)]
    assert group_pairs(pairs, n_articles=5).tolist() == [0, 1, 1, 2, 1]


def test_group_records_compares_bodies_and_titles_only_without_one() -> None:
    body = " ".join(build_article(1, words=20))
    records = [
        Record(id="a", title="عنوان", text=body),
        Record(id="b", title="عنوان غيره تماما", text=body),
        Record(id="c", title=body, text=" "),
        Record(id="d", title="عنوان", text=" ".join(build_article(2))),
    ]
    assert group_records(records).tolist() == [0, 0, 0, 1]
