"""What this machine's cores can multiply in 8 bits, measured by the very library that scores.

A chain of products with nothing between them but the rounding to 8 bits, at an encoder's widths, on as many streams as scoring uses. A
model cannot be faster than its products; how near it comes says what the rest (softmax, normalisation, activation, text) costs.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import openvino
from openvino import Node
from openvino import opset13 as ops

from hawadith.bench.operations import EncoderShape, Operations
from hawadith.encoder.runtime import TOKEN_BUDGET, count_streams, runtime_settings

_CHAIN = 8  # products: the rounding of the first input is then a small part
_SECONDS = 1.5
_PASSES = 3


def measure_ceilings(shape: EncoderShape, *, seconds: float | None = None) -> tuple[float, float]:
    """Measure int8 products at an encoder's widths.

    Args:
        shape: The widths.
        seconds: How long each measurement of a pass lasts; `_SECONDS` when not given.

    Returns:
        Giga-operations a second of `hidden x hidden`, and of `hidden x intermediate` with its way back; the best of three passes each.
    """
    seconds = _SECONDS if seconds is None else seconds
    square = [shape.hidden] * (_CHAIN + 1)
    wide = [shape.hidden, *[shape.intermediate, shape.hidden] * (_CHAIN // 2)]
    return (
        max(_measure_chain(square, seconds=seconds) for _ in range(_PASSES)),
        max(_measure_chain(wide, seconds=seconds) for _ in range(_PASSES)),
    )


def blend_ceiling(operations: Operations, *, square: float, wide: float) -> float:
    """The ceiling of a mix of products: all operations over the time that they take at their own ceilings.

    Args:
        operations: The mix; attention's products count as square ones.
        square: Giga-operations a second of square products.
        wide: Giga-operations a second of wide products.

    Returns:
        Giga-operations a second.
    """
    return operations.total / ((operations.square + operations.attention) / square + operations.wide / wide)


def _measure_chain(widths: Sequence[int], *, seconds: float) -> float:
    """Giga-operations a second of a chain of products, over all streams."""
    streams = count_streams()
    compiled = openvino.Core().compile_model(build_chain(widths), "CPU", runtime_settings(streams=streams))
    rows = np.random.default_rng(0).normal(size=(TOKEN_BUDGET, widths[0])).astype(np.float32)

    def multiply(until: float) -> int:
        request = compiled.create_infer_request()
        request.infer([rows])  # makes the kernels
        rounds = 0
        while time.perf_counter() < until:
            request.infer([rows])
            rounds += 1
        return rounds

    with ThreadPoolExecutor(streams) as workers:
        list(workers.map(multiply, [0.0] * streams))
        started = time.perf_counter()
        rounds = sum(workers.map(multiply, [started + seconds] * streams))
        spent = time.perf_counter() - started
    products = sum(2 * before * after for before, after in pairwise(widths))
    return (rounds + streams) * TOKEN_BUDGET * products / spent / 1e9


def build_chain(widths: Sequence[int]) -> openvino.Model:
    """A model of int8 products alone.

    Args:
        widths: Of the input, then of each product's output.

    Returns:
        The model: one fp32 input of shape `(any, widths[0])`, each product's input rounded to 8 bits.
    """
    random = np.random.default_rng(1)
    rows = ops.parameter([-1, widths[0]], np.float32, name="rows")
    node: Node = rows
    for before, after in pairwise(widths):
        weights = ops.convert(ops.constant(random.integers(-127, 128, (after, before)).astype(np.int8)), "f32")
        scaled = ops.multiply(weights, ops.constant(np.full((after, 1), 1e-3, dtype=np.float32)))
        node = ops.matmul(_round(node), scaled, transpose_a=False, transpose_b=True)
    return openvino.Model([node], [rows])


def _round(node: Node) -> Node:
    """Round to 8 bits with a fixed scale, as in a quantised model."""
    low, high = (ops.constant(np.float32(bound)) for bound in (-4.0, 4.0 * 127 / 128))
    return ops.fake_quantize(node, low, high, low, high, 256)
