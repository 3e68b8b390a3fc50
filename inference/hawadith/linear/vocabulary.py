"""Which n-grams a linear model knows, and what each weighs in a text before any label is asked about.

TF-IDF with two choices that were measured (docs/results.md): a repeated n-gram counts logarithmically, and word n-grams and letter n-grams
are brought to unit length apart, so that the many letters do not drown the few words.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.linear.features import ArticleGrams

_BLOCKS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SentenceCounts:
    """How often each known n-gram stands in each sentence of an article.

    Attributes:
        sentences: The sentence of each pair, shape `(pairs,)`, ascending.
        features: The known n-gram of each pair, shape `(pairs,)`, ascending within a sentence.
        counts: How often it stands there, at least 1, shape `(pairs,)`.
        n_sentences: Sentences of the article, those without a known n-gram included.
    """

    sentences: NDArray[np.int64]
    features: NDArray[np.int64]
    counts: NDArray[np.float64]
    n_sentences: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """The known n-grams: features are numbered through the word n-grams first, then the letter n-grams.

    Attributes:
        words: Keys of the word n-grams, ascending, shape `(word features,)`.
        chars: Keys of the letter n-grams, ascending, shape `(letter features,)`.
        idf: What one occurrence weighs, shape `(features,)`.
    """

    words: NDArray[np.uint64]
    chars: NDArray[np.uint32]
    idf: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.words) + len(self.chars)

    def count(self, grams: ArticleGrams) -> SentenceCounts:
        """Count the known n-grams of an article, sentence by sentence."""
        features = np.concatenate([_look_up(self.words, grams.words), _look_up(self.chars, grams.chars)])
        features[len(grams.words) :] += len(self.words) * (features[len(grams.words) :] >= 0)
        sentences = np.concatenate([grams.word_sentences, grams.char_sentences])
        known = features >= 0
        codes, counts = np.unique(sentences[known] * np.int64(max(len(self), 1)) + features[known], return_counts=True)
        return SentenceCounts(
            sentences=codes // max(len(self), 1),
            features=codes % max(len(self), 1),
            counts=counts.astype(np.float64),
            n_sentences=grams.n_sentences,
        )

    def count_unknown(self, grams: ArticleGrams) -> int:
        """How many words of an article have a stem that is not known; pairs of words and letters are not asked."""
        return int((_look_up(self.words, grams.words[: grams.n_words]) < 0).sum())

    def weigh(
        self, features: NDArray[np.int64], *, counts: NDArray[np.float64], rows: NDArray[np.int64], n_rows: int
    ) -> NDArray[np.float64]:
        """What n-grams weigh in texts that are given by their counts.

        Args:
            features: N-grams, each at most once per text, shape `(entries,)`.
            counts: How often each stands in its text, at least 1, same shape.
            rows: The text of each entry, in [0, n_rows), same shape.
            n_rows: How many texts there are.

        Returns:
            Weights, same shape; those of a text have unit length together, each block half of its square.
        """
        weights = (1.0 + np.log(counts)) * self.idf[features]
        blocks = rows * _BLOCKS + (features >= len(self.words))
        squares = np.bincount(blocks, weights=weights * weights, minlength=n_rows * _BLOCKS)
        return np.asarray(weights / np.sqrt(squares * _BLOCKS)[blocks], dtype=np.float64)


def _look_up(
    known: NDArray[np.uint64] | NDArray[np.uint32], keys: NDArray[np.uint64] | NDArray[np.uint32]
) -> NDArray[np.int64]:
    """Places of keys among the known ones; -1 where unknown."""
    if not len(known):
        return np.full(len(keys), -1, dtype=np.int64)
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[places] == keys, places, -1)
