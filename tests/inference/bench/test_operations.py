"""Operations are counted as the runtime does them, and the ceiling blends by time, not by count."""

import pytest

from hawadith.bench.ceiling import blend_ceiling
from hawadith.bench.operations import EncoderShape, Operations, count_operations

SHAPE = EncoderShape(layers=3, hidden=4, intermediate=16)


def test_count_operations_of_one_window_by_hand() -> None:
    tokens = 10
    counted = count_operations([tokens], shape=SHAPE)
    per_square, per_wide = 2 * 4 * 4, 2 * 4 * 16
    assert counted.square == per_square * (2 * 4 * tokens + 2 * tokens + 2)
    assert counted.wide == per_wide * 2 * (2 * tokens + 1)
    assert counted.attention == 2 * (2 * 4) * (2 * tokens * tokens + tokens)
    assert counted.total == counted.square + counted.wide + counted.attention


def test_count_operations_adds_up_over_windows() -> None:
    together, parts = count_operations([7, 30], shape=SHAPE), [count_operations([n], shape=SHAPE) for n in (7, 30)]
    assert together.total == sum(part.total for part in parts)


def test_blend_ceiling_weighs_by_time() -> None:
    operations = Operations(square=300, wide=600, attention=100)
    assert blend_ceiling(operations, square=100.0, wide=100.0) == pytest.approx(100.0)
    assert blend_ceiling(operations, square=100.0, wide=200.0) == pytest.approx(1000 / 7)
