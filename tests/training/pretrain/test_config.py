"""Every file in configs/pretrain is complete and loads; rules between settings hold."""

from dataclasses import fields
from pathlib import Path

import pytest
import yaml
from tests.builders import CONFIGS
from tests.training.pretrain.runs import build_config

from hawadith.errors import ConfigError
from hawadith_training.pretrain.config import PretrainConfig, load_config

FILES = sorted((CONFIGS / "pretrain").rglob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_pretrain_config_loads_is_complete_and_opens_with_its_purpose(file: Path) -> None:
    config = load_config(file)
    raw = yaml.safe_load(file.read_text("utf-8"))
    assert set(raw) == {field.name for field in fields(PretrainConfig)}
    for section in ("corpus", "vocabulary", "model", "objective", "optimiser", "report"):
        assert set(raw[section]) == {field.name for field in fields(getattr(config, section))}, section
    head = file.read_text("utf-8").split("\nfolder:")[0]
    assert f"hawadith pretrain {file.relative_to(CONFIGS.parent)}" in head
    assert "--set" in head


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"phases": [{"length": 64, "tokens": 64}]}, r"phases\.0: longer than model\.positions 32"),
        ({"optimiser__batch_tokens": 31}, "holds no block of 32"),
        ({"phases": []}, "must not be empty"),
        ({"model__heads": 3}, "no multiple of heads 3"),
        ({"objective": {"masked": 0.9, "random": 0.2}}, "more than 1 together"),
        ({"optimiser__warmup": 0.9}, "more than 1 together"),
        ({"model__embeddings": "cooccurrence", "vocabulary__size": 40_000}, "up to 32768. Take random"),
    ],
)
def test_pretrain_config_refuses_what_cannot_be(tmp_path: Path, changes: dict[str, object], expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        build_config(tmp_path, **changes)


def test_prepared_folder_may_be_shared(tmp_path: Path) -> None:
    assert build_config(tmp_path).prepared_folder == tmp_path / "run" / "corpus"
    assert build_config(tmp_path, corpus__prepared="elsewhere").prepared_folder == Path("elsewhere")
