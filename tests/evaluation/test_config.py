"""Evaluation configurations: complete files load, options win, every fault is named."""

from pathlib import Path

import pytest
from tests.builders import CONFIGS

from hawadith.errors import ConfigError
from hawadith_evaluation.config import EvaluateConfig, load_config


@pytest.mark.parametrize("path", sorted((CONFIGS / "evaluate").rglob("*.yaml")), ids=lambda path: path.name)
def test_config_files_are_complete_and_hold_the_defaults(path: Path) -> None:
    assert load_config(path, overrides={}) == EvaluateConfig()
    text = path.read_text(encoding="utf-8")
    assert all(f"\n{name}: " in text for name in EvaluateConfig.__slots__)


def test_config_options_win_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("resamples: 5\nseed: 6\n", encoding="utf-8")
    assert load_config(path, overrides={"seed": 7, "resamples": None}) == EvaluateConfig(resamples=5, seed=7)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("resamples: -1\nsame_story: 2\nsead: 1\n", r"(?s)resamples.*same_story.*sead"),
        ("resamples: many\n", "resamples"),
        ("[1]", "must be a mapping of settings, not list"),
        ("a: [", "not valid YAML"),
    ],
)
def test_config_names_every_fault(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_config(path, overrides={})


def test_config_that_is_missing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Cannot read"):
        load_config(tmp_path / "none.yaml", overrides={})


def test_config_options_are_checked_without_a_file() -> None:
    with pytest.raises(ConfigError, match="The options do not fit"):
        load_config(None, overrides={"resamples": -1})
