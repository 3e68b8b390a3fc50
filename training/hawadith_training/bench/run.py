"""One run of `hawadith bench`: scoring in a process of its own, then the yardstick and the ceiling on the same articles.

One after the other, never side by side: each has the machine to itself.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hawadith.bench.ceiling import blend_ceiling, measure_ceilings
from hawadith.bench.operations import EncoderShape, count_operations
from hawadith.bench.process import measure_scoring
from hawadith.bench.windows import cut_records
from hawadith.bundle import Bundle, read_json
from hawadith.errors import BundleError
from hawadith.loading import describe_runtime
from hawadith.readers import read_rows
from hawadith.records import Record
from hawadith_training.bench.report import BenchResult, Ceiling

PIPELINE_TOKENS = 12_000
"""Tokens that the pipeline is timed on at each batch size: some fifteen seconds at AraBERT's base shape on two cores."""


def read_sample(data: Path, *, limit: int) -> list[Record]:
    """The first articles of a file.

    Args:
        data: What `hawadith score` reads.
        limit: Articles at most.

    Returns:
        The articles; rows that cannot be read are left out, as they are in the measured process.
    """
    return [row for row in islice(read_rows(data), limit) if isinstance(row, Record)]


def measure_bundle(bundle: Bundle, *, data: Path, limit: int, passes: int) -> BenchResult:
    """Measure a bundle.

    Args:
        bundle: A verified bundle.
        data: Articles.
        limit: Articles at most.
        passes: How often scoring and yardstick are measured; the fastest counts.

    Returns:
        The figures.

    Raises:
        DataError: If there is nothing to score.
        BundleError: If a transformer bundle does not say its widths.
    """
    scoring = measure_scoring(bundle.path, data=data, limit=limit, passes=passes)
    model, precision = bundle.manifest.encoder, describe_runtime(bundle).precision
    if bundle.manifest.kind == "linear":
        return BenchResult(
            model="linear",
            precision=precision,
            scoring=scoring,
            tokens=scoring.tokens,
            windows=None,
            pipeline=None,
            ceiling=None,
            omitted=("the pipeline and the ceiling of products: a linear model has neither.",),
        )
    windows = cut_records(read_sample(data, limit=limit), bundle=bundle)
    torch_here = find_spec("torch") is not None and find_spec("transformers") is not None
    missing = 'transformers.pipeline: it needs torch. Install it with: pip install "hawadith[train]"'
    return BenchResult(
        model=model,
        precision=precision,
        scoring=scoring,
        tokens=sum(map(len, windows)),
        windows=len(windows),
        pipeline=_measure_pipeline(bundle, windows=windows, passes=passes) if torch_here else None,
        ceiling=_measure_ceiling(bundle, windows=windows),
        omitted=() if torch_here else (missing,),
    )


def _measure_pipeline(bundle: Bundle, *, windows: Sequence[NDArray[np.int32]], passes: int) -> dict[int, float]:
    from hawadith_training.bench.pipeline import choose_windows, measure_pipeline

    chosen = choose_windows(windows, tokens=PIPELINE_TOKENS)
    return dict(measure_pipeline(bundle.path, windows=chosen, passes=passes))


def _measure_ceiling(bundle: Bundle, *, windows: Sequence[NDArray[np.int32]]) -> Ceiling:
    shape = read_shape(bundle)
    operations = count_operations([len(window) for window in windows], shape=shape)
    square, wide = measure_ceilings(shape)
    blend = blend_ceiling(operations, square=square, wide=wide)
    return Ceiling(square=square, wide=wide, blend=blend, operations=operations)


def read_shape(bundle: Bundle) -> EncoderShape:
    """The widths of a bundle's encoder.

    Args:
        bundle: A verified transformer bundle.

    Returns:
        The widths.

    Raises:
        BundleError: If `config.json` does not say them.
    """
    config = read_json(bundle.path / "config.json")
    names = ("num_hidden_layers", "hidden_size", "intermediate_size")
    found = [config.get(name) if isinstance(config, dict) else None for name in names]
    if not all(isinstance(value, int) for value in found):
        raise BundleError(f"{bundle.path / 'config.json'} does not say {', '.join(names)}. Export the bundle again.")
    layers, hidden, intermediate = (int(value) for value in found if isinstance(value, int))
    return EncoderShape(layers=layers, hidden=hidden, intermediate=intermediate)
