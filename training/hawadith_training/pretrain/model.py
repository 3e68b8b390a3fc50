"""The encoder before its first step: from random weights, or from an encoder that was pre-trained before."""

from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertForMaskedLM

from hawadith_training.encoder.errors import EncoderError
from hawadith_training.encoder.load import read_config
from hawadith_training.encoder.weights import read_weights
from hawadith_training.pretrain.config import ModelConfig, PretrainConfig

_FINETUNING_DROPOUT = 0.1
"""What an encoder's configuration promises to fine-tuning; a few thousand articles need it, a stream of fresh ones does not."""


def build_encoder(config: PretrainConfig, *, tokenizer: Path) -> BertForMaskedLM:
    """Build the model that a run starts from.

    Args:
        config: Names a shape, or an encoder to go on from; its seed decides random weights.
        tokenizer: The model's `tokenizer.json`.

    Returns:
        The model, in fp32, on the CPU.

    Raises:
        EncoderError: If the encoder to go on from is damaged, of another kind, or without the head that predicts words.
    """
    torch.manual_seed(config.seed)
    if config.start is None:
        return BertForMaskedLM(_configure(config.model, tokenizer=tokenizer))
    folder = Path(config.start)
    shape = read_config(folder)
    set_dropout(shape, dropout=config.model.dropout)
    model = BertForMaskedLM(shape)
    load_weights(model, read_weights(folder), source=folder)
    return model


def load_weights(model: nn.Module, weights: dict[str, torch.Tensor], *, source: Path) -> None:
    """Put weights into a model: all that it has, and nothing else.

    Args:
        model: Takes them.
        weights: By name; the projection that is tied to the embeddings may be left out.
        source: What to call their origin in a message.

    Raises:
        EncoderError: If a weight is missing, unknown, or of another shape.
    """
    own = dict(model.named_parameters())
    tied = set(model.state_dict()) - set(own)
    faults = sorted(set(own) - set(weights)) + sorted(set(weights) - set(own) - tied)
    faults += sorted(name for name in set(own) & set(weights) if own[name].shape != weights[name].shape)
    if faults:
        raise EncoderError(
            f"{source}: {len(faults)} weights are missing, unknown or of another shape: {', '.join(faults[:8])}. "
            "Go on from a folder that `hawadith pretrain` has written."
        )
    with torch.no_grad():
        for name, parameter in own.items():
            parameter.copy_(weights[name])


def set_dropout(config: BertConfig, *, dropout: float = _FINETUNING_DROPOUT) -> None:
    """Set every dropout of a configuration; to what fine-tuning wants when not given."""
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout


def _configure(shape: ModelConfig, *, tokenizer: Path) -> BertConfig:
    vocabulary = Tokenizer.from_file(str(tokenizer))
    return BertConfig(
        vocab_size=vocabulary.get_vocab_size(with_added_tokens=True),
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.intermediate or 4 * shape.hidden,
        max_position_embeddings=shape.positions,
        hidden_dropout_prob=shape.dropout,
        attention_probs_dropout_prob=shape.dropout,
        pad_token_id=vocabulary.token_to_id("[PAD]"),
        # BERT's 0.02 belongs to a width of 768; narrower layers need larger weights for activations of the same size.
        initializer_range=0.02 * (768 / shape.hidden) ** 0.5,
    )
