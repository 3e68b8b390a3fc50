"""The file of a cascade: what scoring reads of it, and every damage one clear error."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hawadith.cascade.plan import PLAN_VERSION, CascadePlan, read_plan
from hawadith.errors import ConfigError

VALUES = {
    "cascade_version": 1,
    "large": {"model": "transformer-aaaa", "identity": "a" * 64},
    "small": {"model": "linear-bbbb", "identity": "b" * 64},
    "thresholds": {"mine": 0.01, "arms": 0.02},
    "promise": {"at_most": 0.02, "confidence": 0.9},
    "measured": {"articles": 3861},
}


def write(tmp_path: Path, values: object) -> Path:
    path = tmp_path / "cascade.json"
    path.write_text(json.dumps(values), encoding="utf-8")
    return path


def test_plan_reads_what_scoring_needs(tmp_path: Path) -> None:
    assert read_plan(write(tmp_path, VALUES)) == CascadePlan(
        large="a" * 64, small="b" * 64, thresholds={"mine": 0.01, "arms": 0.02}, at_most=0.02, confidence=0.9
    )


def test_plan_of_a_newer_version_says_to_upgrade(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Upgrade: pip install -U hawadith"):
        read_plan(write(tmp_path, {**VALUES, "cascade_version": PLAN_VERSION + 1}))


def without(key: str) -> dict[str, object]:
    return {name: value for name, value in VALUES.items() if name != key}


DAMAGES: dict[str, Callable[[], object]] = {
    "no object": lambda: [VALUES],
    "no version": lambda: without("cascade_version"),
    "version that is no number": lambda: {**VALUES, "cascade_version": "1"},
    "version that is true": lambda: {**VALUES, "cascade_version": True},
    "no large model": lambda: without("large"),
    "no small model": lambda: without("small"),
    "small model without identity": lambda: {**VALUES, "small": {"model": "x"}},
    "no thresholds": lambda: {**VALUES, "thresholds": {}},
    "thresholds that are none": lambda: {**VALUES, "thresholds": [0.1]},
    "threshold that is no number": lambda: {**VALUES, "thresholds": {"mine": "high"}},
    "threshold above 1": lambda: {**VALUES, "thresholds": {"mine": 1.5}},
    "threshold that is not a number": lambda: {**VALUES, "thresholds": {"mine": float("nan")}},
    "no promise": lambda: without("promise"),
    "promise of nothing": lambda: {**VALUES, "promise": {"at_most": 0, "confidence": 0.9}},
    "promise without doubt": lambda: {**VALUES, "promise": {"at_most": 0.02, "confidence": 1}},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_plan_that_is_damaged_is_refused_with_its_path(tmp_path: Path, damage: str) -> None:
    path = write(tmp_path, DAMAGES[damage]())
    with pytest.raises(ConfigError, match="Write it again with `hawadith cascade`") as refused:
        read_plan(path)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize("text", ["", "{", "\x00"])
def test_plan_that_is_no_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cascade.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="written by `hawadith cascade`"):
        read_plan(path)


def test_plan_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.json"):
        read_plan(tmp_path / "nowhere.json")
