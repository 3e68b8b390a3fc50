"""Word vectors before the first step: which pieces stand near which, counted and compressed.

A model of random embeddings spends its first millions of tokens on what counting gives in a minute: how frequent each piece is, and which
pieces keep the same company. So positive pointwise mutual information, compressed by singular values (Levy and Goldberg 2014, "Neural Word
Embedding as Implicit Matrix Factorization"; contexts smoothed as in Levy, Goldberg and Dagan 2015), becomes the embedding, and the log
frequencies become the bias of the projection onto the vocabulary.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import BertForMaskedLM

WINDOW = 4
"""Pieces to either side that count as company."""

_TOKENS = 20_000_000  # read at most: more company of rare pieces, no better vectors of the rest
_SMOOTHING = 0.75
_BLOCK = 1_000_000


def start_from_cooccurrence(encoder: BertForMaskedLM, *, shards: Sequence[NDArray[np.uint16]], seed: int) -> None:
    """Give an encoder the embeddings and the output bias that the corpus suggests; the rest of its weights stays.

    Args:
        encoder: Its embedding is tied to its projection onto the vocabulary.
        shards: Tokens to learn from, of each shard.
        seed: Seeds the compression.
    """
    embedding = encoder.get_parameter("bert.embeddings.word_embeddings.weight")
    n_pieces, width = embedding.shape
    company = count_company(shards, n_pieces=n_pieces)
    frequencies = company.sum(axis=1)
    torch.manual_seed(seed)
    vectors = compress(company, width=width)
    seen = torch.from_numpy(frequencies > 0)
    with torch.no_grad():
        embedding[seen] = vectors[seen] * (encoder.config.initializer_range / vectors[seen].std())
        logs = torch.log(torch.from_numpy(frequencies).float() + 1)
        encoder.get_parameter("cls.predictions.bias").copy_(logs - logs.mean())


def count_company(
    shards: Sequence[NDArray[np.uint16]], *, n_pieces: int, window: int = WINDOW, tokens: int = _TOKENS
) -> NDArray[np.float32]:
    """Count how often pieces stand at most `window` apart.

    Args:
        shards: Tokens of each shard; the first of each are read, the same share of all.
        n_pieces: Size of the vocabulary.
        window: Greatest distance, in pieces.
        tokens: How many to read, about.

    Returns:
        Symmetric counts, shape `(n_pieces, n_pieces)`.
    """
    share = min(1.0, tokens / max(1, sum(map(len, shards))))
    counts = np.zeros(n_pieces * n_pieces, dtype=np.float32)
    for shard in shards:
        chosen = shard[: max(1, round(share * len(shard)))]
        for start in range(0, len(chosen), _BLOCK):
            ids = np.asarray(chosen[start : start + _BLOCK], dtype=np.int64)
            for distance in range(1, min(window, len(ids) - 1) + 1):
                np.add.at(counts, ids[:-distance] * n_pieces + ids[distance:], np.float32(1))
    table = counts.reshape(n_pieces, n_pieces)
    return table + table.T


def compress(company: NDArray[np.float32], *, width: int) -> Tensor:
    """Vectors whose products approximate the positive pointwise mutual information.

    Args:
        company: Symmetric counts, shape `(n_pieces, n_pieces)`; its memory is used up.
        width: Of a vector.

    Returns:
        Shape `(n_pieces, width)`; zeros beyond the rank of the counts.
    """
    table = torch.from_numpy(company)
    total = table.sum(dtype=torch.float64)
    marginal = (table.sum(dim=1, dtype=torch.float64) / total).float()
    context = marginal**_SMOOTHING
    context /= context.sum()
    # log p(a, b) / (p(a) q(b)), in place: the table of a usual vocabulary is a gigabyte.
    table.div_(float(total)).div_(marginal.clamp_min(1e-12)[:, None]).div_(context.clamp_min(1e-12)[None, :])
    table.clamp_min_(1.0).log_()
    rank = min(width, len(table))
    left, values, _ = torch.svd_lowrank(table, q=rank, niter=2)
    vectors = torch.zeros(len(table), width)
    vectors[:, :rank] = left * values.sqrt()
    return vectors
