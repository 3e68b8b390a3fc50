"""A model that beats its own bundle's figures is reported as one that has probably seen the articles."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.builders import build_bundle

from hawadith.bundle import Bundle
from hawadith_evaluation.metrics import compute_metrics
from hawadith_evaluation.metrics_file import MetricsValues
from hawadith_evaluation.seen import warn_of_seen
from hawadith_evaluation.targets import Targets


def measure(*, resamples: int = 50, articles: int = 40) -> MetricsValues:
    """A model that is always right."""
    positive = np.arange(articles)[:, None] % 2 == 0
    targets = Targets(labels=("mine",), positive=positive, judged=np.ones_like(positive))
    return compute_metrics(
        targets, probabilities=positive * 0.9, decisions=positive, groups=None, resamples=resamples
    ).to_mapping()


def write(folder: Path, own: object) -> Bundle:
    (folder / "metrics.json").write_text(json.dumps({"macro": {"average_precision": own}}), encoding="utf-8")
    return replace(build_bundle(), path=folder)


def warn(bundle: Bundle, *, resamples: int = 50, data: str = "new/articles.jsonl") -> list[str]:
    return warn_of_seen(measure(resamples=resamples), bundle=bundle, data=Path(data))


def name_data(settings: Mapping[str, object]) -> Bundle:
    bundle = build_bundle()
    return replace(bundle, manifest=replace(bundle.manifest, settings=settings))


def test_warning_names_both_figures(tmp_path: Path) -> None:
    [warning] = warn(write(tmp_path, {"value": 0.73, "low": 0.7, "high": 0.758}))
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
    assert warn(write(tmp_path, own)) == []


def test_warning_needs_an_interval_of_the_present_figures_above_the_bundles(tmp_path: Path) -> None:
    bundle, metrics = write(tmp_path, {"value": 0.5, "low": 0.4, "high": 0.8}), measure()
    metrics["macro"]["average_precision"] = {"value": 0.9, "low": 0.7, "high": 1.0}
    assert warn_of_seen(metrics, bundle=bundle, data=Path("new.jsonl")) == []


def test_warning_needs_intervals_of_its_own(tmp_path: Path) -> None:
    bundle = write(tmp_path, {"value": 0.5, "low": 0.4, "high": 0.6})
    assert len(warn(bundle)) == 1
    assert warn(bundle, resamples=0) == []


@pytest.mark.parametrize(("articles", "n_warnings"), [(1, 0), (18, 0), (20, 1)])
def test_warning_needs_more_than_a_handful_of_positives(articles: int, n_warnings: int, tmp_path: Path) -> None:
    bundle = write(tmp_path, {"value": 0.5, "low": 0.4, "high": 0.6})
    assert len(warn_of_seen(measure(articles=articles), bundle=bundle, data=Path("new.jsonl"))) == n_warnings


@pytest.mark.parametrize("content", [None, b"{}", b"[]"])
def test_bundle_without_figures_gives_no_warning(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "metrics.json").write_bytes(content)
    assert warn(replace(build_bundle(), path=tmp_path)) == []


@pytest.mark.parametrize(
    ("part", "names", "use"),
    [
        ("train", ["../x/a.jsonl", "../data/dev.jsonl"], "trained on"),
        ("train", "data/dev.jsonl", "trained on"),
        ("dev", "/srv/data/dev.jsonl", "calibrated on"),
    ],
)
def test_warning_names_a_file_that_the_bundle_names(part: str, names: object, use: str) -> None:
    [warning] = warn(name_data({"data": {part: names}}), data="/work/shared/data/dev.jsonl")
    assert use in warning
    assert "`data/dev.jsonl`" in warning


@pytest.mark.parametrize(
    "settings",
    [{}, {"data": {"train": "other/dev.jsonl", "dev": None}}, {"data": {"train": 3}}, {"data": "data/dev.jsonl"}],
)
def test_files_of_other_names_give_no_warning(settings: Mapping[str, object]) -> None:
    assert warn(name_data(settings), data="data/dev.jsonl") == []
