"""A measured recipe writes what it says of every article that may be measured, and of no other."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.builders import CONFIGS, SAMPLES

from hawadith_training.config import DataConfig, load_config
from hawadith_training.linear.config import LinearConfig
from hawadith_training.recipe import measure_recipe


@pytest.fixture
def data(tmp_path: Path) -> tuple[DataConfig, dict[str, list[str]]]:
    """The samples in three parts, and the ids of each."""
    lines = SAMPLES.read_text("utf-8").splitlines()
    parts = {"train": lines[0::4] + lines[1::4], "dev": lines[2::4], "auxiliary": lines[3::4]}
    for name, rows in parts.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    ids = {name: [json.loads(row)["id"] for row in rows] for name, rows in parts.items()}
    train, dev, auxiliary = (str(tmp_path / f"{name}.jsonl") for name in parts)
    return DataConfig(train=train, dev=dev, auxiliary=auxiliary), ids


def test_recipe_is_measured_on_all_articles_but_the_auxiliary(
    data: tuple[DataConfig, dict[str, list[str]]], tmp_path: Path
) -> None:
    config = load_config(CONFIGS / "train" / "linear.yaml", overrides=[f"typology={CONFIGS}/typology.yaml"])
    config = replace(config, data=data[0], linear=LinearConfig(scout_folds=2))
    metrics = measure_recipe(config, folds=2, output=tmp_path / "out")
    rows = [json.loads(line) for line in (tmp_path / "out" / "out-of-fold.jsonl").read_text("utf-8").splitlines()]
    measured = [*data[1]["train"], *data[1]["dev"]]
    assert [row["id"] for row in rows] == measured
    assert {row["fold"] for row in rows} == {0, 1}
    assert metrics.n == len(measured)
    assert json.loads((tmp_path / "out" / "metrics.json").read_text("utf-8"))["n"] == len(measured)
