"""A model that has seen the articles is found by what its bundle says of itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.builders import SHARED_DATA, build_manifest

from hawadith.bundle import read_bundle
from hawadith.classifier import default_bundle
from hawadith_evaluation.comparison.exposure import Exposure, find_exposure

DATA = Path("elsewhere/dev.jsonl")


@pytest.mark.parametrize(
    ("files", "exposure"),
    [
        ({"train": "data/dev.jsonl", "dev": None}, "learned"),
        ({"train": ["data/train.jsonl", "data/dev.jsonl"], "dev": None}, "learned"),
        ({"train": ["dev.jsonl"], "dev": "dev.jsonl"}, "learned"),
        ({"train": "data/train.jsonl", "dev": "data/dev.jsonl"}, "tuned"),
        ({"train": "data/train.jsonl", "dev": None}, None),
        ({}, None),
        (None, None),
    ],
)
def test_exposure_is_read_from_the_files_that_made_a_bundle(files: object, exposure: Exposure | None) -> None:
    manifest = replace(build_manifest(), settings={"data": files})
    assert find_exposure(manifest, data=DATA) == exposure


def test_the_bundled_default_says_what_it_learned_from() -> None:
    manifest = read_bundle(default_bundle()).manifest
    assert find_exposure(manifest, data=SHARED_DATA / "articles.dev.jsonl") == "learned"
