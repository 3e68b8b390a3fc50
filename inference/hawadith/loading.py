"""The one place where a bundle's kind becomes a model: a new kind joins here, and nothing else changes."""

from collections.abc import Sequence

from hawadith.bundle import Bundle
from hawadith.errors import BundleError
from hawadith.model import ArticleModel


def load_model(bundle: Bundle) -> ArticleModel:
    """Load the model that a bundle holds.

    Args:
        bundle: A verified bundle.

    Returns:
        The model, ready to score.

    Raises:
        BundleError: If the bundle lacks a file of its kind, or its files do not fit its manifest.
    """
    # Imported late: a linear bundle must not pay for OpenVINO's start-up.
    if bundle.manifest.kind == "linear":
        from hawadith.linear.model import SETTINGS, WEIGHTS, LinearModel

        _require(bundle, files=(SETTINGS, WEIGHTS))
        return LinearModel.load(bundle)
    from hawadith.encoder.model import EncoderModel

    return EncoderModel.load(bundle)


def _require(bundle: Bundle, *, files: Sequence[str]) -> None:
    missing = [name for name in files if name not in bundle.manifest.files]
    if missing:
        raise BundleError(f"{bundle.path}: the manifest does not list {', '.join(missing)}. Export the bundle again.")
