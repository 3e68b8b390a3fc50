"""A run says where it stands: a line per report in a log, a bar on a terminal."""

import io
import math
from pathlib import Path

import pytest
from rich.console import Console
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from hawadith.errors import MissingExtraError
from hawadith_training.encoder.errors import DivergedError
from hawadith_training.encoder.progress import ShowProgress, build_reporter


@pytest.fixture
def state() -> TrainerState:
    return TrainerState(global_step=10, max_steps=40, epoch=0.5)


@pytest.fixture
def arguments(tmp_path_factory: pytest.TempPathFactory) -> TrainingArguments:
    return TrainingArguments(output_dir=str(tmp_path_factory.mktemp("out")), report_to="none")


@pytest.mark.parametrize(
    ("logs", "expected"),
    [
        ({"loss": 0.5, "learning_rate": 3e-5}, "step 10/40, epoch 0.50: loss 0.5000, learning rate 3.00e-05\n"),
        (
            {"eval_macro_average_precision": 0.75, "eval_loss": 0.25},
            "step 10/40, epoch 0.50: dev macro average precision 0.7500, loss 0.2500\n",
        ),
        ({"train_runtime": 3.0}, ""),
    ],
)
def test_progress_writes_a_line_per_report(
    logs: dict[str, float], expected: str, state: TrainerState, arguments: TrainingArguments
) -> None:
    output = io.StringIO()
    show = ShowProgress(console=Console(file=output, width=120))
    show.on_train_begin(arguments, state, TrainerControl())
    show.on_step_end(arguments, state, TrainerControl())
    show.on_log(arguments, state, TrainerControl(), logs=logs)
    show.on_train_end(arguments, state, TrainerControl())
    assert output.getvalue() == expected


def test_progress_says_how_long_it_will_take(
    state: TrainerState, arguments: TrainingArguments, monkeypatch: pytest.MonkeyPatch
) -> None:
    output, clock = io.StringIO(), [100.0]
    monkeypatch.setattr("hawadith_training.encoder.progress.time.monotonic", lambda: clock[0])
    show = ShowProgress(console=Console(file=output, width=120))
    show.on_train_begin(arguments, state, TrainerControl())
    state.global_step, clock[0] = 14, 180.0
    show.on_log(arguments, state, TrainerControl(), logs={"loss": 0.5})
    state.global_step = 40
    show.on_log(arguments, state, TrainerControl(), logs={"loss": 0.5})
    first, last = output.getvalue().splitlines()
    assert first.endswith("learning rate 0.00e+00, 9 min left")  # 26 steps of 20 s
    assert "left" not in last


def test_progress_shows_a_bar_on_a_terminal(state: TrainerState, arguments: TrainingArguments) -> None:
    output = io.StringIO()
    show = ShowProgress(console=Console(file=output, width=140, force_terminal=True))
    show.on_train_begin(arguments, state, TrainerControl())
    state.global_step = 11
    show.on_step_end(arguments, state, TrainerControl())
    show.on_log(arguments, state, TrainerControl(), logs={"loss": 0.125})
    show.on_train_end(arguments, state, TrainerControl())
    assert "11/40" in output.getvalue()
    assert "loss 0.1250" in output.getvalue()


@pytest.mark.parametrize("loss", [math.nan, math.inf])
def test_progress_stops_a_run_whose_loss_is_no_number(
    loss: float, state: TrainerState, arguments: TrainingArguments
) -> None:
    with pytest.raises(DivergedError, match="step 10"):
        ShowProgress(console=Console(file=io.StringIO())).on_log(
            arguments, state, TrainerControl(), logs={"loss": loss}
        )


def test_build_reporter_says_when_tensorboard_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hawadith_training.encoder.progress.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match="pip install tensorboard"):
        build_reporter(tmp_path)


def test_build_reporter_writes_where_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hawadith_training.encoder.progress.find_spec", lambda _: object())
    monkeypatch.setattr("hawadith_training.encoder.progress.TensorBoardCallback", TrainerCallback)
    assert vars(build_reporter(tmp_path))["logging_dir"] == str(tmp_path)
