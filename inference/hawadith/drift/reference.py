"""The figures that a bundle was measured with, `reference.json`: what later streams are compared to."""

from collections.abc import Mapping
from dataclasses import asdict

from hawadith.bundle import Bundle, read_json
from hawadith.drift.figures import StreamFigures
from hawadith.errors import BundleError

REFERENCE = "reference.json"


def describe_figures(figures: StreamFigures) -> dict[str, object]:
    """Figures as JSON-ready values; `parse_figures` reads them back."""
    return asdict(figures)


def parse_figures(raw: object, *, source: object) -> StreamFigures:
    """Build figures from JSON values.

    Args:
        raw: What `describe_figures` gave.
        source: Where they stand, for the message.

    Returns:
        The figures.

    Raises:
        BundleError: If the values are not of that form.
    """
    try:
        figures = StreamFigures(**raw) if isinstance(raw, Mapping) else None
    except TypeError as error:
        raise BundleError(f"{source} holds no figures of a stream: {error}. Export the bundle again.") from error
    if figures is None or not isinstance(figures.articles, int) or not isinstance(figures.labels, Mapping):
        raise BundleError(f"{source} holds no figures of a stream. Export the bundle again.")
    return figures


def read_reference(bundle: Bundle) -> StreamFigures | None:
    """Read a bundle's reference figures.

    Args:
        bundle: A verified bundle.

    Returns:
        The figures, or None where the bundle has none.

    Raises:
        BundleError: If they cannot be read.
    """
    if REFERENCE not in bundle.manifest.files:
        return None
    path = bundle.path / REFERENCE
    return parse_figures(read_json(path), source=path)
