"""The reference figures of a bundle are read back as they were written, or refused."""

import json
from pathlib import Path

import pytest
from tests.builders import build_manifest, build_typology

from hawadith.bundle import Bundle, read_bundle, write_bundle, write_json
from hawadith.calibration import uncalibrated
from hawadith.drift.figures import StreamFigures
from hawadith.drift.reference import REFERENCE, describe_figures, parse_figures, read_reference
from hawadith.errors import BundleError

FIGURES = StreamFigures(
    articles=300, labels={"mine": 7}, scores={"mine": [25] * 12}, lengths=[3] * 16, tokens=90, unknown=5, foreign=1
)

VALUES = describe_figures(FIGURES)


def write(path: Path, content: object) -> Bundle:
    typology = build_typology()
    with write_bundle(
        path, manifest=build_manifest(), typology=typology, calibration=uncalibrated(typology.ids)
    ) as folder:
        if content is not None:
            write_json(folder / REFERENCE, content)
    return read_bundle(path)


def test_reference_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    assert read_reference(write(tmp_path / "bundle", describe_figures(FIGURES))) == FIGURES
    assert parse_figures(json.loads(json.dumps(describe_figures(FIGURES))), source="x") == FIGURES


def test_reference_may_be_absent(tmp_path: Path) -> None:
    assert read_reference(write(tmp_path / "bundle", None)) is None


@pytest.mark.parametrize(
    "content",
    [
        [],
        {"colour": 1},
        {**VALUES, "articles": "many"},
        {**VALUES, "tokens": -1},
        {**VALUES, "labels": []},
        {**VALUES, "labels": {}},
        {**VALUES, "scores": {"mine": [1, 2]}},
        {**VALUES, "scores": {"mine": 7}},
        {**VALUES, "lengths": [True] * 16},
    ],
)
def test_reference_of_another_form_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(BundleError, match="holds no figures of a stream"):
        read_reference(write(tmp_path / "bundle", content))
