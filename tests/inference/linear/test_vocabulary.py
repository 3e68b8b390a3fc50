"""Counting and weighing of known n-grams."""

from collections import Counter

import numpy as np
import pytest
from tests.linear_builders import CALM, MINE, build_article, build_model

from hawadith.linear.features import read_grams
from hawadith.linear.vocabulary import Vocabulary


def test_count_is_a_count_of_known_grams_per_sentence() -> None:
    article = build_article(f"{MINE} {MINE} {CALM[0]}", title=MINE)
    vocabulary = build_model([build_article(MINE)]).vocabulary
    grams = read_grams(article)
    counts = vocabulary.count(grams)
    place = {int(key): row for row, key in enumerate(vocabulary.words)}
    expected = Counter(
        (int(sentence), place[int(key)])
        for key, sentence in zip(grams.words, grams.word_sentences, strict=True)
        if int(key) in place
    )
    is_word = counts.features < len(vocabulary.words)
    pairs = zip(counts.sentences[is_word].tolist(), counts.features[is_word].tolist(), strict=True)
    assert dict(zip(pairs, counts.counts[is_word].tolist(), strict=True)) == expected
    n_known_chars = int(np.isin(grams.chars, vocabulary.chars).sum())
    assert counts.counts[~is_word].sum() == n_known_chars
    assert counts.n_sentences == 4


def test_count_knows_nothing_with_an_empty_vocabulary() -> None:
    empty = Vocabulary(words=np.zeros(0, np.uint64), chars=np.zeros(0, np.uint32), idf=np.zeros(0, np.float32))
    counts = empty.count(read_grams(build_article(MINE)))
    assert (len(counts.features), counts.n_sentences) == (0, 1)


def test_weigh_gives_each_block_half_of_a_unit_length() -> None:
    vocabulary = build_model([build_article(MINE)]).vocabulary
    counts = vocabulary.count(read_grams(build_article(f"{MINE} {CALM[1]} {MINE} {MINE}")))
    weights = vocabulary.weigh(counts.features, counts=counts.counts, rows=counts.sentences, n_rows=counts.n_sentences)
    is_word = counts.features < len(vocabulary.words)
    for block in (is_word, ~is_word):
        squares = np.bincount(counts.sentences[block], weights=weights[block] ** 2, minlength=counts.n_sentences)
        assert squares[[0, 2, 3]] == pytest.approx(0.5)


def test_weigh_counts_repetitions_logarithmically() -> None:
    vocabulary = Vocabulary(
        words=np.arange(2, dtype=np.uint64), chars=np.zeros(0, np.uint32), idf=np.array([1.0, 2.0], dtype=np.float32)
    )
    weights = vocabulary.weigh(np.array([0, 1]), counts=np.array([np.e, 1.0]), rows=np.zeros(2, np.int64), n_rows=1)
    assert weights == pytest.approx([0.5, 0.5])
