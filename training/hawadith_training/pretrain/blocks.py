"""Which tokens a step reads: articles packed into blocks of one length, in an order that is a pure function of seed and position.

The articles of a shard, each closed by `[SEP]`, are one stream; a block is `[CLS]`, a piece of it, `[SEP]`. Every epoch cuts the stream at
other places. A run that goes on at a step reads what the unbroken one would have read, because nothing but the step decides.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import DataError

_SPECIALS = 2
"""Tokens of a block that no article wrote: `[CLS]` before and `[SEP]` behind."""


class BlockSampler:
    """Blocks of one length, without end.

    Args:
        shards: Tokens of each shard, shape `(tokens,)`.
        length: Tokens of a block, special tokens included.
        cls_id: Id of `[CLS]`.
        sep_id: Id of `[SEP]`.
        seed: Seeds order and cuts of every epoch.

    Attributes:
        n_blocks: Blocks of an epoch, each read once in it; up to two pieces a shard that no block holds are left out of an epoch.

    Raises:
        DataError: If there are too few tokens for a single block.
    """

    def __init__(
        self, shards: Sequence[NDArray[np.uint16]], *, length: int, cls_id: int, sep_id: int, seed: tuple[int, ...]
    ) -> None:
        self._shards = shards
        self._body = length - _SPECIALS
        self._cls_id = cls_id
        self._sep_id = sep_id
        self._seed = seed
        # Every cut of an epoch lies before `body`, so that each leaves room for the same number of blocks.
        per_shard = [max(0, (len(shard) - self._body + 1) // self._body) for shard in shards]
        self._first = np.cumsum([0, *per_shard])
        self.n_blocks = int(self._first[-1])
        if not self.n_blocks:
            raise DataError(
                f"The corpus has {sum(map(len, shards))} tokens, too few for a block of {length}. Add articles."
            )
        self._epoch = lru_cache(maxsize=2)(self._draw_epoch)

    def read(self, start: int, *, size: int) -> NDArray[np.int64]:
        """Read blocks of the endless sequence.

        Args:
            start: Place of the first, from 0.
            size: How many.

        Returns:
            Token ids, shape `(size, length)`.
        """
        places = np.arange(start, start + size)
        epochs, within = places // self.n_blocks, places % self.n_blocks
        blocks = np.empty((size, self._body + _SPECIALS), dtype=np.int64)
        blocks[:, 0], blocks[:, -1] = self._cls_id, self._sep_id
        for row, (epoch, place) in enumerate(zip(epochs.tolist(), within.tolist(), strict=True)):
            order, cut = self._epoch(epoch)
            blocks[row, 1:-1] = self._piece(int(order[place]), cut=cut)
        return blocks

    def read_evenly(self, n_blocks: int) -> NDArray[np.int64]:
        """Blocks spread over the whole corpus, always the same, shape `(n_blocks or fewer, length)`."""
        chosen = np.unique(np.linspace(0, self.n_blocks - 1, min(n_blocks, self.n_blocks)).round().astype(np.int64))
        body = np.stack([self._piece(int(block), cut=0) for block in chosen]).astype(np.int64)
        return np.pad(body, ((0, 0), (1, 1)), constant_values=((0, 0), (self._cls_id, self._sep_id)))

    def _draw_epoch(self, epoch: int) -> tuple[NDArray[np.int64], int]:
        generator = np.random.default_rng((*self._seed, epoch))
        return generator.permutation(self.n_blocks), int(generator.integers(self._body))

    def _piece(self, block: int, *, cut: int) -> NDArray[np.uint16]:
        shard = int(np.searchsorted(self._first, block, side="right")) - 1
        start = cut + (block - int(self._first[shard])) * self._body
        return self._shards[shard][start : start + self._body]
