"""Reads the weights of published encoders, whatever their age, without running anything that they bring along.

Published BERT checkpoints differ in file format, key prefix and heads. Every key is accounted for here: what is not the
encoder is dropped by name, and what is left must fit exactly, because a key skipped without a word is a random layer.
"""

import pickle
import re
from collections.abc import Mapping
from pathlib import Path

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from hawadith_training.encoder.errors import EncoderError

SAFE_WEIGHTS = "model.safetensors"
PICKLED_WEIGHTS = "pytorch_model.bin"

# Heads of pre-training (`cls`: masked words and next sentence) and of other tasks; ours starts fresh.
_HEADS = re.compile(r"(cls|classifier|qa_outputs)\.")
# Index buffers that older transformers versions saved; they hold no learned value.
_BUFFERS = re.compile(r"(bert\.)?embeddings\.(position_ids|token_type_ids)")
# TensorFlow's names in the oldest checkpoints.
_OLD_NAMES = (
    (re.compile(r"LayerNorm\.gamma$"), "LayerNorm.weight"),
    (re.compile(r"LayerNorm\.beta$"), "LayerNorm.bias"),
)


def read_weights(folder: Path) -> dict[str, Tensor]:
    """Read a checkpoint's weights.

    Args:
        folder: Holds `model.safetensors`, or else `pytorch_model.bin`, which is read as plain tensors only.

    Returns:
        Tensors by the names that the checkpoint gives them.

    Raises:
        EncoderError: If there are none, or the file is damaged or holds more than tensors.
    """
    if (folder / SAFE_WEIGHTS).is_file():
        try:
            return dict(safetensors.torch.load_file(folder / SAFE_WEIGHTS))
        except (SafetensorError, OSError) as error:
            raise EncoderError(f"{folder / SAFE_WEIGHTS} cannot be read: {error}. Copy the file again.") from error
    if (folder / PICKLED_WEIGHTS).is_file():
        return _read_pickled(folder / PICKLED_WEIGHTS)
    raise EncoderError(
        f"{folder} has neither {SAFE_WEIGHTS} nor {PICKLED_WEIGHTS}. Copy the encoder's weights there (in one file; shards are "
        "not read)."
    )


def _read_pickled(file: Path) -> dict[str, Tensor]:
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise EncoderError(
            f"{file} holds more than tensors, or is damaged, and was not run: {str(error).splitlines()[0]} Take the weights from "
            f"their publisher as {SAFE_WEIGHTS}."
        ) from error
    except (RuntimeError, EOFError, OSError) as error:
        raise EncoderError(f"{file} cannot be read: {error}. Copy the file again.") from error
    if not isinstance(state, dict) or not all(isinstance(value, Tensor) for value in state.values()):
        raise EncoderError(f"{file} is no checkpoint: expected tensors by name, got {type(state).__name__}.")
    return state


def name_encoder_weights(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Keep the encoder of a BERT checkpoint, under the names that a classifier gives it.

    Args:
        weights: A checkpoint of a bare BERT, or of one with heads.

    Returns:
        Tensors named `bert.*`; heads and index buffers are left out.
    """
    bare = not any(key.startswith("bert.") for key in weights)
    named: dict[str, Tensor] = {}
    for key, tensor in weights.items():
        if _HEADS.match(key) or _BUFFERS.fullmatch(key):
            continue
        for pattern, name in _OLD_NAMES:
            key = pattern.sub(name, key)
        named[f"bert.{key}" if bare else key] = tensor
    return named
