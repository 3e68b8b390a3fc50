"""The ceiling is one of int8 products, or it would be too low to mean anything."""

import openvino
import pytest

from hawadith.bench.ceiling import build_chain, measure_ceilings
from hawadith.bench.operations import EncoderShape
from hawadith.encoder.runtime import runtime_settings


def read_products(model: openvino.Model) -> list[str]:
    """The number format of each product that the CPU device makes of a model."""
    compiled = openvino.Core().compile_model(model, "CPU", runtime_settings(streams=1))
    nodes = [node.get_rt_info() for node in compiled.get_runtime_model().get_ops()]
    return [
        str(node["runtimePrecision"].astype(str)) for node in nodes if node["layerType"].astype(str) == "FullyConnected"
    ]


def test_chain_multiplies_in_int8_throughout() -> None:
    if "INT8" not in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        pytest.skip("this processor has no int8 products")
    assert [precision.lower() for precision in read_products(build_chain([64, 128, 64, 128]))] == ["i8"] * 3


def test_ceilings_are_positive() -> None:
    square, wide = measure_ceilings(EncoderShape(layers=2, hidden=64, intermediate=256), seconds=0.02)
    assert square > 0
    assert wide > 0
