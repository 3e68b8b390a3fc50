"""A model that has seen the articles is found by what its bundle says of itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.builders import SHARED_DATA, build_manifest

from hawadith.bundle import read_bundle
from hawadith.classifier import default_bundle
from hawadith_evaluation.exposure import Exposure, find_exposure, name_data

DATA = Path("elsewhere/data/dev.jsonl")


@pytest.mark.parametrize(
    ("files", "exposure"),
    [
        ({"train": "data/dev.jsonl", "dev": None}, "learned"),
        ({"train": ["data/train.jsonl", "data/dev.jsonl"], "dev": None}, "learned"),
        ({"train": ["dev.jsonl"], "dev": "dev.jsonl"}, "learned"),
        ({"train": "data/train.jsonl", "dev": "data/dev.jsonl"}, "tuned"),
        ({"train": "../dev.jsonl", "dev": None}, "learned"),
        ({"train": "other/dev.jsonl", "dev": None}, None),
        ({"train": "..", "dev": None}, None),
        ({"train": "x/joined.jsonl", "same_as": ["data/other.jsonl", "data/dev.jsonl"]}, "learned"),
        ({"train": "x/train.jsonl", "auxiliary": ["data/dev.jsonl"]}, "learned"),
        ({"train": "data/train.jsonl", "dev": None}, None),
        ({}, None),
        (None, None),
    ],
)
def test_exposure_is_read_from_the_files_that_made_a_bundle(files: object, exposure: Exposure | None) -> None:
    manifest = replace(build_manifest(), settings={"data": files})
    assert find_exposure(manifest, data=DATA) == exposure


def test_exposure_does_not_depend_on_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path / "data")
    manifest = replace(build_manifest(), settings={"data": {"train": "../data/dev.jsonl"}})
    assert find_exposure(manifest, data=Path("dev.jsonl")) == "learned"
    assert name_data(Path("dev.jsonl")) == "data/dev.jsonl"


def test_the_bundled_default_says_what_it_learned_from() -> None:
    manifest = read_bundle(default_bundle()).manifest
    assert find_exposure(manifest, data=SHARED_DATA / "articles.dev.jsonl") == "learned"
