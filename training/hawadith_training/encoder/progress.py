"""What a training run shows while it runs: a live bar on a terminal, a line per report anywhere else."""

import math
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.integrations.integration_utils import TensorBoardCallback

from hawadith.errors import MissingExtraError
from hawadith_training.encoder.errors import DivergedError

MACRO_AVERAGE_PRECISION = "macro_average_precision"


class ShowProgress(TrainerCallback):
    """Shows steps, loss and dev figures; stops a run whose loss is no longer a number.

    Args:
        console: Where to write; standard error when not given, since standard output belongs to results.
    """

    def __init__(self, *, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._progress: Progress | None = None
        self._began = (0, time.monotonic())

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: object
    ) -> None:
        """Open the bar where there is a terminal; the time left is reckoned from here on."""
        self._began = (state.global_step, time.monotonic())
        if not self._console.is_terminal:
            return
        columns = (
            TextColumn("training"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.description}"),
        )
        self._progress = Progress(*columns, console=self._console)
        self._progress.add_task("", total=state.max_steps, completed=state.global_step)
        self._progress.start()

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: object
    ) -> None:
        """Move the bar."""
        if self._progress is not None:
            self._progress.update(self._progress.task_ids[0], completed=state.global_step)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Mapping[str, float] | None = None,
        **kwargs: object,
    ) -> None:
        """Show a report.

        Args:
            args: Of the run.
            state: Of the run.
            control: Of the run.
            logs: What the Trainer measured.
            **kwargs: Unused.

        Raises:
            DivergedError: If the loss is no longer a number.
        """
        report = describe_report(logs or {}, state=state)
        if self._progress is not None:
            self._progress.update(self._progress.task_ids[0], description=report)
        elif report:
            self._console.print(report + self._describe_time_left(state), highlight=False)
        loss = (logs or {}).get("loss", 0.0)
        if not math.isfinite(loss):
            raise DivergedError(
                f"The loss is {loss} at step {state.global_step}: training has diverged. Lower finetune.learning_rate, or set "
                "finetune.precision=fp32."
            )

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: object
    ) -> None:
        """Close the bar."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _describe_time_left(self, state: TrainerState) -> str:
        """At the pace since the start or resumption of this process, evaluations included; empty before the first step."""
        first, began = self._began
        done, left = state.global_step - first, state.max_steps - state.global_step
        if done <= 0 or left <= 0:
            return ""
        return f", {math.ceil((time.monotonic() - began) / done * left / 60)} min left"


def build_reporter(folder: Path) -> TrainerCallback:
    """A callback that writes TensorBoard's event files.

    Args:
        folder: Takes the files.

    Returns:
        The callback.

    Raises:
        MissingExtraError: If TensorBoard is not installed.
    """
    if find_spec("tensorboard") is None:
        raise MissingExtraError(
            "finetune.report_to: tensorboard is not installed. Install it with: pip install tensorboard"
        )
    reporter: TrainerCallback = TensorBoardCallback()  # type: ignore[no-untyped-call]
    vars(reporter)["logging_dir"] = str(folder)
    return reporter


def describe_report(logs: Mapping[str, float], *, state: TrainerState) -> str:
    """One line for a report of the Trainer.

    Args:
        logs: What it measured.
        state: Where the run stands.

    Returns:
        The line; empty where the report holds nothing that a reader waits for.
    """
    where = f"step {state.global_step}/{state.max_steps}, epoch {state.epoch or 0:.2f}"
    if "loss" in logs:
        return f"{where}: loss {logs['loss']:.4f}, learning rate {logs.get('learning_rate', 0.0):.2e}"
    if f"eval_{MACRO_AVERAGE_PRECISION}" in logs:
        macro, loss = logs[f"eval_{MACRO_AVERAGE_PRECISION}"], logs.get("eval_loss", math.nan)
        return f"{where}: dev macro average precision {macro:.4f}, loss {loss:.4f}"
    return ""
