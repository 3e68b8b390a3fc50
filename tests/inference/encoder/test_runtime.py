"""Windows are packed under the budget, always alike."""

from pathlib import Path

import numpy as np
import openvino
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openvino import opset13 as ops

from hawadith.encoder.runtime import WindowScorer, pack_windows
from hawadith.errors import BundleError


@settings(deadline=None, max_examples=60)
@given(lengths=st.lists(st.integers(1, 512), max_size=60), budget=st.integers(64, 4096))
def test_pack_windows_holds_every_window_once_under_the_budget(lengths: list[int], budget: int) -> None:
    batches = pack_windows(lengths, token_budget=budget)
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    padded = [len(batch) * max(lengths[position] for position in batch) for batch in batches]
    assert all(size <= budget or len(batch) == 1 for size, batch in zip(padded, batches, strict=True))


def test_pack_windows_puts_like_lengths_together() -> None:
    assert pack_windows([500, 20, 510, 22], token_budget=1024) == [[1, 3], [0, 2]]


def test_load_refuses_a_model_of_other_inputs(tmp_path: Path) -> None:
    numbers = ops.parameter([-1, 3], np.float32, name="numbers")
    numbers.output(0).set_names({"numbers"})
    openvino.save_model(openvino.Model([ops.relu(numbers)], [numbers]), tmp_path / "model.xml")
    with pytest.raises(BundleError, match="not input_ids and attention_mask"):
        WindowScorer.load(tmp_path / "model.xml", pad_id=0)
