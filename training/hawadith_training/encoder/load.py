"""From a published encoder's folder to a classifier with a fresh head, or one clear error.

Nothing of an encoder's folder is ever run: no `auto_map`, no `trust_remote_code`, an allow-list of model types, weights
as plain tensors. Every weight of the encoder must come from the folder.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from huggingface_hub.errors import StrictDataclassError
from torch import Tensor
from transformers import BertConfig, BertForSequenceClassification

from hawadith_training.encoder.errors import EncoderError
from hawadith_training.encoder.weights import name_encoder_weights, read_weights

MODEL_TYPES = ("bert",)
"""Model types that this code trains, exports and scores; each is covered by tests."""

PROBLEM_TYPE: Literal["multi_label_classification"] = "multi_label_classification"

_LOGGER = logging.getLogger("hawadith")
_HEAD = {"classifier.weight", "classifier.bias"}
_POOLER = {"bert.pooler.dense.weight", "bert.pooler.dense.bias"}


def load_classifier(
    folder: Path, *, labels: Sequence[str], dropout: float | None = None
) -> BertForSequenceClassification:
    """Build a classifier on an encoder; its head starts fresh, from torch's random state.

    Args:
        folder: An encoder in transformers' layout, of any age.
        labels: Label ids, in output order.
        dropout: Of hidden states and head; as published when not given.

    Returns:
        The classifier, in fp32.

    Raises:
        EncoderError: If the encoder is unsafe, damaged, incomplete or of another kind.
    """
    config = label_config(read_config(folder), labels=labels)
    set_dropout(config, dropout=dropout)
    classifier = BertForSequenceClassification(config)
    fill_classifier(classifier, name_encoder_weights(read_weights(folder)), source=folder)
    return classifier


def read_config(folder: Path) -> BertConfig:
    """Read and judge an encoder's `config.json`.

    Args:
        folder: The encoder's folder.

    Returns:
        Its configuration.

    Raises:
        EncoderError: If it is missing, broken, brings code, or is of a type that this code does not train.
    """
    raw = read_mapping(folder / "config.json", required=True)
    if "auto_map" in raw:
        raise EncoderError(
            f"{folder}: config.json has `auto_map`: the encoder brings its own code, which is never run. Choose another."
        )
    if raw.get("model_type") not in MODEL_TYPES:
        raise EncoderError(
            f"{folder}: model_type is {raw.get('model_type')!r}; this code trains {', '.join(MODEL_TYPES)}. Choose an encoder of "
            "that family, such as aubmindlab/bert-base-arabertv02."
        )
    try:
        config: BertConfig = BertConfig.from_dict(raw)
    except (StrictDataclassError, TypeError, ValueError) as error:
        raise EncoderError(f"{folder}: config.json is no BERT configuration: {error}") from error
    return config


def label_config(config: BertConfig, *, labels: Sequence[str]) -> BertConfig:
    """Write the labels into a configuration, so that the checkpoint says itself what its outputs mean."""
    config.id2label = dict(enumerate(labels))
    config.label2id = {label: position for position, label in enumerate(labels)}
    config.problem_type = PROBLEM_TYPE
    config.architectures = ["BertForSequenceClassification"]
    return config


def set_dropout(config: BertConfig, *, dropout: float | None) -> None:
    """Set the dropout of hidden states and head; none given leaves it as published."""
    if dropout is not None:
        config.hidden_dropout_prob = config.classifier_dropout = dropout


def fill_classifier(classifier: BertForSequenceClassification, weights: Mapping[str, Tensor], *, source: Path) -> None:
    """Put encoder weights into a classifier; all of them, and nothing else.

    A checkpoint that was trained on masked words alone has no pooler (the dense layer over the first token): it belongs to the head then,
    and starts as fresh.

    Args:
        classifier: Takes the weights.
        weights: Tensors named `bert.*`, and `classifier.*` where the head is known.
        source: What to call their origin in a message.

    Raises:
        EncoderError: If a weight is missing, unknown, or of another shape.
    """
    own = classifier.state_dict()
    missing = set(own) - set(weights) - _HEAD
    if missing == _POOLER:
        _LOGGER.warning("%s has no pooler; it starts fresh, as the head does.", source)
        missing = set()
    faults = [f"missing {key}" for key in sorted(missing)]
    faults += [f"unknown {key}" for key in sorted(set(weights) - set(own))]
    faults += [
        f"{key} has shape {tuple(weights[key].shape)}, config.json asks for {tuple(own[key].shape)}"
        for key in sorted(set(weights) & set(own))
        if weights[key].shape != own[key].shape
    ]
    if faults:
        shown = "\n".join(f"  - {fault}" for fault in faults[:8])
        raise EncoderError(
            f"{source}: {len(faults)} weights do not fit the configuration:\n{shown}\nCopy config.json and weights of one model."
        )
    classifier.load_state_dict(dict(weights), strict=False)


def read_mapping(file: Path, *, required: bool = False) -> dict[str, object]:
    """Read a JSON object from an encoder's folder.

    Args:
        file: The file.
        required: Whether it must be there.

    Returns:
        Its values; empty where it is not required and missing.

    Raises:
        EncoderError: If it is required and missing, or no JSON object.
    """
    if not file.is_file() and not required:
        return {}
    try:
        raw = json.loads(file.read_bytes())
    except OSError as error:
        raise EncoderError(
            f"{file} cannot be read: {error.strerror}. An encoder's folder holds it; copy it there."
        ) from error
    except ValueError as error:
        raise EncoderError(f"{file} is not JSON: {error}") from error
    if not isinstance(raw, dict):
        raise EncoderError(f"{file} must hold an object, not {type(raw).__name__}.")
    return raw
