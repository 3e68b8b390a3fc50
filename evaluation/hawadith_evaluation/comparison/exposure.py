"""Whether a model has seen the articles that it is judged on: the one fault that no interval shows.

A bundle says which files it learned from and which chose its calibration and thresholds. Files are known by name, because a bundle travels
and paths do not: a reader is warned, nothing is refused.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from hawadith.bundle import Manifest

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
    if data.name in _list_names(files.get("train")):
        return "learned"
    return "tuned" if data.name in _list_names(files.get("dev")) else None


def _list_names(paths: object) -> list[str]:
    """The last parts of a path, or of several."""
    listed = paths if isinstance(paths, list | tuple) else [paths]
    return [Path(path).name for path in listed if isinstance(path, str | Path)]
