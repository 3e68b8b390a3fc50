"""Batches of articles under a token budget.

News lengths spread over two orders of magnitude, so a fixed number of articles per batch would either waste memory or
overrun it. Articles of like length are put together (little padding) until the padded windows fill the budget. The order
is a pure function of seed and epoch, so that a resumed run sees the batches that the killed one would have seen.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from torch.utils.data import Sampler

_POOL = 512
"""Articles sorted by length at a time: enough for little padding, few enough that an epoch's batches differ from the last one's."""


class TokenBudgetSampler(Sampler[list[int]]):
    """Shuffled batches of article positions, anew each epoch.

    Every epoch has the same number of batches (the Trainer counts steps once, before the first): an epoch that packs into
    fewer splits its largest batches.

    Args:
        n_windows: Shape `(articles,)`: windows of each article.
        longest: Shape `(articles,)`: tokens of its longest window.
        token_budget: Padded tokens of a batch at most; an article beyond it is a batch of its own.
        epochs: How many epochs will be drawn.
        seed: Seeds the order.
    """

    def __init__(
        self,
        n_windows: NDArray[np.int64],
        *,
        longest: NDArray[np.int64],
        token_budget: int,
        epochs: int,
        seed: int,
    ) -> None:
        self._n_windows = n_windows
        self._longest = longest
        self._token_budget = token_budget
        self._seed = seed
        self._epoch = 0
        self._n_batches = max(len(self._pack(epoch)) for epoch in range(epochs))

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch that the next iteration draws."""
        self._epoch = epoch

    def __len__(self) -> int:
        return self._n_batches

    def __iter__(self) -> Iterator[list[int]]:
        batches = self._pack(self._epoch)
        while len(batches) < self._n_batches:
            largest = max(range(len(batches)), key=lambda position: len(batches[position]))
            articles = batches.pop(largest)
            middle = len(articles) // 2
            batches += [articles[:middle], articles[middle:]]
        order = np.random.default_rng((self._seed, self._epoch, 1)).permutation(len(batches))
        return iter([batches[position] for position in order])

    def _pack(self, epoch: int) -> list[list[int]]:
        shuffled = np.random.default_rng((self._seed, epoch, 0)).permutation(len(self._n_windows))
        batches: list[list[int]] = []
        for start in range(0, len(shuffled), _POOL):
            pool = shuffled[start : start + _POOL]
            batches += pack_articles(
                pool, n_windows=self._n_windows, longest=self._longest, token_budget=self._token_budget
            )
        return batches


class SortedSampler(Sampler[list[int]]):
    """Batches in order of length, always the same: for scoring.

    Args:
        n_windows: Shape `(articles,)`: windows of each article.
        longest: Shape `(articles,)`: tokens of its longest window.
        token_budget: Padded tokens of a batch at most; an article beyond it is a batch of its own.
    """

    def __init__(self, n_windows: NDArray[np.int64], *, longest: NDArray[np.int64], token_budget: int) -> None:
        everything = np.arange(len(n_windows))
        self._batches = pack_articles(everything, n_windows=n_windows, longest=longest, token_budget=token_budget)

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[list[int]]:
        return iter(self._batches)


def pack_articles(
    articles: NDArray[np.intp],
    *,
    n_windows: NDArray[np.int64],
    longest: NDArray[np.int64],
    token_budget: int,
) -> list[list[int]]:
    """Put articles of like length together until the padded windows fill the budget.

    Args:
        articles: Positions of the articles to pack; equal lengths keep this order.
        n_windows: Windows of every article.
        longest: Tokens of every article's longest window.
        token_budget: Padded tokens of a batch at most; an article beyond it is a batch of its own.

    Returns:
        Batches of positions, each position once.
    """
    by_length: Sequence[int] = articles[np.argsort(longest[articles], kind="stable")].tolist()
    batches: list[list[int]] = []
    batch: list[int] = []
    windows = 0
    for article in by_length:
        windows += int(n_windows[article])
        if batch and windows * int(longest[article]) > token_budget:
            batches.append(batch)
            batch, windows = [], int(n_windows[article])
        batch.append(article)
    return [*batches, batch] if batch else batches
