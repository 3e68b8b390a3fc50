"""The task of each step, made while the model works on the one before."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from hawadith_training.pretrain.blocks import BlockSampler
from hawadith_training.pretrain.masking import CorruptedBlocks
from hawadith_training.pretrain.objective import Objective
from hawadith_training.pretrain.schedule import Plan

# Streams of chance that must not meet: a seed opens each with its own number.
_ORDER, _CORRUPTION, _VALIDATION = range(3)


class TaskSource:
    """Tasks by step: the same for the same seed, wherever and how often a run was stopped.

    Args:
        plan: The steps.
        shards: Tokens to learn from, of each shard.
        objective: Makes tasks of blocks.
        specials: Ids of `[CLS]` and `[SEP]`.
        seed: Of the run.

    Raises:
        DataError: If there are too few tokens for a block.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        shards: Sequence[NDArray[np.uint16]],
        objective: Objective,
        specials: tuple[int, int],
        seed: int,
    ) -> None:
        self._plan = plan
        self._objective = objective
        self._seed = seed
        self._samplers = [
            BlockSampler(
                shards,
                length=phase.length,
                cls_id=specials[0],
                sep_id=specials[1],
                seed=(seed, _ORDER, phase.number),
            )
            for phase in plan.phases
        ]

    def task(self, step: int) -> CorruptedBlocks:
        """The task of a step, over all processes."""
        phase = self._plan.phase_at(step)
        first = (step - phase.first_step) * phase.n_blocks
        blocks = self._samplers[phase.number].read(first, size=phase.n_blocks)
        generator = np.random.default_rng((self._seed, _CORRUPTION, step))
        return self._objective.corrupt(blocks, generator=generator)

    def stream(self, first: int, last: int) -> Iterator[CorruptedBlocks]:
        """The tasks of the steps from `first` to before `last`, each made one step ahead."""
        with ThreadPoolExecutor(max_workers=1) as executor:
            ahead = executor.submit(self.task, first)
            for step in range(first, last):
                task = ahead.result()
                ahead = executor.submit(self.task, min(step + 1, last - 1))
                yield task


def validation_task(
    shards: Sequence[NDArray[np.uint16]],
    *,
    objective: Objective,
    length: int,
    tokens: int,
    specials: tuple[int, int],
    seed: int,
) -> CorruptedBlocks:
    """The same task in every validation, so that its losses can be compared.

    Args:
        shards: Tokens held out, of each shard.
        objective: Makes a task of blocks.
        length: Tokens of a block.
        tokens: Tokens to read, at most.
        specials: Ids of `[CLS]` and `[SEP]`.
        seed: Of the run.

    Returns:
        The task.

    Raises:
        DataError: If there are too few tokens for a block.
    """
    sampler = BlockSampler(
        shards, length=length, cls_id=specials[0], sep_id=specials[1], seed=(seed, _VALIDATION, length)
    )
    blocks = sampler.read_evenly(max(1, tokens // length))
    return objective.corrupt(blocks, generator=np.random.default_rng((seed, _VALIDATION, length)))
