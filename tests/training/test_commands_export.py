"""The door of `hawadith export`: what it reads, what it hands on, what it prints."""

from pathlib import Path

import pytest
from tests.builders import SAMPLES, build_manifest, build_typology
from typer.testing import CliRunner

from hawadith.bundle import Bundle, read_bundle, write_bundle
from hawadith.calibration import uncalibrated
from hawadith.cli import build_app
from hawadith.errors import ConfigError
from hawadith_training.export_bundle import ExportData


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A bundle that calls itself a transformer; what reads its weights is replaced."""
    typology = build_typology("mine")
    manifest = build_manifest(kind="transformer")
    path = tmp_path / "source"
    with write_bundle(path, manifest=manifest, typology=typology, calibration=uncalibrated(typology.ids)) as folder:
        (folder / "README.md").write_text("# Model\n\n## Runtime\n\nAll well.\n", encoding="utf-8")
    return path


def test_export_hands_on_articles_and_prints_the_cards_section(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, object] = {}

    def export_nothing(bundle: Bundle, *, output: Path, precision: str, data: ExportData) -> Bundle:
        assert data.gate is not None
        seen.update(precision=precision, calibrate=len(data.calibrate), gate=len(data.gate.articles), output=output)
        return read_bundle(bundle.path)

    monkeypatch.setattr("hawadith_training.export_bundle.export_bundle", export_nothing)
    options = ["--precision", "int8", "--calibrate", str(SAMPLES), "--gate", str(SAMPLES)]
    done = CliRunner().invoke(build_app(), ["export", str(source), "--output", "small", *options])
    assert done.exit_code == 0, done.output
    assert seen == {"precision": "int8", "calibrate": 73, "gate": 73, "output": Path("small")}
    assert done.output.splitlines()[-2:] == ["All well.", "Written to small"]


def test_export_of_int8_asks_for_the_gate(source: Path, tmp_path: Path) -> None:
    options = ["--precision", "int8", "--calibrate", str(SAMPLES)]
    done = CliRunner().invoke(build_app(), ["export", str(source), "--output", str(tmp_path / "x"), *options])
    assert isinstance(done.exception, ConfigError)
    assert "--gate" in str(done.exception)


def test_export_has_no_way_around_the_gate(source: Path) -> None:
    done = CliRunner().invoke(build_app(), ["export", str(source), "--output", "x", "--no-gate"])
    assert done.exit_code == 2
