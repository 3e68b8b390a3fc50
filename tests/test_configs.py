"""Every file in configs/ is complete and loads; a typing error in one is named with its dotted path."""

from pathlib import Path

import pytest
from tests.builders import CONFIGS

from hawadith.errors import ConfigError
from hawadith.typology import load_typology
from hawadith_training.config import load_config, parse_config

TRAIN = sorted((CONFIGS / "train").rglob("*.yaml"))


def test_configs_hold_nothing_that_no_test_loads() -> None:
    apart = [
        path for name in ("evaluate", "pretrain") for path in (CONFIGS / name).rglob("*.yaml")
    ]  # tested beside their packages
    typologies = CONFIGS.glob("typology*.yaml")  # each is that of a training configuration, which loads it
    known = {*typologies, *TRAIN, *apart}
    assert set(CONFIGS.rglob("*.yaml")) == known


@pytest.mark.parametrize("path", TRAIN, ids=lambda path: path.stem)
def test_train_config_loads_and_opens_with_its_purpose(path: Path) -> None:
    config = load_config(path)
    assert load_typology(CONFIGS.parent / config.typology).ids
    head = path.read_text("utf-8").split("\ntypology:")[0]
    assert "hawadith train" in head
    assert "--set" in head


def test_configs_hold_no_typology_that_no_training_uses() -> None:
    used = {CONFIGS.parent / load_config(path).typology for path in TRAIN}
    assert set(CONFIGS.glob("typology*.yaml")) == used


def test_override_reaches_a_nested_value_and_splits_at_the_first_equals() -> None:
    config = load_config(TRAIN[0], overrides=["data.train=a=b.jsonl", "seed=7", "thresholds.kind=recall"])
    assert (config.data.train, config.seed, config.thresholds.kind) == ("a=b.jsonl", 7, "recall")


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("seed", "expected a.b=value"),
        ("=1", "expected a.b=value"),
        ("data..x=1", "expected a.b=value"),
        ("seed.x=1", "'seed' is a value, not a section"),
        ("seed=[", "not valid YAML"),
    ],
)
def test_override_that_is_malformed_is_refused(override: str, expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        load_config(TRAIN[0], overrides=[override])


def test_config_names_all_faults_at_once_with_dotted_paths() -> None:
    raw = {
        "typology": "t.yaml",
        "data": {"train": "a.jsonl", "skip_bad_rows": "perhaps", "colour": "red"},
        "encoder": {"kind": "oracle"},
        "finetune": {"loss": {"gamma": 1}},
        "thresholds": {"per_label": {"mine": {"kind": "f1", "goal": 2}}},
    }
    with pytest.raises(ConfigError) as caught:
        parse_config(raw, where="test")
    message = str(caught.value)
    for path in (
        "data.skip_bad_rows",
        "data.colour",
        "encoder.kind",
        "finetune.loss.gamma",
        "thresholds.per_label.mine.goal",
    ):
        assert f"- {path}: " in message


def test_config_file_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Cannot read the configuration"):
        load_config(tmp_path / "none.yaml")
    (tmp_path / "list.yaml").write_text("- 1")
    with pytest.raises(ConfigError, match="must be a mapping"):
        load_config(tmp_path / "list.yaml")
    (tmp_path / "broken.yaml").write_text("a: [")
    with pytest.raises(ConfigError, match="not valid YAML"):
        load_config(tmp_path / "broken.yaml")
