"""What every kind of model offers.

A model turns prepared articles into logits and ranks an article's sentences; probabilities, thresholds and output rows are the
classifier's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hawadith.records import Field
from hawadith.text.article import PreparedArticle


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArticleScores:
    """Scores of a batch of articles.

    Attributes:
        logits: Shape `(articles, labels)`, uncalibrated.
        n_tokens: Shape `(articles,)`: tokens read.
        n_windows: Shape `(articles,)`: windows read.
        truncated: Shape `(articles,)`, bool: whether a part was not read.
        n_unknown: Shape `(articles,)`: tokens that the model knows nothing of; None where it does not count them.
    """

    logits: NDArray[np.float32]
    n_tokens: NDArray[np.int32]
    n_windows: NDArray[np.int32]
    truncated: NDArray[np.bool_]
    n_unknown: NDArray[np.int32] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedSentence:
    """One sentence and how much it speaks for a label.

    Attributes:
        field: The field that holds the sentence.
        index: Its row in that field's `sentences`.
        score: Higher speaks more for the label; a probability or a part of the article's logit, as the model has it. Comparable within
            one ranking.
    """

    field: Field
    index: int
    score: float


class ArticleModel(Protocol):
    """A loaded model; scores of an article do not depend on its neighbours in the batch."""

    def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
        """Score non-empty articles."""
        ...

    def rank_sentences(self, article: PreparedArticle, *, labels: Sequence[int]) -> list[list[RankedSentence]]:
        """For each of the given label positions, the article's sentences, best first."""
        ...
