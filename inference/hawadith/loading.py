"""The one place where a bundle's kind becomes a model: a new kind joins here, and nothing else changes."""

from hawadith.bundle import Bundle
from hawadith.model import ArticleModel


def load_model(bundle: Bundle) -> ArticleModel:
    """Load the model that a bundle holds.

    Args:
        bundle: A verified bundle.

    Returns:
        The model, ready to score.

    Raises:
        BundleError: If the bundle's files do not fit its manifest.
    """
    # Imported late: a linear bundle must not pay for OpenVINO's start-up.
    if bundle.manifest.kind == "linear":
        from hawadith.linear.model import LinearModel

        return LinearModel.load(bundle)
    from hawadith.encoder.model import EncoderModel

    return EncoderModel.load(bundle)
