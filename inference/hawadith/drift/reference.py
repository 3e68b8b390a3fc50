"""The figures that a bundle was measured with, `reference.json`: what later streams are compared to."""

from collections.abc import Mapping
from dataclasses import asdict

from hawadith.bundle import Bundle, read_json
from hawadith.drift.figures import LENGTH_BINS, SCORE_EDGES, StreamFigures
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
    if figures is None or not _has_form(figures):
        raise BundleError(f"{source} holds no figures of a stream. Export the bundle again.")
    return figures


def _has_form(figures: StreamFigures) -> bool:
    maps: tuple[object, object] = (figures.labels, figures.scores)
    if not all(isinstance(found, Mapping) for found in maps):
        return False
    counts = (figures.articles, figures.tokens, figures.unknown, figures.truncated, figures.foreign)
    bins = [(figures.lengths, LENGTH_BINS), *((scores, len(SCORE_EDGES) + 1) for scores in figures.scores.values())]
    return (
        all(map(_is_count, (*counts, *figures.labels.values())))
        and all(isinstance(found, list) and len(found) == expected for found, expected in bins)
        and all(_is_count(count) for found, _ in bins for count in found)
        and set(figures.labels) == set(figures.scores)
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


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
