"""Articles to profile text and to word-pieces, in one process or in several.

The very steps of fine-tuning and scoring: the same profile, the same cleaning before it, the same tokenizer class. What runs in a worker
process imports no torch.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing.pool import Pool
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from hawadith.records import Record
from hawadith.text.article import PreparedArticle, TextProfile, prepare_article
from hawadith.tokens import WordPieceTokenizer

Article = tuple[str, str]
"""Title and text as published: all that a worker needs."""

T = TypeVar("T")

_CHUNK = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArticleTokens:
    """One article as pre-training keeps it: its title, where it has one, then its text.

    Attributes:
        ids: Vocabulary ids, shape `(tokens,)`.
        sentences: Where each sentence begins among them, shape `(sentences,)`.
    """

    ids: NDArray[np.uint16]
    sentences: NDArray[np.uint32]


class TextWorkers:
    """Prepares articles, on the spot or in worker processes; the results do not depend on which.

    Args:
        pool: The workers; None prepares on the spot.
        profile: The text profile.
    """

    def __init__(self, pool: Pool | None, *, profile: TextProfile) -> None:
        self._pool = pool
        self._profile = profile

    def normalise(self, records: Sequence[Record]) -> list[str]:
        """Profile texts of articles, in order."""
        return self._map(_normalise, [(chunk, self._profile) for chunk in _chunks(records)])

    def tokenise(self, records: Sequence[Record], *, tokenizer: Path) -> list[ArticleTokens]:
        """Word-pieces of articles, in order.

        Args:
            records: The articles.
            tokenizer: A `tokenizer.json`.

        Returns:
            One for each article.
        """
        return self._map(_tokenise, [(chunk, self._profile, tokenizer) for chunk in _chunks(records)])

    def _map(self, function: Callable[..., list[T]], tasks: Sequence[tuple[object, ...]]) -> list[T]:
        mapped = [function(*task) for task in tasks] if self._pool is None else self._pool.starmap(function, tasks, 1)
        return [result for results in mapped for result in results]


@contextmanager
def open_workers(n_workers: int, *, profile: TextProfile) -> Iterator[TextWorkers]:
    """Start worker processes, and end them on leaving.

    Args:
        n_workers: How many; 1 works in this process.
        profile: The text profile.

    Yields:
        The workers.
    """
    if n_workers == 1:
        yield TextWorkers(None, profile=profile)
        return
    # Spawned, not forked: by now the parent may run threads, which a fork does not survive.
    with multiprocessing.get_context("spawn").Pool(n_workers, initializer=_use_one_thread) as pool:
        yield TextWorkers(pool, profile=profile)


def _use_one_thread() -> None:
    os.environ["TOKENIZERS_PARALLELISM"] = "false"


def _chunks(records: Sequence[Record]) -> Iterator[list[Article]]:
    for start in range(0, len(records), _CHUNK):
        yield [(record.title, record.text) for record in records[start : start + _CHUNK]]


def _prepare(articles: Sequence[Article], profile: TextProfile) -> list[PreparedArticle]:
    return [prepare_article(title, text, profile=profile) for title, text in articles]


def _normalise(articles: Sequence[Article], profile: TextProfile) -> list[str]:
    return [
        f"{article.title.profile.text}\n{article.text.profile.text}".strip() for article in _prepare(articles, profile)
    ]


def _tokenise(articles: Sequence[Article], profile: TextProfile, tokenizer: Path) -> list[ArticleTokens]:
    return [
        ArticleTokens(ids=article.ids.astype(np.uint16), sentences=_find_starts(article.sentence_of))
        for article in _load_tokenizer(tokenizer).tokenize(_prepare(articles, profile))
    ]


@lru_cache(maxsize=1)
def _load_tokenizer(file: Path) -> WordPieceTokenizer:
    return WordPieceTokenizer.load(file)


def _find_starts(sentence_of: NDArray[np.int32]) -> NDArray[np.uint32]:
    begins = (np.diff(sentence_of, prepend=-1) != 0) & (sentence_of >= 0)
    return np.flatnonzero(begins).astype(np.uint32)
