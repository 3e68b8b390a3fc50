"""What turns gradients into steps: AdamW for all, or Muon for the layers' matrices beside it.

Muon (Jordan et al. 2024) makes the update of a matrix orthogonal, so that rare directions learn as fast as frequent ones; it is meant for
matrices that map activations to activations. Embeddings, norms and biases stay with AdamW (Loshchilov and Hutter 2019). Its updates are
scaled to the root mean square of AdamW's (Liu et al. 2025, "Muon is Scalable for LLM Training"), so that one learning rate serves both.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import nn

from hawadith_training.pretrain.config import OptimiserConfig


class Optimisers:
    """Several optimisers of torch, each with its own parameters, that step as one.

    Args:
        parts: By name, under which a checkpoint keeps the state of each.
    """

    def __init__(self, parts: Mapping[str, torch.optim.Optimizer]) -> None:
        self._parts = parts

    def set_rate(self, rate: float) -> None:
        """Set the learning rate of every parameter."""
        for part in self._parts.values():
            for group in part.param_groups:
                group["lr"] = rate

    def step(self) -> None:
        """Change the parameters by their gradients, and forget the gradients."""
        for part in self._parts.values():
            part.step()
            part.zero_grad(set_to_none=True)

    def state_dict(self) -> dict[str, dict[str, Any]]:
        """The state of each, by name."""
        return {name: part.state_dict() for name, part in self._parts.items()}

    def load_state_dict(self, states: Mapping[str, dict[str, Any]]) -> None:
        """Take up states that `state_dict` gave, of the very same parameters."""
        for name, part in self._parts.items():
            part.load_state_dict(states[name])


def build_optimiser(module: nn.Module, *, config: OptimiserConfig, device: torch.device) -> Optimisers:
    """Build the configured optimiser; weight decay falls on matrices only.

    Args:
        module: Its parameters learn.
        config: Settings; the learning rate is set before each step.
        device: Where the parameters are.

    Returns:
        The optimiser; its groups keep the order of the parameters, so that a checkpoint finds them again.
    """
    chosen = _find_matrices(module) if config.kind == "muon" else []
    taken = {id(value) for value in chosen}
    rest = [value for value in module.parameters() if id(value) not in taken]
    parts: dict[str, torch.optim.Optimizer] = {"adamw": _build_adamw(rest, config=config, device=device)}
    if chosen:
        parts["muon"] = torch.optim.Muon(
            chosen, lr=config.learning_rate, weight_decay=config.weight_decay, adjust_lr_fn="match_rms_adamw"
        )
    return Optimisers(parts)


def _find_matrices(module: nn.Module) -> list[nn.Parameter]:
    """Weights of the linear maps inside; the projection onto the vocabulary is the embedding's, and left out with it."""
    layers = list(module.modules())
    tied = {id(part.weight) for part in layers if isinstance(part, nn.Embedding)}
    maps = {id(part.weight) for part in layers if isinstance(part, nn.Linear)} - tied
    return [value for value in module.parameters() if id(value) in maps]


def _build_adamw(
    parameters: Iterable[nn.Parameter], *, config: OptimiserConfig, device: torch.device
) -> torch.optim.AdamW:
    values = list(parameters)
    groups = [
        {"params": [value for value in values if value.ndim > 1], "weight_decay": config.weight_decay},
        {"params": [value for value in values if value.ndim <= 1], "weight_decay": 0.0},
    ]
    fused = device.type in {"cpu", "cuda"}
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, config.beta2), eps=1e-6, fused=fused)
