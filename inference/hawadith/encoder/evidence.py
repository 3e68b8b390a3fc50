"""Which sentences carry a label: what the logit of its best window loses without a sentence is the sentence's score.

Occlusion asks the model itself (Zeiler and Fergus 2014; Li et al. 2016, "Understanding Neural Networks through
Representation Erasure") and needs no gradients, which the runtime does not have. Its cost is bounded: one window, at most
`MAX_OCCLUDED` sentences of it.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from hawadith.tokens import TokenizedArticle
from hawadith.windows import ArticleWindows

MAX_OCCLUDED = 40
"""Sentences of a window that are tried, the longest ones: a window of 512 tokens rarely has more."""

ScoreWindows = Callable[[Sequence[NDArray[np.int32]]], NDArray[np.float32]]
"""Windows to window logits, shape `(windows, labels)`."""


def occlude_sentences(
    article: TokenizedArticle, *, windows: ArticleWindows, window: int, logits: NDArray[np.float32], score: ScoreWindows
) -> dict[int, NDArray[np.float32]]:
    """Measure what a window's logits lose without each of its sentences.

    Args:
        article: The article's tokens.
        windows: Its windows.
        window: Position of the window to look into.
        logits: Its logits, shape `(labels,)`.
        score: Scores windows.

    Returns:
        Loss of each label's logit by sentence (counted through the article, title first), each of shape `(labels,)`.
    """
    prefix = np.arange(windows.n_prefix)
    body = np.arange(*windows.spans[window])
    within = article.sentence_of[np.concatenate([prefix, body])]
    found, lengths = np.unique(within[within >= 0], return_counts=True)
    sentences = found[np.argsort(-lengths, kind="stable")][:MAX_OCCLUDED].tolist()
    if not sentences:
        return {}
    full = windows.windows[window]
    without = [
        _rebuild(
            article,
            prefix=prefix[article.sentence_of[prefix] != sentence],
            body=body[article.sentence_of[body] != sentence],
            cls_id=int(full[0]),
            sep_id=int(full[-1]),
        )
        for sentence in sentences
    ]
    return dict(zip(sentences, logits - score(without), strict=True))


def _rebuild(
    article: TokenizedArticle, *, prefix: NDArray[np.intp], body: NDArray[np.intp], cls_id: int, sep_id: int
) -> NDArray[np.int32]:
    """A window of the kept tokens, of the same form as `hawadith.windows.build_windows` gives it."""
    parts = [[cls_id], article.ids[prefix], [sep_id] if len(prefix) else [], article.ids[body]]
    tail = [sep_id] if len(body) or not len(prefix) else []
    return np.concatenate([*parts, tail]).astype(np.int32)
