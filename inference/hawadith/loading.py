"""The one place where a bundle's kind becomes a model: a new kind joins here, and nothing else changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from hawadith.bundle import Bundle
from hawadith.encoder.precision import read_precision
from hawadith.errors import BundleError
from hawadith.model import ArticleModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """What computes a model's scores.

    Attributes:
        library: Its name and version: another version may round otherwise.
        precision: The number format that it computes in.
    """

    library: str
    precision: str


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


def describe_runtime(bundle: Bundle) -> Runtime:
    """Say what will compute a bundle's scores, without loading it.

    Args:
        bundle: A verified bundle.

    Returns:
        The library and the precision.
    """
    if bundle.manifest.kind == "linear":
        return Runtime(library=f"numpy {version('numpy')}", precision="fp32")
    return Runtime(library=f"openvino {version('openvino')}", precision=read_precision(bundle))


def _require(bundle: Bundle, *, files: Sequence[str]) -> None:
    missing = [name for name in files if name not in bundle.manifest.files]
    if missing:
        raise BundleError(f"{bundle.path}: the manifest does not list {', '.join(missing)}. Export the bundle again.")
