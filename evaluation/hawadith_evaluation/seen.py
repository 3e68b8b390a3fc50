"""Signs that a model has seen the articles that it is measured on: its reader cannot see them, so a report must look for them itself.

Two signs, neither a proof. A bundle names the files that it was trained and calibrated on. And it carries the figures of articles that it
had not learned from, with their intervals: a model cannot be better than that on other articles by more than luck and their kind; on its
training articles it is.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from hawadith.bundle import Bundle, Manifest
from hawadith_evaluation.exposure import find_exposure, name_data
from hawadith_evaluation.metrics_file import MetricsValues

_FEWEST_POSITIVES = 10
"""Positive articles of a label below which its average precision is no sign: of three articles ranked rightly it is 1."""


def warn_of_seen(metrics: MetricsValues, *, bundle: Bundle, data: Path) -> list[str]:
    """Look for signs that a model has seen the articles.

    Args:
        metrics: What was measured on them, with intervals.
        bundle: The model's bundle.
        data: Where the articles lie.

    Returns:
        A warning per sign.
    """
    return [*_find_names(bundle.manifest, data=data), *_compare_figures(metrics, folder=bundle.path)]


def _find_names(manifest: Manifest, *, data: Path) -> Iterator[str]:
    exposure = find_exposure(manifest, data=data)
    if exposure is not None:
        use = "trained on" if exposure == "learned" else "calibrated on, and its thresholds chosen on,"
        yield (
            f"The model was {use} a file of the name `{name_data(data)}`, by its own bundle. If it is this one, the figures flatter, and "
            "no promise of a threshold holds."
        )


def _compare_figures(metrics: MetricsValues, *, folder: Path) -> Iterator[str]:
    now, own = metrics["macro"]["average_precision"], _read_own(folder)
    if own is None or now["value"] is None or now["low"] is None or now["low"] <= own[2]:
        return
    # A mean over other labels, or one that a handful of articles makes, is not to be compared.
    if min(label["n"] for label in metrics["labels"].values()) < _FEWEST_POSITIVES:
        return
    value, low, high = own
    yield (
        f"Macro average precision is {now['value']:.2f} here, and {value:.2f} [{low:.2f}, {high:.2f}] on articles that the model had not "
        "seen, by its own bundle. Unless incidents are far more frequent here, which lifts the figure by itself, it was probably trained "
        "on these articles; then no figure here says how good it is."
    )


def _read_own(folder: Path) -> tuple[float, float, float] | None:
    """Value and bounds by the bundle's `metrics.json`; None where it has none: bundles of other origin need not."""
    file = folder / "metrics.json"
    if not file.is_file():
        return None
    own: object = json.loads(file.read_bytes())
    for key in ("macro", "average_precision"):
        own = own.get(key) if isinstance(own, dict) else None
    found = [own.get(key) for key in ("value", "low", "high")] if isinstance(own, dict) else []
    numbers = [number for number in found if isinstance(number, float | int)]
    return (numbers[0], numbers[1], numbers[2]) if len(numbers) == 3 else None
