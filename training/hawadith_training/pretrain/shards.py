"""The tokenised corpus on disk: shards of plain numpy arrays, mapped into memory, each whole or absent.

A shard stands for a fixed range of the corpus's rows, so that tokenising goes on behind the last one after any stop.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hawadith_training.pretrain.folders import replace_folder
from hawadith_training.pretrain.text import ArticleTokens

_COUNTS = "counts.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardCounts:
    """What a shard holds.

    Attributes:
        rows: Rows of the corpus, bad and empty ones included.
        bad_rows: Those that could not be read.
        articles: Those to learn from.
        held_out: Those held out.
        tokens: Word-pieces to learn from, one `[SEP]` behind each article included.
        held_out_tokens: The same of those held out.
    """

    rows: int
    bad_rows: int
    articles: int
    held_out: int
    tokens: int
    held_out_tokens: int


def shard_folder(prepared: Path, number: int) -> Path:
    """The folder of a shard, by its number from 0."""
    return prepared / f"shard-{number:05}"


def write_shard(
    folder: Path,
    *,
    learned: Sequence[ArticleTokens],
    held_out: Sequence[ArticleTokens],
    sep_id: int,
    rows: int,
    bad_rows: int,
) -> ShardCounts:
    """Write a shard, whole or not at all.

    Args:
        folder: Its folder.
        learned: Articles to learn from, in order.
        held_out: Articles held out, in order.
        sep_id: Put behind each article.
        rows: Rows of the corpus that it stands for.
        bad_rows: Those that could not be read.

    Returns:
        What it holds.
    """
    tokens, held_out_tokens = _join(learned, sep_id=sep_id), _join(held_out, sep_id=sep_id)
    ends = np.cumsum([len(article.ids) + 1 for article in learned], dtype=np.uint32)
    documents = np.concatenate([np.zeros(1, dtype=np.uint32), ends])[: len(learned)]
    sentences = [first + article.sentences for first, article in zip(documents, learned, strict=True)]
    counts = ShardCounts(
        rows=rows,
        bad_rows=bad_rows,
        articles=len(learned),
        held_out=len(held_out),
        tokens=len(tokens),
        held_out_tokens=len(held_out_tokens),
    )
    with replace_folder(folder) as draft:
        np.save(draft / "tokens.npy", tokens)
        np.save(draft / "held_out.npy", held_out_tokens)
        np.save(draft / "documents.npy", documents)
        np.save(draft / "sentences.npy", np.concatenate([np.zeros(0, dtype=np.uint32), *sentences]))
        (draft / _COUNTS).write_text(json.dumps(asdict(counts)), encoding="utf-8")
    return counts


def read_counts(prepared: Path) -> list[ShardCounts]:
    """What the shards hold that stand already, in order, up to the first that does not."""
    counts: list[ShardCounts] = []
    while (file := shard_folder(prepared, len(counts)) / _COUNTS).is_file():
        counts.append(ShardCounts(**json.loads(file.read_bytes())))
    return counts


def map_tokens(prepared: Path, *, held_out: bool = False) -> list[NDArray[np.uint16]]:
    """Map all shards into memory.

    Args:
        prepared: The folder of the shards.
        held_out: The articles held out, instead of those to learn from.

    Returns:
        The tokens of each shard, shape `(tokens,)`.
    """
    name = "held_out.npy" if held_out else "tokens.npy"
    folders = [shard_folder(prepared, number) for number in range(len(read_counts(prepared)))]
    # An empty file cannot be mapped.
    return [np.load(folder / name, mmap_mode="r") for folder in folders if (folder / name).stat().st_size > _EMPTY]


_EMPTY = 128
"""Bytes of a numpy file without a value."""


def _join(articles: Sequence[ArticleTokens], *, sep_id: int) -> NDArray[np.uint16]:
    end = np.array([sep_id], dtype=np.uint16)
    parts = [part for article in articles for part in (article.ids, end)]
    return np.concatenate([np.zeros(0, dtype=np.uint16), *parts])
