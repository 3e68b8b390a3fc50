"""The exported CPU model: windows in, window logits out.

Two settings are not for speed but for meaning: fp32 throughout, and no dynamic quantisation, which scales activations by
what else is in the batch. Only so does a window's logit not depend on its neighbours.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray

from hawadith.errors import BundleError

TOKEN_BUDGET = 4_096
"""Padded tokens that go through the model at once: bounds memory, whatever comes in."""

_SETTINGS = {
    "INFERENCE_PRECISION_HINT": "f32",
    "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0",
    "PERFORMANCE_HINT": "LATENCY",
}


class WindowScorer:
    """A compiled model.

    Args:
        compiled: The model, with two inputs (ids, mask) and one output.
        pad_id: The vocabulary's padding id.
        token_budget: Padded tokens of a batch at most; a window beyond it is a batch of its own.
    """

    def __init__(self, compiled: openvino.CompiledModel, *, pad_id: int, token_budget: int = TOKEN_BUDGET) -> None:
        self._compiled = compiled
        self._pad_id = pad_id
        self._token_budget = token_budget
        self.n_labels = int(compiled.output(0).partial_shape[1].get_length())

    @classmethod
    def load(cls, path: Path, *, pad_id: int) -> "WindowScorer":
        """Read and compile a model.

        Args:
            path: The `.xml`, with its `.bin` beside it.
            pad_id: The vocabulary's padding id.

        Returns:
            The model, ready to score.

        Raises:
            BundleError: If OpenVINO cannot read it, or it is no classifier of windows.
        """
        try:
            core = openvino.Core()
            compiled = core.compile_model(core.read_model(path), "CPU", _SETTINGS)
        except RuntimeError as error:
            raise BundleError(f"{path} is no model that OpenVINO runs: {error}. Export the bundle again.") from error
        inputs = [name for port in compiled.inputs for name in port.names]
        if sorted(inputs) != ["attention_mask", "input_ids"] or len(compiled.outputs) != 1:
            raise BundleError(f"{path} takes {inputs}, not input_ids and attention_mask. Export the bundle again.")
        if not compiled.output(0).partial_shape[1].is_static:
            raise BundleError(f"{path} does not say how many labels it has. Export the bundle again.")
        return cls(compiled, pad_id=pad_id)

    def score(self, windows: Sequence[NDArray[np.int32]]) -> NDArray[np.float32]:
        """Score windows.

        Args:
            windows: Token ids of each window, special tokens included.

        Returns:
            Window logits, shape `(windows, labels)`.
        """
        logits = np.empty((len(windows), self.n_labels), dtype=np.float32)
        for batch in pack_windows([len(window) for window in windows], token_budget=self._token_budget):
            input_ids, attention_mask = self._pad([windows[position] for position in batch])
            result = self._compiled({"input_ids": input_ids, "attention_mask": attention_mask})
            logits[batch] = result[0]
        return logits

    def _pad(self, windows: Sequence[NDArray[np.int32]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        lengths = np.array([len(window) for window in windows])
        is_token = np.arange(lengths.max()) < lengths[:, None]
        input_ids = np.full(is_token.shape, self._pad_id, dtype=np.int64)
        input_ids[is_token] = np.concatenate(windows)
        return input_ids, is_token.astype(np.int64)


def pack_windows(lengths: Sequence[int], *, token_budget: int) -> list[list[int]]:
    """Put windows of like length together: little padding, and always the same batches for the same windows.

    Args:
        lengths: Tokens of each window.
        token_budget: Padded tokens of a batch at most; a window beyond it is a batch of its own.

    Returns:
        Batches of positions, shortest windows first.
    """
    batches: list[list[int]] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        # In this order the newest window is the longest, so it alone decides the padded size.
        if batches and (len(batches[-1]) + 1) * lengths[position] <= token_budget:
            batches[-1].append(position)
        else:
            batches.append([position])
    return batches
