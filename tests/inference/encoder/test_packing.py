"""Windows are packed under the budget, like with like, always the same way, and while they still come."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith.encoder.packing import STEP, pack_windows

LENGTHS = st.lists(st.integers(1, 512), max_size=120)


@settings(deadline=None, max_examples=60)
@given(lengths=LENGTHS, budget=st.integers(16, 4096))
def test_pack_windows_holds_every_window_once_under_the_budget(lengths: list[int], budget: int) -> None:
    batches = list(pack_windows(lengths, token_budget=budget, longest=512))
    assert sorted(position for batch in batches for position in batch.positions) == list(range(len(lengths)))
    assert all(len(batch.positions) * batch.length <= budget or len(batch.positions) == 1 for batch in batches)


@settings(deadline=None, max_examples=60)
@given(lengths=LENGTHS, longest=st.sampled_from([40, 512]))
def test_pack_windows_pads_a_window_alike_whoever_its_neighbours_are(lengths: list[int], longest: int) -> None:
    lengths = [min(length, longest) for length in lengths]
    padded = {
        position: batch.length
        for batch in pack_windows(lengths, token_budget=2048, longest=longest)
        for position in batch.positions
    }
    for position, length in enumerate(lengths):
        [alone] = pack_windows([length], token_budget=2048, longest=longest)
        assert alone.length == padded[position]
        assert length <= alone.length <= min(length + STEP - 1, longest)


@settings(deadline=None, max_examples=60)
@given(lengths=LENGTHS)
def test_pack_windows_makes_few_shapes(lengths: list[int]) -> None:
    shapes = {(len(batch.positions), batch.length) for batch in pack_windows(lengths, token_budget=2048, longest=512)}
    assert all(windows & (windows - 1) == 0 and length % STEP == 0 for windows, length in shapes)


def test_pack_windows_puts_like_lengths_together_longest_first() -> None:
    batches = [batch.positions for batch in pack_windows([500, 20, 510, 22], token_budget=1024, longest=512)]
    assert batches == [[0, 2], [1, 3]]


def test_pack_windows_gives_a_full_batch_before_it_asks_for_more() -> None:
    def two_then_none() -> Iterator[int]:
        yield from (512, 512)
        pytest.fail("a third window was asked for before the first two were packed")

    assert next(pack_windows(two_then_none(), token_budget=1024, longest=512)).positions == [0, 1]
