"""A sign that a model was trained on the articles that it is measured on: it does better than its own bundle says of it.

A bundle carries the figures of articles that it had not learned from, with their intervals. A model cannot be better than that on other
articles by more than luck and their kind; on its training articles it is. The sign is no proof either way, and a report that looks too good
must say so itself, because its reader cannot see it.
"""

import json
from pathlib import Path

from hawadith_evaluation.metrics_file import MetricsValues


def warn_of_seen(metrics: MetricsValues, *, bundle: Path) -> str | None:
    """Compare macro average precision with what the bundle says of unseen articles.

    Args:
        metrics: What was measured now, with intervals.
        bundle: The bundle's folder.

    Returns:
        A warning where the two intervals lie apart and the present one is the higher; None otherwise, or where either is unknown.
    """
    now, own = metrics["macro"]["average_precision"], _read_own(bundle)
    if own is None or now["value"] is None or now["low"] is None or now["low"] <= own[2]:
        return None
    value, low, high = own
    return (
        f"Macro average precision is {now['value']:.2f} here, and {value:.2f} [{low:.2f}, {high:.2f}] on articles that the model had not "
        "seen, by its own bundle. It was probably trained on these articles; then no figure here says how good it is."
    )


def _read_own(bundle: Path) -> tuple[float, float, float] | None:
    """Value and bounds by the bundle's `metrics.json`; None where it has none: bundles of other origin need not."""
    file = bundle / "metrics.json"
    if not file.is_file():
        return None
    own: object = json.loads(file.read_bytes())
    for key in ("macro", "average_precision"):
        own = own.get(key) if isinstance(own, dict) else None
    found = [own.get(key) for key in ("value", "low", "high")] if isinstance(own, dict) else []
    numbers = [number for number in found if isinstance(number, float | int)]
    return (numbers[0], numbers[1], numbers[2]) if len(numbers) == 3 else None
