"""Which weights learn, and how fast.

Lower layers of a pre-trained encoder hold what transfers best; letting them learn slower, or not at all, is a published
way to fine-tune on few articles (Howard and Ruder 2018; Zhang et al. 2021, "Revisiting Few-sample BERT Fine-tuning").
"""

import re

import torch
from torch import nn
from transformers import BertForSequenceClassification

from hawadith.errors import ConfigError
from hawadith_training.encoder.config import FinetuneConfig

_LAYER = re.compile(r"\bbert\.encoder\.layer\.(\d+)\.")


def freeze_weights(classifier: BertForSequenceClassification, *, config: FinetuneConfig) -> None:
    """Take the configured weights out of training.

    Args:
        classifier: Its parameters are marked.
        config: Says which.

    Raises:
        ConfigError: If more layers shall rest than there are.
    """
    layers = classifier.config.num_hidden_layers
    if config.frozen_layers > layers:
        raise ConfigError(f"finetune.frozen_layers is {config.frozen_layers}; the encoder has {layers} layers.")
    for name, parameter in classifier.named_parameters():
        depth = layer_of(name, layers=layers)
        frozen = config.frozen_embeddings if depth == 0 else depth <= config.frozen_layers
        parameter.requires_grad_(not frozen)


def build_optimiser(
    model: nn.Module, *, layers: int, learning_rate: float, layer_decay: float, weight_decay: float
) -> torch.optim.AdamW:
    """AdamW with one group per layer and kind of weight.

    Args:
        model: Holds the parameters; frozen ones are left out.
        layers: Layers of its encoder.
        learning_rate: Of the head and the top layer.
        layer_decay: Factor from each layer to the one below it.
        weight_decay: For matrices; biases and norms have none.

    Returns:
        The optimiser; its groups are in the order of the parameters, so that a checkpoint finds them again.
    """
    groups: dict[tuple[int, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            groups.setdefault((layer_of(name, layers=layers), parameter.ndim > 1), []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": parameters,
                "lr": learning_rate * layer_decay ** max(layers - depth, 0),
                "weight_decay": weight_decay if is_matrix else 0.0,
            }
            for (depth, is_matrix), parameters in groups.items()
        ],
        lr=learning_rate,
    )


def layer_of(name: str, *, layers: int) -> int:
    """Depth of a parameter: 0 for embeddings, 1 to `layers` for the encoder's layers, `layers + 1` for pooler and head."""
    match = _LAYER.search(name)
    if match:
        return int(match.group(1)) + 1
    return 0 if "bert.embeddings." in name else layers + 1
