"""Windows are packed under the budget, always alike."""

from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith.encoder.runtime import pack_windows


@settings(deadline=None, max_examples=60)
@given(lengths=st.lists(st.integers(1, 512), max_size=60), budget=st.integers(64, 4096))
def test_pack_windows_holds_every_window_once_under_the_budget(lengths: list[int], budget: int) -> None:
    batches = pack_windows(lengths, token_budget=budget)
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    padded = [len(batch) * max(lengths[position] for position in batch) for batch in batches]
    assert all(size <= budget or len(batch) == 1 for size, batch in zip(padded, batches, strict=True))


def test_pack_windows_puts_like_lengths_together() -> None:
    assert pack_windows([500, 20, 510, 22], token_budget=1024) == [[1, 3], [0, 2]]
