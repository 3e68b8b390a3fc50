"""Copies of training articles in which every actor is another, so that a name says nothing about a label.

Counterfactual augmentation (Kaushik et al. 2020; Zmigrod et al. 2019): an article that reports the same act of another militia has the same
labels. A copy belongs to its article: it is learned from where the article is, in no other fold, and it is never measured. What it cannot
cure are names that the list of actors lacks.
"""

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hawadith.records import Record
from hawadith.text.article import PreparedArticle, TextProfile, prepare_article
from hawadith_evaluation.robustness.actors import load_actors
from hawadith_evaluation.robustness.mentions import build_lexicon
from hawadith_evaluation.robustness.swaps import exchange_actors
from hawadith_training.articles import LabelledArticles


def copy_with_other_actors(learned: LabelledArticles, *, profile: TextProfile, seed: int) -> LabelledArticles:
    """Give every article that names actors a copy that names others.

    Args:
        learned: Articles to learn from.
        profile: The text profile that they were prepared with.
        seed: Draws the actors; what an article's copy says depends on its id and the seed alone.

    Returns:
        The same articles, with copies.
    """
    actors = load_actors()
    lexicon = build_lexicon(actors)
    copies: list[PreparedArticle | None] = []
    for record in learned.records:
        random = np.random.default_rng((seed, zlib.crc32(record.id.encode(errors="surrogatepass"))))
        changed = exchange_actors(record, random, actors=actors, lexicon=lexicon)
        copies.append(None if changed is record else _prepare(changed, profile=profile))
    return replace(learned, copies=copies)


def append_copies(
    articles: Sequence[PreparedArticle], copies: Sequence[PreparedArticle | None]
) -> tuple[list[PreparedArticle], NDArray[np.intp]]:
    """Put copies behind their articles.

    Args:
        articles: The articles.
        copies: Of each a copy or None; may be empty.

    Returns:
        The articles, then the copies; and the article of each, shape `(articles + copies,)`.
    """
    made = [(row, copy) for row, copy in enumerate(copies) if copy is not None]
    rows = np.concatenate([np.arange(len(articles)), [row for row, _ in made]]).astype(np.intp)
    return [*articles, *(copy for _, copy in made)], rows


def _prepare(record: Record, *, profile: TextProfile) -> PreparedArticle:
    return prepare_article(record.title, record.text, profile=profile)
