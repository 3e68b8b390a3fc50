"""Training reads articles as scoring does."""

import numpy as np
import pytest
from tests.linear_builders import build_article, build_corpus

from hawadith.linear.features import read_grams
from hawadith.linear.model import choose_focus, noisy_or
from hawadith_training.linear.texts import TrainingTexts, build_vocabulary

ARTICLES = build_corpus()[0]
GRAMS = [read_grams(article) for article in [*ARTICLES[:5], build_article("", title=""), *ARTICLES[5:7]]]
VOCABULARY = build_vocabulary(GRAMS, min_df=2)
TEXTS = TrainingTexts.count(GRAMS, vocabulary=VOCABULARY)


def test_vocabulary_holds_what_enough_articles_hold() -> None:
    holding = {int(key): sum(key in article.words for article in GRAMS) for a in GRAMS for key in a.words}
    assert VOCABULARY.words.tolist() == sorted(key for key, df in holding.items() if df >= 2)
    expected = [np.log(9 / (1 + holding[int(key)])) + 1 for key in VOCABULARY.words]
    assert VOCABULARY.idf[: len(expected)] == pytest.approx(expected)
    assert len(build_vocabulary(GRAMS, min_df=3)) < len(VOCABULARY)


def test_article_is_weighed_as_at_scoring_time() -> None:
    matrix = TEXTS.weigh_articles()
    assert matrix.shape == (len(GRAMS), len(VOCABULARY))
    for row, grams in enumerate(GRAMS):
        counts = VOCABULARY.count(grams)
        known, slots = np.unique(counts.features, return_inverse=True)
        totals = np.bincount(slots, weights=counts.counts, minlength=len(known)).astype(np.float64)
        expected = np.zeros(len(VOCABULARY))
        expected[known] = VOCABULARY.weigh(known, counts=totals, rows=np.zeros_like(known), n_rows=1)
        assert matrix[row].toarray()[0] == pytest.approx(expected, abs=1e-6)


def test_sentence_is_weighed_as_an_article_of_its_own() -> None:
    alone = TrainingTexts.count([read_grams(build_article(ARTICLES[0].title.raw))], vocabulary=VOCABULARY)
    assert alone.weigh_articles().toarray() == pytest.approx(TEXTS.weigh_sentences()[0].toarray(), abs=1e-6)


def test_chosen_sentences_make_the_text() -> None:
    chosen = np.zeros(len(TEXTS.owners), dtype=np.bool_)
    chosen[1] = True  # of the first article, the first sentence behind its title
    focus = TEXTS.weigh_articles(chosen)
    assert focus[0].toarray() == pytest.approx(TEXTS.weigh_sentences()[1].toarray(), abs=1e-6)
    assert focus[1:].nnz == 0


def test_focus_is_chosen_article_by_article() -> None:
    scout = np.random.default_rng(1).normal(size=(len(TEXTS.owners), 2)).astype(np.float32)
    chosen = TEXTS.choose_focus(scout, focus_sentences=2)
    for article in range(len(GRAMS)):
        own = TEXTS.owners == article
        np.testing.assert_array_equal(chosen[own], choose_focus(scout[own], focus_sentences=2))


def test_sentences_are_pooled_article_by_article() -> None:
    logits = np.random.default_rng(2).normal(size=(len(TEXTS.owners), 2)).astype(np.float32)
    pooled = TEXTS.pool_sentences(logits)
    assert pooled.shape == (len(GRAMS), 2)
    for article in range(len(GRAMS)):
        assert pooled[article] == pytest.approx(noisy_or(logits[TEXTS.owners == article]), abs=1e-5)
