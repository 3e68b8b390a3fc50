"""A checkpoint counts when its seal says that it is whole."""

import json
import logging
from pathlib import Path

import pytest
from transformers import EarlyStoppingCallback, TrainerControl, TrainerState, TrainingArguments

from hawadith_training.encoder.checkpoints import SealCheckpoints, find_checkpoint, find_result, seal_checkpoint


def write_checkpoint(folder: Path, step: int, *, seal: bool = True, state: TrainerState | None = None) -> Path:
    checkpoint = folder / f"checkpoint-{step}"
    checkpoint.mkdir(parents=True)
    (checkpoint / "model.safetensors").write_bytes(b"weights")
    (state or TrainerState(global_step=step, max_steps=10)).save_to_json(str(checkpoint / "trainer_state.json"))
    if seal:
        seal_checkpoint(checkpoint)
    return checkpoint


def test_find_checkpoint_takes_the_newest_by_step(tmp_path: Path) -> None:
    newest = write_checkpoint(tmp_path, 100)
    write_checkpoint(tmp_path, 20)
    (tmp_path / "checkpoint-best").mkdir()
    assert find_checkpoint(tmp_path) == newest


def test_find_checkpoint_finds_nothing_in_nothing(tmp_path: Path) -> None:
    assert find_checkpoint(tmp_path / "nowhere") is None


@pytest.mark.parametrize("fault", ["unsealed", "missing", "short", "broken seal"])
def test_find_checkpoint_skips_torn_ones(tmp_path: Path, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    whole = write_checkpoint(tmp_path, 1)
    torn = write_checkpoint(tmp_path, 2, seal=fault != "unsealed")
    if fault == "missing":
        (torn / "model.safetensors").unlink()
    elif fault == "short":
        (torn / "model.safetensors").write_bytes(b"weig")
    elif fault == "broken seal":
        (torn / "complete.json").write_text('{"model.safetensors": ')
    with caplog.at_level(logging.WARNING, logger="hawadith"):
        assert find_checkpoint(tmp_path) == whole
    assert "checkpoint-2 is torn" in caplog.text
    assert not torn.exists()


def test_seal_names_every_file(tmp_path: Path) -> None:
    checkpoint = write_checkpoint(tmp_path, 3)
    assert sorted(json.loads((checkpoint / "complete.json").read_text())) == ["model.safetensors", "trainer_state.json"]


def test_find_result_has_nothing_for_a_run_that_goes_on(tmp_path: Path) -> None:
    assert find_result(write_checkpoint(tmp_path, 4), patience=2) is None


def test_find_result_takes_the_best_of_a_run_at_its_last_step(tmp_path: Path) -> None:
    best = write_checkpoint(tmp_path, 6)
    state = TrainerState(global_step=10, max_steps=10, best_model_checkpoint=f"/moved/since/{best.name}")
    assert find_result(write_checkpoint(tmp_path, 10, state=state), patience=None) == best


def test_find_result_takes_the_last_where_none_was_measured(tmp_path: Path) -> None:
    last = write_checkpoint(tmp_path, 10)
    assert find_result(last, patience=None) == last


def test_find_result_knows_a_run_that_stopped_early(tmp_path: Path) -> None:
    stopping = EarlyStoppingCallback(early_stopping_patience=2)
    stopping.early_stopping_patience_counter = 2
    state = TrainerState(global_step=4, max_steps=10, stateful_callbacks=[stopping])
    stopped = write_checkpoint(tmp_path, 4, state=state)
    assert find_result(stopped, patience=2) == stopped
    assert find_result(stopped, patience=3) is None


def test_train_begin_forgets_a_best_figure_whose_checkpoint_is_gone(tmp_path: Path) -> None:
    arguments = TrainingArguments(output_dir=str(tmp_path), report_to="none")
    kept = write_checkpoint(tmp_path, 2)
    for best, remembered in ((kept, 0.9), (tmp_path / "checkpoint-1", None)):
        state = TrainerState(global_step=2, best_metric=0.9, best_global_step=1, best_model_checkpoint=str(best))
        SealCheckpoints().on_train_begin(arguments, state, TrainerControl())
        assert state.best_metric == remembered
