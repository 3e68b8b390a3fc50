"""Which windows go through the model together.

A batch holds windows of one rounded length only, so that a window is padded alike whoever its neighbours are, and hardly at all. It holds a
power of two of them, so that few shapes occur: the runtime makes its kernels once for each, and keeps them. Batches come out while windows
still come in, so that tokenising goes on beside inference.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

STEP = 16
"""Lengths are rounded up to its multiples: 32 lengths up to 512 tokens, for 2.4% more tokens on real articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Windows that go through the model at once.

    Attributes:
        length: Tokens that each is padded to.
        positions: Which windows.
    """

    length: int
    positions: list[int]


def pack_windows(lengths: Iterable[int], *, token_budget: int, longest: int) -> Iterator[Batch]:
    """Put windows of like length together, always in the same batches for the same windows.

    Args:
        lengths: Tokens of each window; taken one by one.
        token_budget: Padded tokens of a batch at most; a window beyond it is a batch of its own.
        longest: Tokens that the model reads at most; no window is longer, and none is padded beyond.

    Yields:
        A batch as soon as it is full, then the rest, longest windows first, so that all cores finish at about the same time.
    """
    waiting: dict[int, list[int]] = {}
    for position, tokens in enumerate(lengths):
        length = min(-(-tokens // STEP) * STEP, longest)
        alike = waiting.setdefault(length, [])
        alike.append(position)
        if len(alike) >= _power_of_two(token_budget // length):
            yield Batch(length=length, positions=waiting.pop(length))
    for length in sorted(waiting, reverse=True):
        rest = waiting[length]
        while rest:
            size = _power_of_two(len(rest))
            yield Batch(length=length, positions=rest[:size])
            rest = rest[size:]


def _power_of_two(at_most: int) -> int:
    """The largest power of two up to a number; 1 below it."""
    return 1 << max(0, at_most.bit_length() - 1)
