"""The figures of `hawadith bench`, for a machine and for a reader."""

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from hawadith.bench.operations import Operations
from hawadith.bench.process import Scoring


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """Int8 products that the machine reached, in giga-operations a second.

    Attributes:
        square: `hidden x hidden`.
        wide: `hidden x intermediate` and back.
        blend: Of the model's own mix.
        operations: The model's operations in one pass over the articles.
    """

    square: float
    wide: float
    blend: float
    operations: Operations


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchResult:
    """What was measured in one run.

    Attributes:
        model: What was measured.
        precision: The number format of its runtime.
        scoring: What scoring took.
        tokens: Tokens of one pass: of all windows, special tokens and overlaps counted, padding not; a linear model's, of its articles.
        windows: Windows of one pass; None for a linear model.
        pipeline: The yardstick's tokens a second by batch size; None where it was not measured.
        ceiling: Of the machine; None for a linear model.
        omitted: What was not measured, and why.
    """

    model: str
    precision: str
    scoring: Scoring
    tokens: int
    windows: int | None
    pipeline: Mapping[int, float] | None
    ceiling: Ceiling | None
    omitted: tuple[str, ...] = ()

    @property
    def tokens_per_second(self) -> float:
        """Of the fastest pass."""
        return self.tokens / self.scoring.best

    @property
    def gops(self) -> float | None:
        """Giga-operations of matrix products that the fastest pass did a second; None where they are not counted."""
        return None if self.ceiling is None else self.ceiling.operations.total / self.scoring.best / 1e9


def to_mapping(result: BenchResult) -> Mapping[str, object]:
    """The values of `--json`.

    Args:
        result: What was measured.

    Returns:
        JSON-ready values; null where something was not measured, and `omitted` says why.
    """
    scoring, ceiling, pipeline = result.scoring, result.ceiling, result.pipeline
    best = None if pipeline is None else max(pipeline.values())
    return {
        "model": result.model,
        "precision": result.precision,
        "cores": os.cpu_count(),
        "machine": _name_processor(),
        "articles": scoring.articles,
        "windows": result.windows,
        "tokens": result.tokens,
        "passes_s": [round(seconds, 3) for seconds in scoring.seconds],
        "articles_per_s": scoring.articles / scoring.best,
        "tokens_per_s": result.tokens_per_second,
        "peak_memory_mb": scoring.peak_memory / 1e6,
        "startup_s": scoring.startup,
        "pipeline_by_batch_size": None if pipeline is None else {str(size): rate for size, rate in pipeline.items()},
        "pipeline_tokens_per_s": best,
        "ratio_to_pipeline": None if best is None else result.tokens_per_second / best,
        "gops": result.gops,
        "int8_ceiling_gops": None if ceiling is None else ceiling.blend,
        "int8_ceiling_square_gops": None if ceiling is None else ceiling.square,
        "int8_ceiling_wide_gops": None if ceiling is None else ceiling.wide,
        "share_of_int8_ceiling": None if ceiling is None or result.gops is None else result.gops / ceiling.blend,
        "omitted": list(result.omitted),
        "versions": {name: version(name) for name in ("hawadith", "openvino", "numpy")},
    }


def render_bench(values: Mapping[str, object]) -> str:
    """The figures in words.

    Args:
        values: What `to_mapping` gave.

    Returns:
        A few lines of text.
    """
    lines = [
        "{model}, {precision}, {cores} cores ({machine}): {articles} articles, {tokens:,} tokens",
        "  {tokens_per_s:,.0f} tokens/s, {articles_per_s:,.1f} articles/s; passes {passes_s} s, the fastest counts",
        "  start-up to the first scored article {startup_s:.2f} s, peak memory {peak_memory_mb:,.0f} MB",
    ]
    if values["ratio_to_pipeline"] is not None:
        lines.append(
            "  {ratio_to_pipeline:.2f} times transformers.pipeline at its best ({pipeline_tokens_per_s:,.0f} tokens/s)"
        )
    if values["share_of_int8_ceiling"] is not None:
        lines.append(
            "  {gops:,.0f} giga-operations/s of matrix products: {share_of_int8_ceiling:.0%} of the int8 ceiling "
            "({int8_ceiling_gops:,.0f})"
        )
    omitted = values["omitted"]
    lines += [f"  not measured: {reason}" for reason in (omitted if isinstance(omitted, list) else ())]
    return "\n".join(lines).format_map(values)


def _name_processor() -> str:
    """What the processor calls itself, where the system says so."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
