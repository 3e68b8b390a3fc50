"""How a long article is cut into windows that a model can read.

News puts evidence anywhere: a fifth of real articles exceed 512 tokens, and cutting them there loses most of what stands behind. Windows
overlap and are cut between sentences, so that each sentence is read whole at least once wherever its length allows it.

The title goes into every window, as context: it names the place, the parties and often the incident, which a passage from the middle of
an article leaves to pronouns. It is kept short, since it takes room from the body each time; what exceeds `max_title` tokens is read once,
at the head of the body, so that nothing of a record whose title holds the whole story is lost.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import BundleError
from hawadith.text.aligned import Span
from hawadith.tokens import TokenizedArticle

_SHORTEST = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Windowing:
    """How articles are cut into windows.

    Attributes:
        max_length: Tokens of a window, special tokens included.
        overlap: Tokens of the body that neighbouring windows share, at most; at least half as many where a sentence begins there. Never
            more than half of the room that a window has for the body.
        title_in_every_window: Whether each window begins with the title; otherwise the title is simply the beginning of the body.
        max_title: Tokens of the title that are repeated, at most; never more than a quarter of a window.
        max_windows: Windows read of one article; None reads all.

    Raises:
        BundleError: If the numbers leave no room for the body.
    """

    max_length: int = 512
    overlap: int = 128
    title_in_every_window: bool = True
    max_title: int = 64
    max_windows: int | None = None

    def __post_init__(self) -> None:
        if self.max_length < _SHORTEST or not 0 <= self.overlap <= self.max_length // 2:
            raise BundleError(
                f"Windows of {self.max_length} tokens with overlap {self.overlap} are impossible; "
                f"max_length must be at least {_SHORTEST} and overlap from 0 to half of it."
            )
        if self.max_title < 0:
            raise BundleError(f"max_title is {self.max_title}; it must be at least 0.")
        if self.max_windows is not None and self.max_windows < 1:
            raise BundleError(f"max_windows is {self.max_windows}; it must be at least 1, or null for all.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArticleWindows:
    """The windows of one article.

    Attributes:
        windows: Input ids of each window, special tokens included, each of shape (window tokens,).
        spans: Which of the article's tokens each window holds as its body.
        n_prefix: How many of the article's first tokens each window repeats between `[CLS]` and the first `[SEP]`; 0 for none.
        truncated: Whether tokens were not read because of `max_windows`.
    """

    windows: list[NDArray[np.int32]]
    spans: list[Span]
    n_prefix: int
    truncated: bool

    @property
    def body_offset(self) -> int:
        """Where the body begins in each window."""
        return self.n_prefix + 2 if self.n_prefix else 1


def build_windows(article: TokenizedArticle, *, windowing: Windowing, cls_id: int, sep_id: int) -> ArticleWindows:
    """Cut an article into windows `[CLS] title [SEP] body [SEP]`, or `[CLS] body [SEP]` where no title is repeated.

    Token types are 0 throughout: the pieces of an article are one text, and the `[SEP]` marks where its title ends.

    Args:
        article: The article's tokens.
        windowing: How to cut.
        cls_id: Id of `[CLS]`.
        sep_id: Id of `[SEP]`.

    Returns:
        At least one window, none longer than `max_length`; no window for an article without tokens.
    """
    n_tokens = len(article.ids)
    if not n_tokens:
        return ArticleWindows(windows=[], spans=[], n_prefix=0, truncated=False)
    n_prefix = (
        min(article.n_title, windowing.max_title, windowing.max_length // 4) if windowing.title_in_every_window else 0
    )
    head = np.concatenate([[cls_id], article.ids[:n_prefix], [sep_id] if n_prefix else []]).astype(np.int32)
    spans = cut_windows(
        article.sentence_of[n_prefix:], budget=windowing.max_length - len(head) - 1, overlap=windowing.overlap
    )
    read = [(n_prefix + start, n_prefix + end) for start, end in spans][: windowing.max_windows]
    tail = np.array([sep_id], dtype=np.int32)
    windows = [
        np.concatenate([head, article.ids[start:end], tail if end > start or not n_prefix else tail[:0]])
        for start, end in read
    ]
    return ArticleWindows(windows=windows, spans=read, n_prefix=n_prefix, truncated=len(read) < len(spans))


def cut_windows(sentence_of: NDArray[np.integer], *, budget: int, overlap: int) -> list[Span]:
    """Cut tokens into overlapping spans, between sentences where possible.

    A span is cut behind the last sentence that fits if it keeps more than half of the budget, else at the budget. The next one begins at
    the first sentence start within the last `overlap` to `overlap / 2` tokens of it, else `overlap` tokens before its end.

    Args:
        sentence_of: The sentence of each token, shape (tokens,).
        budget: Tokens of a span at most; at least 1.
        overlap: Tokens that neighbours share at most; bounded by half of the budget.

    Returns:
        Spans in order that cover every token; one empty span where there are no tokens.
    """
    n_tokens = len(sentence_of)
    overlap = min(overlap, budget // 2)
    bounds = np.flatnonzero(np.diff(sentence_of)) + 1
    spans: list[Span] = []
    start = 0
    while start + budget < n_tokens:
        end = _last_in(bounds, start + budget // 2 + 1, start + budget)
        spans.append((start, end))
        start = _first_in(bounds, end - overlap, end - overlap // 2)
    return [*spans, (start, n_tokens)]


def _last_in(bounds: NDArray[np.integer], low: int, high: int) -> int:
    """The last bound in [low, high], else `high`."""
    index = int(np.searchsorted(bounds, high, side="right")) - 1
    return int(bounds[index]) if index >= 0 and bounds[index] >= low else high


def _first_in(bounds: NDArray[np.integer], low: int, high: int) -> int:
    """The first bound in [low, high], else `low`."""
    index = int(np.searchsorted(bounds, low, side="left"))
    return int(bounds[index]) if index < len(bounds) and bounds[index] <= high else low
