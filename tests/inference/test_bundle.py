"""The bundle: written whole or not at all, read only when every byte is what the manifest says."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest
from tests.builders import build_manifest, build_typology

from hawadith.bundle import FORMAT_VERSION, Bundle, check_output, read_bundle, write_bundle
from hawadith.calibration import uncalibrated
from hawadith.errors import BundleError
from hawadith.loading import load_model
from hawadith.text.article import TextProfile
from hawadith.windows import Windowing


@contextmanager
def open_bundle(path: Path, *, kind: str = "linear") -> Iterator[Path]:
    typology = build_typology()
    calibration = uncalibrated(typology.ids)
    with write_bundle(path, manifest=build_manifest(kind=kind), typology=typology, calibration=calibration) as folder:
        yield folder


def write(path: Path, content: str = "{}") -> Bundle:
    with open_bundle(path) as folder:
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


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "transformer"},
        {"format_version": 2},
        {"profile": TextProfile(preclean=0)},
        {"windowing": Windowing(overlap=64)},
    ],
)
def test_bundle_identity_follows_how_the_files_are_read(tmp_path: Path, change: dict[str, object]) -> None:
    bundle = write(tmp_path / "bundle")
    other = replace(bundle, manifest=replace(bundle.manifest, **change))  # type: ignore[arg-type]
    assert other.identity != bundle.identity


@pytest.mark.parametrize("kind", ["linear", "transformer"])
def test_bundle_without_its_weights_loads_no_model(tmp_path: Path, kind: str) -> None:
    with open_bundle(tmp_path / "bundle", kind=kind):
        pass
    with pytest.raises(BundleError, match=r"does not list .*model\.safetensors"):
        load_model(read_bundle(tmp_path / "bundle"))


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


@pytest.mark.parametrize(
    "manifest",
    [
        '{"rows": 3, "shards": []}',
        '{"format_version": 1}',
        '{"format_version": true, "kind": "linear"}',
        '{"format_version": 1, "kind": "extension"}',
        "[]",
        "{",
    ],
)
def test_bundle_does_not_overwrite_a_folder_with_a_manifest_of_others(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "scores").mkdir()
    (tmp_path / "scores" / "manifest.json").write_text(manifest)
    with pytest.raises(BundleError, match="is no bundle; it is not overwritten"), open_bundle(tmp_path / "scores"):
        pytest.fail("the refusal comes too late")
    assert (tmp_path / "scores" / "manifest.json").read_text() == manifest


@pytest.mark.parametrize("path", [".", "/", "..", "runs/.."])
def test_check_output_refuses_a_path_without_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BundleError, match="has no name"):
        check_output(Path(path))


def test_check_output_refuses_a_link(tmp_path: Path) -> None:
    (tmp_path / "latest").symlink_to(write(tmp_path / "bundle").path)
    with pytest.raises(BundleError, match="is a link"):
        check_output(tmp_path / "latest")


def test_check_output_refuses_a_place_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("")
    with pytest.raises(BundleError, match="takes files"):
        check_output(tmp_path / "notes" / "new" / "bundle")


def test_check_output_refuses_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(BundleError, match="takes files"):
        check_output(tmp_path / "bundle")


def test_check_output_accepts_what_is_new_empty_or_a_bundle(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "new" / "bundle", tmp_path / "empty", write(tmp_path / "bundle").path):
        check_output(path)
    assert not (tmp_path / "new").exists()


def test_bundle_interrupted_writing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), open_bundle(tmp_path / "bundle") as folder:
        (folder / "model.json").write_text("{}")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("model.pkl", r"no \.pkl files"),
        ("LICENSE", "no suffix-less files"),
        ("pytorch_model.bin", r"beside its \.xml in runtime/ only"),
        ("runtime/model.bin", r"beside its \.xml in runtime/ only"),
    ],
)
def test_bundle_is_not_written_with_a_file_that_may_be_pickle(tmp_path: Path, name: str, expected: str) -> None:
    with pytest.raises(BundleError, match=expected), open_bundle(tmp_path / "bundle") as folder:
        (folder / "runtime").mkdir()
        (folder / name).write_bytes(b"\x80")
    assert list(tmp_path.iterdir()) == []


def test_bundle_holds_the_weights_beside_their_runtime(tmp_path: Path) -> None:
    with open_bundle(tmp_path / "bundle") as folder:
        (folder / "runtime").mkdir()
        for name in ("runtime/model.xml", "runtime/model.bin"):
            (folder / name).write_bytes(b"weights")
    assert "runtime/model.bin" in read_bundle(tmp_path / "bundle").manifest.files


def test_bundle_is_not_written_with_a_link(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("{}")
    with pytest.raises(BundleError, match=r"settings\.json is a link"), open_bundle(tmp_path / "bundle") as folder:
        (folder / "settings.json").symlink_to(tmp_path / "mine.json")


def test_bundle_takes_the_mode_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with open_bundle(tmp_path / "bundle") as folder:
            (folder / "runtime").mkdir(mode=0o700)
            (folder / "runtime" / "model.json").touch(mode=0o600)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "bundle").rglob("*")}
    assert modes.pop("runtime") == (tmp_path / "bundle").stat().st_mode & 0o777 == 0o750
    assert set(modes.values()) == {0o640}


def edit_manifest(path: Path, edit: Callable[[dict[str, object]], object]) -> None:
    manifest = json.loads((path / "manifest.json").read_text())
    edit(manifest)
    (path / "manifest.json").write_text(json.dumps(manifest))


def move_and_link(path: Path) -> None:
    moved = path.rename(path.parents[1] / f"moved-{path.name}")
    path.symlink_to(moved)


def truncate(path: Path) -> None:
    weights = path / "runtime" / "weights.json"
    weights.write_bytes(weights.read_bytes()[:-1])


def test_bundle_with_a_file_that_cannot_be_read_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "bundle")
    original = Path.open

    def refuse(file: Path, mode: str = "r") -> IO[bytes]:
        if file.name == "weights.json":
            raise PermissionError(13, "Permission denied", str(file))
        return original(file, mode)

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(
        BundleError, match=r"weights\.json cannot be read: Permission denied\. Make the bundle readable"
    ):
        read_bundle(tmp_path / "bundle")


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (truncate, "has 1 bytes, the manifest says 2"),
        (lambda path: (path / "runtime/weights.json").write_text("[]"), "was altered"),
        (lambda path: (path / "runtime/weights.json").unlink(), "is missing"),
        (lambda path: (path / "manifest.json").unlink(), "cannot be read"),
        (lambda path: (path / "manifest.json").write_text("{"), "is not JSON"),
        (lambda path: (path / "manifest.json").write_text("[" * 200_000), "is not JSON"),
        (lambda path: (path / "manifest.json").write_text("[]"), "no `format_version`"),
        (lambda path: edit_manifest(path, lambda m: m.update(format_version=FORMAT_VERSION + 1)), "pip install -U"),
        (lambda path: edit_manifest(path, lambda m: m.update(format_version=True)), "no `format_version`"),
        (lambda path: edit_manifest(path, lambda m: m.update(format_version=0)), "no `format_version`"),
        (lambda path: (path / "runtime/more.json").write_text("{}"), "does not list runtime/more.json"),
        (lambda path: (path / ".hidden").write_text(""), "does not list .hidden"),
        (lambda path: move_and_link(path / "runtime/weights.json"), "runtime/weights.json is a link"),
        (lambda path: move_and_link(path / "runtime"), "runtime is a link"),
        (lambda path: move_and_link(path / "manifest.json"), "manifest.json is a link"),
        (lambda path: os.mkfifo(path / "pipe.json"), "pipe.json is no ordinary file"),
        (lambda path: edit_manifest(path, lambda m: m.update(kind="oracle")), "'oracle' is neither"),
        (lambda path: edit_manifest(path, lambda m: m.pop("encoder")), "does not fit format 1"),
        (lambda path: edit_manifest(path, lambda m: m.update(surprise=1)), "does not fit format 1"),
        (lambda path: edit_manifest(path, lambda m: m["files"].pop("typology.yaml")), "does not list typology.yaml"),  # type: ignore[attr-defined]
        (
            lambda path: edit_manifest(path, lambda m: m["files"].update({"../x.json": {"size": 1, "sha256": ""}})),  # type: ignore[attr-defined]
            "no file that a bundle may hold",
        ),
        (
            lambda path: edit_manifest(path, lambda m: m["files"].update({"..\\x.json": {"size": 1, "sha256": ""}})),  # type: ignore[attr-defined]
            "no file that a bundle may hold",
        ),
        (
            lambda path: edit_manifest(path, lambda m: m["files"].update({"a.pkl": {"size": 1, "sha256": ""}})),  # type: ignore[attr-defined]
            "no file that a bundle may hold",
        ),
        (
            lambda path: edit_manifest(path, lambda m: m["files"].update({"runtime/a.bin": {"size": 1, "sha256": ""}})),  # type: ignore[attr-defined]
            "beside its .xml",
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
