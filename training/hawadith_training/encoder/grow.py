"""A bundle's classifier under a new typology: what it learned stays, new labels start fresh.

Encoder and head rows are kept, matched by label id, through the renames that the new typology records. Before the first
training step the old labels' scores therefore equal the old bundle's.
"""

from transformers import BertForSequenceClassification

from hawadith.bundle import Bundle
from hawadith.errors import BundleError
from hawadith.typology import Typology
from hawadith_training.encoder.load import fill_classifier, label_config, read_config, set_dropout
from hawadith_training.encoder.weights import read_weights
from hawadith_training.labels import match_labels

__all__ = ["grow_classifier", "match_labels"]


def grow_classifier(
    bundle: Bundle, *, typology: Typology, dropout: float | None = None
) -> BertForSequenceClassification:
    """Build the classifier of a new typology on a bundle's weights.

    Args:
        bundle: A verified transformer bundle.
        typology: The labels to be; those that the bundle lacks get fresh head rows, from torch's random state.
        dropout: Of hidden states and head; as the bundle has it when not given.

    Returns:
        The classifier.

    Raises:
        BundleError: If the bundle holds no transformer.
        EncoderError: If its weights do not fit its configuration.
    """
    if bundle.manifest.kind != "transformer":
        raise BundleError(
            f"{bundle.path} holds a {bundle.manifest.kind} model; a transformer grows from a transformer bundle only."
        )
    config = label_config(read_config(bundle.path), labels=typology.ids)
    set_dropout(config, dropout=dropout)
    classifier = BertForSequenceClassification(config)
    weights = read_weights(bundle.path)
    kept = match_labels(bundle.typology, grown=typology)
    for name, fresh in classifier.classifier.state_dict().items():
        rows = fresh.clone()
        for new, old in kept.items():
            rows[new] = weights[f"classifier.{name}"][old]
        weights[f"classifier.{name}"] = rows
    fill_classifier(classifier, weights, source=bundle.path)
    return classifier
