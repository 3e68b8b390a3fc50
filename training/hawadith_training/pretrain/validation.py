"""The loss on articles that the run does not learn from."""

import logging
from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from hawadith.errors import DataError
from hawadith_training.pretrain.batches import validation_task
from hawadith_training.pretrain.device import Device
from hawadith_training.pretrain.masking import CorruptedBlocks
from hawadith_training.pretrain.objective import Objective, to_tensors
from hawadith_training.pretrain.schedule import Plan

_LOGGER = logging.getLogger("hawadith")


class Validator:
    """The same questions each time, for each length of blocks that the run has.

    Args:
        tasks: By length of their blocks.
        device: Where to compute.
        at_once: Tokens that go through the model at once.
    """

    def __init__(self, tasks: dict[int, CorruptedBlocks], *, device: Device, at_once: int) -> None:
        self._tasks = tasks
        self._device = device
        self._at_once = at_once

    def measure(self, module: nn.Module, *, length: int) -> float:
        """Measure the loss.

        Args:
            module: Left in training mode.
            length: Tokens of a block.

        Returns:
            Nats per predicted piece.
        """
        task = self._tasks[length]
        first, last = self._device.share(len(task.inputs))
        step = max(1, self._at_once // length)
        total = torch.zeros((), dtype=torch.float64, device=self._device.device)
        module.train(mode=False)
        with torch.no_grad(), self._device.autocast():
            for start in range(first, last, step):
                part = task.select(start, min(start + step, last))
                total += module(**to_tensors(part, device=self._device.device))
        module.train()
        return self._device.total(total) / max(1, len(task.targets))


def build_validator(
    shards: Sequence[NDArray[np.uint16]],
    *,
    plan: Plan,
    objective: Objective,
    tokens: int,
    specials: tuple[int, int],
    seed: int,
    device: Device,
    at_once: int,
) -> Validator | None:
    """Choose what is measured.

    Args:
        shards: Tokens held out, of each shard.
        plan: Says which lengths there are.
        objective: Makes tasks of blocks.
        tokens: Tokens of a measurement, at most.
        specials: Ids of `[CLS]` and `[SEP]`.
        seed: Of the run.
        device: Where to compute.
        at_once: Tokens that go through the model at once.

    Returns:
        The validator; None, with a warning, where too little is held out for a single block.
    """
    build = partial(validation_task, shards, objective=objective, tokens=tokens, specials=specials, seed=seed)
    try:
        tasks = {phase.length: build(length=phase.length) for phase in plan.phases}
    except DataError:
        _LOGGER.warning("Too little is held out for a validation loss; lower corpus.held_out_every.")
        return None
    return Validator(tasks, device=device, at_once=at_once)
