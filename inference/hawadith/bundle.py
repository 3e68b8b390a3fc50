"""The bundle: a folder that holds everything a model needs to score, and proves that it is whole.

Written to a temporary sibling, then renamed, so that a half-written bundle never carries the final name. Read in the order parse →
version → safe names → no other files → sizes and hashes → typology and calibration agree. No pickle anywhere: weights are safetensors or
OpenVINO IR, the rest JSON and YAML.
How to bump `FORMAT_VERSION`: CONTRIBUTING.md.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, TypeGuard, cast, get_args

from hawadith.bundle_files import MANIFEST, FileEntry, measure_files, verify_files
from hawadith.calibration import Calibration, parse_calibration
from hawadith.errors import BundleError, TypologyError
from hawadith.text.article import TextProfile
from hawadith.typology import Typology, dump_typology, load_typology
from hawadith.windows import Windowing
from hawadith.writers.atomic import apply_umask

FORMAT_VERSION = 1
TYPOLOGY = "typology.yaml"
CALIBRATION = "calibration.json"

Kind = Literal["linear", "transformer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a bundle says of itself.

    Attributes:
        kind: Which model reads the weights.
        encoder: The encoder's origin: hub id or folder name, `none` for a linear model.
        revision: The encoder's hub revision where known.
        profile: The text profile that the model was trained on.
        windowing: How articles are cut into windows.
        data_fingerprint: SHA-256 of the training articles' ids, texts and labels.
        code_version: The version of hawadith that wrote the bundle.
        settings: Further choices of the model kind, for the reader of a card; never needed to score.
        files: Every other file of the bundle by its path relative to it.
        format_version: Version of this layout.
    """

    kind: Kind
    encoder: str
    revision: str | None
    profile: TextProfile
    windowing: Windowing
    data_fingerprint: str
    code_version: str
    settings: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, FileEntry] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A verified bundle on disk.

    Attributes:
        path: The folder.
        manifest: What it says of itself.
        typology: Its incident types, in output order.
        calibration: Its calibration, in the same order.
    """

    path: Path
    manifest: Manifest
    typology: Typology
    calibration: Calibration

    @property
    def identity(self) -> str:
        """SHA-256 over the hashes of all files and how they are read: two bundles with the same identity score alike."""
        manifest = self.manifest
        reading = {
            "format_version": manifest.format_version,
            "kind": manifest.kind,
            "profile": asdict(manifest.profile),
            "windowing": asdict(manifest.windowing),
        }
        listing = "".join(f"{name}\0{entry.sha256}\n" for name, entry in sorted(manifest.files.items()))
        return hashlib.sha256(f"{json.dumps(reading, sort_keys=True)}\n{listing}".encode()).hexdigest()

    @property
    def model_id(self) -> str:
        """Names the exact model in output rows: its kind and the start of its identity."""
        return f"{self.manifest.kind}-{self.identity[:12]}"


def read_bundle(path: Path) -> Bundle:
    """Read and verify a bundle.

    Args:
        path: The bundle's folder.

    Returns:
        The bundle; its folder holds the files that the manifest lists, with these sizes and hashes, and no others.

    Raises:
        BundleError: If the folder is no bundle, of a newer format, incomplete, altered or inconsistent.
    """
    manifest = _read_manifest(path)
    try:
        verify_files(path, listed=manifest.files)
    except OSError as error:
        raise BundleError(
            f"{path}: {error.filename} cannot be read: {error.strerror}. Make the bundle readable, or copy it again."
        ) from error
    missing = {TYPOLOGY, CALIBRATION} - set(manifest.files)
    if missing:
        raise BundleError(f"{path}: the manifest does not list {', '.join(sorted(missing))}. Export the bundle again.")
    try:
        typology = load_typology(path / TYPOLOGY)
    except TypologyError as error:
        raise BundleError(f"{path}: {error}") from error
    calibration = parse_calibration(read_json(path / CALIBRATION))
    calibrated = tuple(label.label for label in calibration.labels)
    if calibrated != typology.ids:
        raise BundleError(
            f"{path}: calibrated labels {calibrated} are not the typology's {typology.ids}. Export the bundle again."
        )
    return Bundle(path=path, manifest=manifest, typology=typology, calibration=calibration)


def check_output(path: Path) -> None:
    """Check that a bundle can be written, before the hours that a training takes.

    Args:
        path: The bundle's final folder.

    Raises:
        BundleError: If the path has no name of its own, is a link, or lies where no folder can be made; if something stands there that is
            neither an empty folder nor a bundle, and replacing it would lose it.
    """
    if path.name in ("", ".."):
        raise BundleError(f"{path} has no name that a bundle could take. Name a folder with --output.")
    if path.is_symlink():
        raise BundleError(f"{path} is a link; it is not overwritten. Name the folder itself with --output.")
    if path.exists() and not (path.is_dir() and (_holds_bundle(path) or not any(path.iterdir()))):
        raise BundleError(f"{path} exists and is no bundle; it is not overwritten. Choose another --output.")
    place = next(parent for parent in path.absolute().parents if parent.exists())
    if not (place.is_dir() and os.access(place, os.W_OK | os.X_OK)):
        raise BundleError(f"{path} cannot be written: {place} is no folder that takes files. Choose another --output.")


@contextmanager
def write_bundle(path: Path, *, manifest: Manifest, typology: Typology, calibration: Calibration) -> Iterator[Path]:
    """Write a bundle whole or not at all.

    Yields a temporary folder for the model's own files. On leaving, typology, calibration and manifest are added (with sizes and hashes)
    and the folder takes its final name; a bundle that stood there is replaced. On an exception nothing remains.

    Args:
        path: The bundle's final folder.
        manifest: Everything but `files`, which is computed.
        typology: Frozen into the bundle.
        calibration: Frozen into the bundle.

    Yields:
        The temporary folder.

    Raises:
        BundleError: If the output is refused by `check_output`, at once on entering, or a file is none that bundles hold.
    """
    check_output(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent))
    try:
        yield folder
        (folder / TYPOLOGY).write_text(dump_typology(typology), encoding="utf-8")
        write_json(folder / CALIBRATION, calibration.to_mapping())
        _write_manifest(folder, manifest)
        _take_name(folder, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def read_json(path: Path) -> object:
    """Read a JSON file of a bundle.

    Args:
        path: The file.

    Returns:
        Its value.

    Raises:
        BundleError: If it is missing or not JSON.
    """
    try:
        return cast(object, json.loads(path.read_bytes()))
    except OSError as error:
        raise BundleError(
            f"{path} cannot be read: {error.strerror}. A model is a folder with a {MANIFEST}, as `hawadith train` writes it."
        ) from error
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{path} is not JSON: {error}") from error


def write_json(path: Path, value: object) -> None:
    """Write a JSON file of a bundle, readable and with a stable order."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _holds_bundle(folder: Path) -> bool:
    """Whether the manifest is one of ours; other tools, and the shards of `hawadith score`, use its name, too."""
    try:
        raw = read_json(folder / MANIFEST)
    except BundleError:
        return False
    return isinstance(raw, dict) and _is_version(raw.get("format_version")) and raw.get("kind") in get_args(Kind)


def _is_version(value: object) -> TypeGuard[int]:
    """Whether the value is a whole number from 1; JSON's `true` is an `int` to Python."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _read_manifest(path: Path) -> Manifest:
    raw = read_json(path / MANIFEST)
    if not isinstance(raw, dict) or not _is_version(raw.get("format_version")):
        raise BundleError(f"{path / MANIFEST} has no `format_version` from 1; it is no manifest of hawadith.")
    if raw["format_version"] > FORMAT_VERSION:
        found = f"{path} is a bundle of format {raw['format_version']}; this hawadith reads up to {FORMAT_VERSION}."
        raise BundleError(f"{found} Upgrade: pip install -U hawadith")
    try:
        values = {
            **raw,
            "profile": TextProfile(**raw["profile"]),
            "windowing": Windowing(**raw["windowing"]),
            "files": {name: FileEntry(**entry) for name, entry in raw["files"].items()},
        }
        manifest = Manifest(**values)
    except (TypeError, KeyError, AttributeError) as error:
        raise BundleError(
            f"{path / MANIFEST} does not fit format {raw['format_version']}: {error}. Export the bundle again."
        ) from error
    if manifest.kind not in get_args(Kind):
        raise BundleError(f"{path}: kind {manifest.kind!r} is neither linear nor transformer.")
    return manifest


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    files = {name: asdict(entry) for name, entry in measure_files(folder).items()}
    write_json(folder / MANIFEST, {**asdict(manifest), "files": files})


def _take_name(folder: Path, path: Path) -> None:
    """Rename `folder` to `path`, moving an older bundle aside for the moment between the two renames."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as handle:
                os.fsync(handle.fileno())
        # safetensors and mkdtemp give the owner alone a right to read; a bundle is there to be shared.
        apply_umask(file)
    apply_umask(folder)
    if path.exists():
        aside = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".old", dir=path.parent))
        path.rename(aside / path.name)
        folder.rename(path)
        shutil.rmtree(aside)
    else:
        folder.rename(path)
