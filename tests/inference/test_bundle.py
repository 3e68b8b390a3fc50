"""The bundle: written whole or not at all, read only when every byte is what the manifest says."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.builders import build_manifest, build_typology

from hawadith.bundle import FORMAT_VERSION, Bundle, read_bundle, write_bundle
from hawadith.calibration import uncalibrated
from hawadith.errors import BundleError


def write(path: Path, content: str = "{}") -> Bundle:
    typology = build_typology()
    calibration = uncalibrated(typology.ids)
    with write_bundle(path, manifest=build_manifest(), typology=typology, calibration=calibration) as folder:
        (folder / "runtime").mkdir()
        (folder / "runtime" / "weights.json").write_text(content)
    return read_bundle(path)


def test_bundle_reads_what_was_written(tmp_path: Path) -> None:
    bundle = write(tmp_path / "bundle")
    assert bundle.typology == build_typology()
    assert set(bundle.manifest.files) == {"typology.yaml", "calibration.json", "runtime/weights.json"}
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_bundle_identity_follows_content_not_place(tmp_path: Path) -> None:
    first, same, other = write(tmp_path / "a"), write(tmp_path / "b"), write(tmp_path / "c", "[]")
    assert first.identity == same.identity
    assert first.identity != other.identity


def test_bundle_replaces_an_older_bundle(tmp_path: Path) -> None:
    write(tmp_path / "bundle")
    assert write(tmp_path / "bundle", "[1]").path.joinpath("runtime/weights.json").read_text() == "[1]"
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_bundle_does_not_overwrite_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    with pytest.raises(BundleError, match="is no bundle; it is not overwritten"):
        write(tmp_path / "thesis")
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "years of work"


def test_bundle_interrupted_writing_leaves_nothing(tmp_path: Path) -> None:
    calibration = uncalibrated(build_typology().ids)
    with (
        pytest.raises(KeyboardInterrupt),
        write_bundle(
            tmp_path / "bundle", manifest=build_manifest(), typology=build_typology(), calibration=calibration
        ) as folder,
    ):
        (folder / "model.json").write_text("{}")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_bundle_holds_no_pickle(tmp_path: Path) -> None:
    calibration = uncalibrated(build_typology().ids)
    with (
        pytest.raises(BundleError, match=r"no \.pkl files"),
        write_bundle(
            tmp_path / "bundle", manifest=build_manifest(), typology=build_typology(), calibration=calibration
        ) as folder,
    ):
        (folder / "model.pkl").write_bytes(b"\x80")


def edit_manifest(path: Path, edit: Callable[[dict[str, object]], object]) -> None:
    manifest = json.loads((path / "manifest.json").read_text())
    edit(manifest)
    (path / "manifest.json").write_text(json.dumps(manifest))


def truncate(path: Path) -> None:
    weights = path / "runtime" / "weights.json"
    weights.write_bytes(weights.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (truncate, "has 1 bytes, the manifest says 2"),
        (lambda path: (path / "runtime/weights.json").write_text("[]"), "was altered"),
        (lambda path: (path / "runtime/weights.json").unlink(), "is missing"),
        (lambda path: (path / "manifest.json").unlink(), "cannot be read"),
        (lambda path: (path / "manifest.json").write_text("{"), "is not JSON"),
        (lambda path: (path / "manifest.json").write_text("[]"), "no `format_version`"),
        (lambda path: edit_manifest(path, lambda m: m.update(format_version=FORMAT_VERSION + 1)), "pip install -U"),
        (lambda path: edit_manifest(path, lambda m: m.update(kind="oracle")), "'oracle' is neither"),
        (lambda path: edit_manifest(path, lambda m: m.pop("encoder")), "does not fit format 1"),
        (lambda path: edit_manifest(path, lambda m: m.update(surprise=1)), "does not fit format 1"),
        (lambda path: edit_manifest(path, lambda m: m["files"].pop("typology.yaml")), "does not list typology.yaml"),  # type: ignore[attr-defined]
        (
            lambda path: edit_manifest(path, lambda m: m["files"].update({"../x.json": {"size": 1, "sha256": ""}})),  # type: ignore[attr-defined]
            "no file that a bundle may hold",
        ),
        (
            lambda path: edit_manifest(path, lambda m: m["files"].update({"a.pkl": {"size": 1, "sha256": ""}})),  # type: ignore[attr-defined]
            "no file that a bundle may hold",
        ),
    ],
)
def test_bundle_damage_is_one_clear_error(tmp_path: Path, damage: Callable[[Path], object], expected: str) -> None:
    write(tmp_path / "bundle")
    damage(tmp_path / "bundle")
    with pytest.raises(BundleError, match=expected):
        read_bundle(tmp_path / "bundle")


def test_bundle_refuses_calibration_of_other_labels(tmp_path: Path) -> None:
    typology = build_typology("mine", "arms")
    calibration = uncalibrated(("arms", "mine"))
    with write_bundle(tmp_path / "b", manifest=build_manifest(), typology=typology, calibration=calibration):
        pass
    with pytest.raises(BundleError, match="are not the typology's"):
        read_bundle(tmp_path / "b")


def test_bundle_file_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"")
    with pytest.raises(BundleError, match="A model is a folder"):
        read_bundle(tmp_path / "model.bin")
