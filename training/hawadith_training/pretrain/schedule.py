"""Steps, phases and the learning rate, each a pure function of the step: nothing here has to be saved."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hawadith_training.pretrain.config import OptimiserConfig, PhaseConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of steps on blocks of one length.

    Attributes:
        number: From 0.
        length: Tokens of a block.
        n_blocks: Blocks of a step, over all processes.
        first_step: Its first step.
        n_steps: Its steps.
    """

    number: int
    length: int
    n_blocks: int
    first_step: int
    n_steps: int

    @property
    def step_tokens(self) -> int:
        """Tokens of a step."""
        return self.length * self.n_blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All steps of a run.

    Attributes:
        phases: In order.
    """

    phases: tuple[Phase, ...]

    @property
    def n_steps(self) -> int:
        """Steps of the run."""
        return sum(phase.n_steps for phase in self.phases)

    @property
    def n_tokens(self) -> int:
        """Tokens of the run, special tokens of blocks included."""
        return self.tokens_before(self.n_steps)

    def phase_at(self, step: int) -> Phase:
        """The phase that a step, from 0, belongs to."""
        return next(phase for phase in reversed(self.phases) if phase.first_step <= step)

    def tokens_before(self, step: int) -> int:
        """Tokens read before a step."""
        return sum(phase.step_tokens * min(max(step - phase.first_step, 0), phase.n_steps) for phase in self.phases)


def plan_steps(phases: Sequence[PhaseConfig], *, batch_tokens: int) -> Plan:
    """Count the steps of phases.

    Args:
        phases: As configured.
        batch_tokens: Tokens of a step; each phase takes as many whole blocks as fit.

    Returns:
        The plan.
    """
    planned: list[Phase] = []
    first = 0
    for number, phase in enumerate(phases):
        n_blocks = batch_tokens // phase.length
        n_steps = math.ceil(phase.tokens / (n_blocks * phase.length))
        planned.append(Phase(number=number, length=phase.length, n_blocks=n_blocks, first_step=first, n_steps=n_steps))
        first += n_steps
    return Plan(phases=tuple(planned))


def learning_rate(step: int, *, n_steps: int, config: OptimiserConfig) -> float:
    """The learning rate of a step.

    Args:
        step: From 0.
        n_steps: Steps of the run.
        config: Peak and shape.

    Returns:
        The rate; above 0 in every step, so that none is wasted.
    """
    done = (step + 0.5) / n_steps
    if done < config.warmup:
        return config.learning_rate * done / config.warmup
    if config.schedule == "trapezoid":
        return config.learning_rate * (min(1.0, (1 - done) / config.decay) if config.decay else 1.0)
    rest = (done - config.warmup) / (1 - config.warmup)
    factor = 1 - rest if config.schedule == "linear" else (1 + math.cos(math.pi * rest)) / 2
    return config.learning_rate * factor
