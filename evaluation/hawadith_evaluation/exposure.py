"""Whether a model has seen the articles that it is judged on: the one fault that no interval shows.

A bundle says which files it learned from and which chose its calibration and thresholds. Files are known by name, because a bundle travels
and paths do not: a reader is warned, nothing is refused. The folder counts, too, as far as the bundle has it: `articles.jsonl` alone is
everybody's name.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from hawadith.bundle import Manifest

_SAME_PARTS = 2  # folder and file

Exposure = Literal["learned", "tuned"]
"""The articles taught the model, or they chose its calibration and thresholds."""


def find_exposure(manifest: Manifest, *, data: Path) -> Exposure | None:
    """Look for the articles among those that made a bundle.

    Args:
        manifest: The bundle's manifest.
        data: Where the articles lie.

    Returns:
        How the bundle knows them; None where its manifest names no such file, which proves nothing.
    """
    named = manifest.settings.get("data")
    files = named if isinstance(named, Mapping) else {}
    if any(_is_listed(data, files.get(key)) for key in ("train", "auxiliary", "sentences", "same_as")):
        return "learned"
    return "tuned" if _is_listed(data, files.get("dev")) else None


def name_data(data: Path) -> str:
    """The name by which a file is looked for: its own and its folder's, whatever the current directory."""
    return "/".join(data.resolve().parts[-_SAME_PARTS:])


def _is_listed(data: Path, paths: object) -> bool:
    """Whether a path, or one of several, may be the file."""
    listed = paths if isinstance(paths, list | tuple) else [paths]
    return any(_is_same(Path(path), data) for path in listed if isinstance(path, str | Path))


def _is_same(named: Path, data: Path) -> bool:
    """Whether the last parts are alike, as many as the name has; what was written as `../x` says nothing of its folder."""
    parts = tuple(part for part in named.parts if part != "..")[-_SAME_PARTS:]
    return bool(parts) and data.resolve().parts[-len(parts) :] == parts
