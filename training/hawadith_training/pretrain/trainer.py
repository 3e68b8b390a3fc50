"""The training loop: from the newest whole checkpoint to the end, or to the deadline."""

import math
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch.nn.utils import clip_grad_norm_

from hawadith.errors import ConfigError
from hawadith_training.encoder.errors import DivergedError
from hawadith_training.pretrain.batches import TaskSource
from hawadith_training.pretrain.checkpoints import (
    Position,
    load_objective,
    load_optimiser,
    newest_checkpoint,
    read_position,
    remove_drafts,
    save_checkpoint,
)
from hawadith_training.pretrain.config import PretrainConfig
from hawadith_training.pretrain.deadline import Deadline
from hawadith_training.pretrain.device import Device
from hawadith_training.pretrain.journal import Journal
from hawadith_training.pretrain.masking import CorruptedBlocks
from hawadith_training.pretrain.objective import Objective, to_tensors
from hawadith_training.pretrain.optimiser import build_optimiser
from hawadith_training.pretrain.schedule import Plan, learning_rate
from hawadith_training.pretrain.validation import Validator

CHECKPOINTS = "checkpoints"


class Trainer:
    """One run, in this process.

    Args:
        config: A checked configuration.
        plan: Its steps.
        objective: What learns.
        source: The task of each step.
        validator: Measures the loss on articles held out; None where there are none.
        device: Where to compute.
        journal: Where to report.
        deadline: When to stop before the end.

    Attributes:
        position: Where the run stands.

    Raises:
        ConfigError: If a step has fewer blocks than there are processes.
    """

    def __init__(
        self,
        config: PretrainConfig,
        *,
        plan: Plan,
        objective: Objective,
        source: TaskSource,
        validator: Validator | None,
        device: Device,
        journal: Journal,
        deadline: Deadline,
    ) -> None:
        if any(phase.n_blocks < device.n_processes for phase in plan.phases):
            raise ConfigError("optimiser.batch_tokens holds fewer blocks than there are processes. Raise it.")
        self._config = config
        self._plan = plan
        self._objective = objective
        self._source = source
        self._validator = validator
        self._device = device
        self._journal = journal
        self._deadline = deadline
        self._folder = Path(config.folder) / CHECKPOINTS
        self._module = device.place(objective)
        self._optimiser = build_optimiser(objective, config=config.optimiser, device=device.device)
        self.position = Position()
        self._saved_step = -1
        self._last_save = time.monotonic()
        self._reset_meter()

    def train(self) -> bool:
        """Take the steps that are left, until the end or the deadline; the last one is saved.

        Returns:
            Whether the run has come to its end.

        Raises:
            DivergedError: If the loss is no longer a number.
        """
        self._resume()
        if self.position.step < self._plan.n_steps:
            for task in self._source.stream(self.position.step, self._plan.n_steps):
                self._step(task)
                self._report_step()
                if self._device.agree(wish=self._deadline.is_over):
                    break
            self._save()
        return self.position.step == self._plan.n_steps

    def _resume(self) -> None:
        if self._device.is_first:
            remove_drafts(self._folder)
            newest_checkpoint(self._folder)
        self._device.wait()  # torn checkpoints are gone now, so that every process finds the same one
        checkpoint = newest_checkpoint(self._folder)
        if checkpoint is not None:
            load_objective(checkpoint, objective=self._objective)
            load_optimiser(checkpoint, optimiser=self._optimiser)
            self.position = read_position(checkpoint)
            self._saved_step = self.position.step
        warmup = math.ceil(self._config.optimiser.warmup * self._plan.n_steps)
        self._journal.write(
            "start" if checkpoint is None else "resume",
            step=self.position.step,
            tokens=self.position.tokens,
            steps_planned=self._plan.n_steps,
            tokens_planned=self._plan.n_tokens,
            parameters=sum(value.numel() for value in self._objective.parameters()),
            optimiser="anew" if checkpoint is None else "as it was",
            warmup_steps=warmup,
            weights=(self._config.start or "random") if checkpoint is None else checkpoint.name,
            **self._device.describe(),
        )
        self._reset_meter()

    def _step(self, task: CorruptedBlocks) -> None:
        step = self.position.step
        phase = self._plan.phase_at(step)
        self._seed_step(step)
        rate = learning_rate(step, n_steps=self._plan.n_steps, config=self._config.optimiser)
        self._optimiser.set_rate(rate)
        self._add_gradients(task, length=phase.length)
        self._gradient_norm = clip_grad_norm_(self._objective.parameters(), self._config.optimiser.max_grad_norm)
        self._optimiser.step()
        self._asked += len(task.targets)
        self.position = replace(self.position, step=step + 1, tokens=self.position.tokens + phase.step_tokens)

    def _add_gradients(self, task: CorruptedBlocks, *, length: int) -> None:
        first, last = self._device.share(len(task.inputs))
        at_once = max(1, (self._config.optimiser.micro_tokens or task.inputs.size) // length)
        for start in range(first, last, at_once):
            is_last = start + at_once >= last
            part = to_tensors(task.select(start, min(start + at_once, last)), device=self._device.device)
            # Averaged over processes on the way back: hence the factor, with which it is the mean over everything that the step asks.
            share = self._device.n_processes / max(1, len(task.targets))
            with nullcontext() if is_last else self._device.hold_gradients(self._module):
                with self._device.autocast():
                    loss = self._module(**part)
                (loss * share).backward()
            self._loss += loss.detach()

    def _seed_step(self, step: int) -> None:
        """Dropout draws from seed, step and process, so that a resumed run draws what the unbroken one would."""
        sequence = np.random.SeedSequence((self._config.seed, step, self._device.rank))
        torch.manual_seed(int(sequence.generate_state(1, np.uint32)[0]))

    def _report_step(self) -> None:
        step = self.position.step
        self._journal.track(done=self.position.tokens, total=self._plan.n_tokens)
        if step % self._config.report.log_every == 0 or step == self._plan.n_steps:
            self._log()
        if step % self._config.report.validate_every == 0 or step == self._plan.n_steps:
            self._validate()
        if time.monotonic() - self._last_save >= 60 * self._config.report.checkpoint_minutes:
            self._save()

    def _log(self) -> None:
        loss = self._device.total(self._loss) / max(1, self._asked)
        seconds = time.monotonic() - self._since
        rate = learning_rate(self.position.step - 1, n_steps=self._plan.n_steps, config=self._config.optimiser)
        speed = (self.position.tokens - self._tokens_before) / max(seconds, 1e-9)
        self.position = replace(self.position, seconds=self.position.seconds + seconds)
        self._check(loss)
        self._journal.write(
            "step",
            step=self.position.step,
            tokens=self.position.tokens,
            loss=round(loss, 5),
            learning_rate=rate,
            gradient_norm=round(float(self._gradient_norm), 4),
            tokens_per_s=round(speed, 1),
        )
        self._journal.track(
            done=self.position.tokens,
            total=self._plan.n_tokens,
            report=f"step {self.position.step}/{self._plan.n_steps}, {self.position.tokens / 1e6:.2f}M tokens: "
            f"loss {loss:.4f}, {speed:,.0f} tokens/s",
        )
        self._reset_meter()

    def _validate(self) -> None:
        if self._validator is None:
            return
        began = time.monotonic()
        length = self._plan.phase_at(self.position.step - 1).length
        loss = self._validator.measure(self._module, length=length)
        self.position = replace(self.position, validation_loss=loss)
        where = {"step": self.position.step, "tokens": self.position.tokens}
        self._journal.write("validation", **where, loss=round(loss, 5), length=length)
        self._journal.say(f"step {self.position.step}: validation loss {loss:.4f} on blocks of {length} tokens")
        self._since += time.monotonic() - began

    def _save(self) -> None:
        if self.position.step == self._saved_step:
            return
        began = time.monotonic()
        self._check(float(self._loss) + float(self._gradient_norm))
        if self._device.is_first:
            save_checkpoint(
                self._folder,
                objective=self._objective,
                optimiser=self._optimiser,
                position=replace(self.position, seconds=self.position.seconds + began - self._since),
                keep=self._config.report.keep_checkpoints,
            )
            self._journal.write("checkpoint", step=self.position.step, tokens=self.position.tokens)
        self._saved_step, self._last_save = self.position.step, time.monotonic()
        self._since += time.monotonic() - began

    def _check(self, figure: float) -> None:
        if not math.isfinite(figure):
            self._journal.write("diverged", step=self.position.step, tokens=self.position.tokens)
            raise DivergedError(
                f"The loss is no number at step {self.position.step}: training has diverged. Lower optimiser.learning_rate, or go on "
                "from the newest checkpoint with precision=fp32."
            )

    def _reset_meter(self) -> None:
        self._loss = torch.zeros((), device=self._device.device)
        self._gradient_norm = torch.zeros((), device=self._device.device)
        self._asked = 0
        self._tokens_before = self.position.tokens
        self._since = time.monotonic()
