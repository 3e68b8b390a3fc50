"""The ceiling is one of int8 products, or it would be too low to mean anything."""

import openvino
import pytest

from hawadith.bench.ceiling import build_chain, measure_ceilings
from hawadith.bench.operations import EncoderShape
from hawadith.encoder.runtime import runtime_settings


def read_factors(model: openvino.Model) -> list[tuple[str, str]]:
    """The number formats of both factors of each product that the CPU device makes of a model."""
    compiled = openvino.Core().compile_model(model, "CPU", runtime_settings(streams=1))
    products = [
        node
        for node in compiled.get_runtime_model().get_ops()
        if node.get_rt_info()["layerType"].astype(str) == "FullyConnected"
    ]
    # What a product says of its own precision is that of its weights alone.
    return [tuple(port.get_element_type().get_type_name() for port in node.inputs()[:2]) for node in products]


def test_chain_multiplies_in_int8_throughout() -> None:
    if "INT8" not in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        pytest.skip("this processor has no int8 products")
    assert read_factors(build_chain([64, 128, 64, 128])) == [("i8", "i8")] * 3


def test_ceilings_are_positive() -> None:
    square, wide = measure_ceilings(EncoderShape(layers=2, hidden=64, intermediate=256), seconds=0.02)
    assert square > 0
    assert wide > 0
