"""The exported CPU model: windows in, window logits out.

Two settings are not for speed but for meaning: fp32 wherever the model is not int8 itself, and no dynamic quantisation, which scales
activations by what else is in the batch. Only so does a window's logit not depend on its neighbours.

The others are for bulk: as many batches at once as there are cores, each on one thread. Two threads in one batch wait for each other some
hundred times on its way; two batches side by side never do, and how many cores there are changes no score.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import numpy as np
import openvino
from numpy.typing import NDArray

from hawadith.encoder.packing import STEP, pack_windows
from hawadith.errors import BundleError

TOKEN_BUDGET = 2_048
"""Padded tokens of a batch at most: bounds memory, whatever comes in. More is no faster: from 1,024 on, a layer's products fill a core."""

MAX_STREAMS = 8
"""Batches at once at most: each holds activations of its own."""


def runtime_settings(*, streams: int) -> dict[str, str]:
    """The settings that a runtime is compiled with.

    Args:
        streams: Batches at once, each on one thread.

    Returns:
        OpenVINO's properties of the CPU device.
    """
    return {
        "INFERENCE_PRECISION_HINT": "f32",
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0",
        "NUM_STREAMS": str(streams),
        "INFERENCE_NUM_THREADS": str(streams),
        # A pinned thread would wait for its core while another is idle, whenever anything else runs.
        "ENABLE_CPU_PINNING": "NO",
    }


def count_streams() -> int:
    """Batches at once on this machine: one per core that this process may use, at most `MAX_STREAMS`."""
    # Only Linux says which cores this process may use.
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MAX_STREAMS, cores)


class WindowScorer:
    """A compiled model.

    Args:
        compiled: The model, with two inputs (ids, mask) and one output.
        pad_id: The vocabulary's padding id.
        longest: Tokens of a window at most.
        token_budget: Padded tokens of a batch at most; a window beyond it is a batch of its own.
        streams: Batches at once.
    """

    def __init__(
        self,
        compiled: openvino.CompiledModel,
        *,
        pad_id: int,
        longest: int,
        token_budget: int = TOKEN_BUDGET,
        streams: int = 1,
    ) -> None:
        self._pad_id = pad_id
        self._longest = longest
        self._token_budget = token_budget
        self._idle: SimpleQueue[openvino.InferRequest] = SimpleQueue()
        for _ in range(streams):
            self._idle.put(compiled.create_infer_request())
        self._workers = ThreadPoolExecutor(streams, thread_name_prefix="hawadith-infer")
        self.n_labels = int(compiled.output(0).partial_shape[1].get_length())
        # The first array that OpenVINO's binding sees in a process sets up its view of numpy. Two threads that bring their first ones at
        # once can wait for each other for ever: one holds Python's lock, the other the binding's (seen with openvino 2026.4).
        self._infer([np.full(2, pad_id, dtype=np.int32)], min(STEP, longest))

    @classmethod
    def load(cls, path: Path, *, pad_id: int, longest: int) -> "WindowScorer":
        """Read and compile a model.

        Args:
            path: The `.xml`, with its `.bin` beside it.
            pad_id: The vocabulary's padding id.
            longest: Tokens of a window at most.

        Returns:
            The model, ready to score.

        Raises:
            BundleError: If OpenVINO cannot read it, or it is no classifier of windows.
        """
        streams = count_streams()
        try:
            core = openvino.Core()
            compiled = core.compile_model(core.read_model(path), "CPU", runtime_settings(streams=streams))
        except (RuntimeError, ValueError) as error:  # a message of its own that is no UTF-8 comes as the latter
            raise BundleError(f"{path} is no model that OpenVINO runs: {error}. Export the bundle again.") from error
        inputs = [name for port in compiled.inputs for name in port.names]
        if sorted(inputs) != ["attention_mask", "input_ids"] or len(compiled.outputs) != 1:
            raise BundleError(f"{path} takes {inputs}, not input_ids and attention_mask. Export the bundle again.")
        if not compiled.output(0).partial_shape[1].is_static:
            raise BundleError(f"{path} does not say how many labels it has. Export the bundle again.")
        return cls(compiled, pad_id=pad_id, longest=longest, streams=streams)

    def score(self, windows: Iterable[NDArray[np.int32]]) -> NDArray[np.float32]:
        """Score windows.

        Args:
            windows: Token ids of each window, special tokens included; inference begins while they are still coming.

        Returns:
            Window logits, shape `(windows, labels)`.
        """
        taken: list[NDArray[np.int32]] = []

        def measure() -> Iterator[int]:
            for window in windows:
                taken.append(window)
                yield len(window)

        batches = pack_windows(measure(), token_budget=self._token_budget, longest=self._longest)
        running = [
            (batch, self._workers.submit(self._infer, [taken[position] for position in batch.positions], batch.length))
            for batch in batches
        ]
        logits = np.empty((len(taken), self.n_labels), dtype=np.float32)
        try:
            for batch, result in running:
                logits[batch.positions] = result.result()
        finally:
            for _, result in running:
                result.cancel()  # of a failed call, what has not begun is not worth its time
        return logits

    def _infer(self, windows: Sequence[NDArray[np.int32]], length: int) -> NDArray[np.float32]:
        lengths = np.array([len(window) for window in windows])
        is_token = np.arange(length) < lengths[:, None]
        input_ids = np.full(is_token.shape, self._pad_id, dtype=np.int64)
        input_ids[is_token] = np.concatenate(windows)
        request = self._idle.get()
        try:
            result = request.infer({"input_ids": input_ids, "attention_mask": is_token.astype(np.int64)})
            return np.array(result[0], dtype=np.float32)
        finally:
            self._idle.put(request)
