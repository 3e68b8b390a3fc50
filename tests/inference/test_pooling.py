"""Pooling: laws of the smooth maximum and the other rules."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hawadith.pooling import pool_windows

logits = arrays(np.float32, st.tuples(st.integers(1, 8), st.just(3)), elements=st.floats(-30, 30, width=32))


@given(logits)
def test_pooling_smooth_maximum_lies_between_mean_and_maximum(windows: np.ndarray) -> None:
    pooled = pool_windows(windows, rules=("max",) * 3)
    assert (pooled <= windows.max(axis=0) + 1e-4).all()
    assert (pooled >= windows.mean(axis=0) - 1e-4).all()


@given(logits)
def test_pooling_does_not_depend_on_window_order_except_first(windows: np.ndarray) -> None:
    forward = pool_windows(windows, rules=("max", "mean", "first"))
    backward = pool_windows(windows[::-1], rules=("max", "mean", "first"))
    assert forward[:2] == pytest.approx(backward[:2], abs=1e-4)
    assert forward[2] == windows[0, 2]


def test_pooling_single_window_is_itself() -> None:
    window = np.array([[-3.0, 0.5, 7.0]], dtype=np.float32)
    assert pool_windows(window, rules=("max", "mean", "first")) == pytest.approx(window[0])


def test_pooling_one_clear_window_decides_among_many() -> None:
    windows = np.full((20, 1), -5.0, dtype=np.float32)
    windows[13] = 4.0
    assert pool_windows(windows, rules=("max",))[0] > 2.0
