"""Which files a bundle may hold, and the proof that it holds exactly these.

A hash proves only what is listed. So the listing is held against the folder in both directions, and a link, which would let somebody
else's file stand in for a listed one, is no file of a bundle.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hawadith.errors import BundleError

MANIFEST = "manifest.json"

_SAFE_SUFFIXES = {".json", ".jsonl", ".yaml", ".md", ".txt", ".safetensors", ".xml", ".bin"}
# Elsewhere a `.bin` is most often a pickle of torch; here it is OpenVINO's raw weights, which only their `.xml` makes readable.
_RUNTIME = PurePosixPath("runtime")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """Size in bytes and SHA-256 (hex) of one file of a bundle."""

    size: int
    sha256: str


def measure_files(folder: Path) -> dict[str, FileEntry]:
    """Measure every file of a bundle but its manifest.

    Args:
        folder: The bundle's folder.

    Returns:
        The entries by path relative to the folder, in order of path.

    Raises:
        BundleError: If the folder holds a link, or a file that bundles do not hold.
    """
    names = _list_files(folder)
    for name in names:
        _check_name(name, names=names, folder=folder)
    return {name: FileEntry(size=(folder / name).stat().st_size, sha256=_sha256(folder / name)) for name in names}


def verify_files(folder: Path, *, listed: Mapping[str, FileEntry]) -> None:
    """Prove that a folder holds exactly the listed files and its manifest.

    Args:
        folder: The bundle's folder.
        listed: The manifest's entries by path relative to the folder.

    Raises:
        BundleError: If a listed file is none that bundles hold, or is missing or altered; if the folder holds a link or another file.
    """
    for name in listed:
        _check_name(name, names=listed, folder=folder)
    found = _list_files(folder)
    unlisted = [name for name in found if name not in listed]
    if unlisted:
        raise BundleError(
            f"{folder}: the manifest does not list {', '.join(unlisted)}. Remove what is no part of the bundle, or copy or export it again."
        )
    for name, entry in listed.items():
        if name not in found:
            raise BundleError(f"{folder}: {name} is missing. Copy or export the bundle again.")
        _verify_file(folder, name, entry)


def _list_files(folder: Path) -> list[str]:
    names = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise BundleError(f"{folder}: {name} is a link. Copy the bundle with the files themselves: cp -rL")
        if path.is_dir() or name == MANIFEST:
            continue
        if not path.is_file():
            raise BundleError(f"{folder}: {name} is no ordinary file. Copy or export the bundle again.")
        names.append(name)
    return names


def _check_name(name: str, *, names: Collection[str], folder: Path) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name:
        raise BundleError(f"{folder}: {name!r} is no file that a bundle may hold: it would lie outside the folder.")
    if path.suffix not in _SAFE_SUFFIXES:
        raise BundleError(
            f"{folder}: {name!r} is no file that a bundle may hold: there are no {path.suffix or 'suffix-less'} files in it."
        )
    if path.suffix == ".bin" and (path.parent != _RUNTIME or str(path.with_suffix(".xml")) not in names):
        raise BundleError(
            f"{folder}: {name!r} is no file that a bundle may hold: a .bin stands beside its .xml in {_RUNTIME}/ only."
        )


def _verify_file(folder: Path, name: str, entry: FileEntry) -> None:
    size = (folder / name).stat().st_size
    if size != entry.size:
        raise BundleError(
            f"{folder}: {name} has {size} bytes, the manifest says {entry.size}: a torn copy? Copy the bundle again."
        )
    if _sha256(folder / name) != entry.sha256:
        raise BundleError(
            f"{folder}: {name} was altered: its SHA-256 is not the manifest's. Copy or export the bundle again."
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
