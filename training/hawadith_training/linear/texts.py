"""Training articles as sparse matrices, weighed by the very code that weighs an article at scoring time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from hawadith.linear.features import ArticleGrams
from hawadith.linear.model import choose_focus, noisy_or
from hawadith.linear.vocabulary import Vocabulary


def build_vocabulary(grams: Sequence[ArticleGrams], *, min_df: int) -> Vocabulary:
    """Choose the n-grams to know, from articles alone, without their labels.

    Args:
        grams: The n-grams of each article.
        min_df: Articles that must hold an n-gram, at least 1.

    Returns:
        The vocabulary; an n-gram's weight is `ln((1 + articles) / (1 + articles that hold it)) + 1`.
    """
    words, word_df = _count_articles([article.words for article in grams], min_df=min_df)
    chars, char_df = _count_articles([article.chars for article in grams], min_df=min_df)
    df = np.concatenate([word_df, char_df])
    idf = np.log((1 + len(grams)) / (1 + df)) + 1
    return Vocabulary(words=words.astype(np.uint64), chars=chars.astype(np.uint32), idf=idf.astype(np.float32))


def _count_articles(
    keys: Sequence[NDArray[np.unsignedinteger]], *, min_df: int
) -> tuple[NDArray[np.unsignedinteger], NDArray[np.int64]]:
    """Keys that enough articles hold, ascending, and how many hold each."""
    found, df = np.unique(np.concatenate([np.unique(of_article) for of_article in keys]), return_counts=True)
    return found[df >= min_df], df[df >= min_df]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingTexts:
    """All sentences of the training articles.

    Attributes:
        vocabulary: The known n-grams.
        counts: How often each stands in each sentence, shape `(sentences, features)`.
        owners: The article of each sentence, ascending, shape `(sentences,)`.
        n_articles: How many articles there are.
    """

    vocabulary: Vocabulary
    counts: csr_matrix
    owners: NDArray[np.int64]
    n_articles: int

    @classmethod
    def count(cls, grams: Sequence[ArticleGrams], *, vocabulary: Vocabulary) -> Self:
        """Count the known n-grams of articles."""
        counted = [vocabulary.count(article) for article in grams]
        sizes = [article.n_sentences for article in counted]
        offsets = np.cumsum([0, *sizes])
        rows = np.concatenate([a.sentences + offset for a, offset in zip(counted, offsets[:-1], strict=True)])
        matrix = csr_matrix(
            (
                np.concatenate([article.counts for article in counted]).astype(np.float32),
                np.concatenate([article.features for article in counted]).astype(np.int32),
                np.searchsorted(rows, np.arange(offsets[-1] + 1)),
            ),
            shape=(int(offsets[-1]), len(vocabulary)),
        )
        return cls(
            vocabulary=vocabulary,
            counts=matrix,
            owners=np.repeat(np.arange(len(grams)), sizes),
            n_articles=len(grams),
        )

    def weigh_sentences(self) -> csr_matrix:
        """Every sentence as a text of its own, shape `(sentences, features)`."""
        return self._weigh(self.counts)

    def weigh_articles(self, chosen: NDArray[np.bool_] | None = None) -> csr_matrix:
        """Every article as one text, of the chosen sentences or of all; shape `(articles, features)`."""
        sentences = np.arange(len(self.owners)) if chosen is None else np.flatnonzero(chosen)
        ones = np.ones(len(sentences), dtype=np.float32)
        shape = (self.n_articles, len(self.owners))
        return self._weigh(csr_matrix((ones, (self.owners[sentences], sentences)), shape=shape) @ self.counts)

    def choose_focus(self, scout: NDArray[np.float32], *, focus_sentences: int) -> NDArray[np.bool_]:
        """The best sentences of each article by the scout's logits; both of shape `(sentences, labels)`."""
        edges = np.searchsorted(self.owners, np.arange(1, self.n_articles))
        parts = [choose_focus(part, focus_sentences=focus_sentences) for part in np.split(scout, edges)]
        return np.concatenate(parts)

    def pool_sentences(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the judgements of an article's sentences say of the article.

        Args:
            logits: Of the sentences, shape `(sentences, labels)`.

        Returns:
            Their noisy-or, shape `(articles, labels)`.
        """
        edges = np.searchsorted(self.owners, np.arange(1, self.n_articles))
        return np.array([noisy_or(part) for part in np.split(logits, edges)], dtype=np.float32)

    def _weigh(self, counts: csr_matrix) -> csr_matrix:
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        weights = self.vocabulary.weigh(
            counts.indices.astype(np.int64), counts=counts.data.astype(np.float64), rows=rows, n_rows=counts.shape[0]
        )
        return csr_matrix((weights.astype(np.float32), counts.indices, counts.indptr), shape=counts.shape)
