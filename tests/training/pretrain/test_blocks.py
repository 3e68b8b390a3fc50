"""Laws of packing: every block lies in one shard, an epoch reads nothing twice, the order is a function of seed and place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hawadith.errors import DataError
from hawadith_training.pretrain.blocks import BlockSampler

CLS, SEP = 60_000, 60_001


def build_shards(*lengths: int) -> list[NDArray[np.uint16]]:
    """Shards whose tokens are all different."""
    return np.split(np.arange(sum(lengths), dtype=np.uint16), np.cumsum(lengths)[:-1])


def build(shards: list[NDArray[np.uint16]], *, length: int = 10, seed: int = 1) -> BlockSampler:
    return BlockSampler(shards, length=length, cls_id=CLS, sep_id=SEP, seed=(seed,))


@settings(deadline=None, max_examples=60)
@given(
    lengths=st.lists(st.integers(0, 90), min_size=1, max_size=4),
    length=st.integers(4, 20),
    epoch=st.integers(0, 3),
)
def test_epoch_reads_whole_pieces_of_shards_and_none_twice(lengths: list[int], length: int, epoch: int) -> None:
    shards = build_shards(*lengths)
    if all(size < 2 * (length - 2) - 1 for size in lengths):
        with pytest.raises(DataError, match="too few"):
            build(shards, length=length)
        return
    sampler = build(shards, length=length)
    blocks = sampler.read(epoch * sampler.n_blocks, size=sampler.n_blocks)
    assert blocks.shape == (sampler.n_blocks, length)
    assert (blocks[:, 0] == CLS).all()
    assert (blocks[:, -1] == SEP).all()
    body = blocks[:, 1:-1]
    assert (np.diff(body, axis=1) == 1).all()
    assert len(np.unique(body)) == body.size
    shard_of = np.searchsorted(np.cumsum(lengths), body, side="right")
    assert (shard_of == shard_of[:, :1]).all()
    left_out = np.array(lengths)[[size >= 2 * (length - 2) - 1 for size in lengths]].sum() - body.size
    assert left_out < 2 * (length - 2) * len(lengths)


def test_blocks_do_not_depend_on_how_they_are_fetched() -> None:
    sampler = build(build_shards(100, 50))
    one_by_one = np.concatenate([build(build_shards(100, 50)).read(place, size=1) for place in range(40)])
    assert (sampler.read(0, size=40) == one_by_one).all()


def test_blocks_differ_from_epoch_to_epoch_and_from_seed_to_seed() -> None:
    sampler = build(build_shards(200))
    first, second, third = (sampler.read(epoch * sampler.n_blocks, size=sampler.n_blocks) for epoch in range(3))
    assert (first != second).any()
    # Cut at other places, not only in another order.
    assert len({tuple(sorted(epoch[:, 1])) for epoch in (first, second, third)}) > 1
    assert (build(build_shards(200), seed=2).read(0, size=sampler.n_blocks) != first).any()


def test_even_reading_spreads_over_the_corpus_and_is_always_the_same() -> None:
    sampler = build(build_shards(500, 500))
    blocks = sampler.read_evenly(5)
    assert blocks.shape == (5, 10)
    assert blocks[0, 1] < 20
    assert blocks[-1, 1] > 950
    assert (blocks == sampler.read_evenly(5)).all()
    assert len(sampler.read_evenly(10_000)) == sampler.n_blocks
