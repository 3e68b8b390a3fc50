"""A model that beats its own bundle's figures is reported as one that has probably seen the articles."""

import json
from pathlib import Path

import numpy as np
import pytest

from hawadith_evaluation.metrics import compute_metrics
from hawadith_evaluation.metrics_file import MetricsValues
from hawadith_evaluation.seen import warn_of_seen
from hawadith_evaluation.targets import Targets


def measure(*, resamples: int = 50) -> MetricsValues:
    """A model that is always right."""
    positive = np.arange(40)[:, None] % 2 == 0
    targets = Targets(labels=("mine",), positive=positive, judged=np.ones_like(positive))
    return compute_metrics(
        targets, probabilities=positive * 0.9, decisions=positive, groups=None, resamples=resamples
    ).to_mapping()


def write(folder: Path, own: object) -> Path:
    (folder / "metrics.json").write_text(json.dumps({"macro": {"average_precision": own}}), encoding="utf-8")
    return folder


def test_warning_names_both_figures(tmp_path: Path) -> None:
    warning = warn_of_seen(measure(), bundle=write(tmp_path, {"value": 0.73, "low": 0.7, "high": 0.758}))
    assert warning is not None
    assert "1.00 here, and 0.73 [0.70, 0.76]" in warning


@pytest.mark.parametrize(
    "own",
    [
        {"value": 0.98, "low": 0.9, "high": 1.0},
        {"value": 0.73, "low": None, "high": None},
        {"value": None, "low": None, "high": None},
        None,
        0.7,
    ],
)
def test_warning_needs_intervals_that_lie_apart(own: object, tmp_path: Path) -> None:
    assert warn_of_seen(measure(), bundle=write(tmp_path, own)) is None


def test_warning_needs_intervals_of_its_own(tmp_path: Path) -> None:
    folder = write(tmp_path, {"value": 0.5, "low": 0.4, "high": 0.6})
    assert warn_of_seen(measure(), bundle=folder) is not None
    assert warn_of_seen(measure(resamples=0), bundle=folder) is None


@pytest.mark.parametrize("content", [None, b"{}", b"[]"])
def test_bundle_without_figures_gives_no_warning(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "metrics.json").write_bytes(content)
    assert warn_of_seen(measure(), bundle=tmp_path) is None
