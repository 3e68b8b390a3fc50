"""Which checkpoint a killed run can go on from.

The Trainer writes a checkpoint file by file and takes the newest folder on resume, whole or torn. Here a checkpoint counts once it holds a
seal: a list of its files and their sizes, written last, after everything else has reached the disk.
"""

import json
import logging
import os
import shutil
from pathlib import Path

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

_LOGGER = logging.getLogger("hawadith")
_SEAL = "complete.json"
_PREFIX = "checkpoint-"


class SealCheckpoints(TrainerCallback):
    """Seals every checkpoint as soon as the Trainer has written it, and keeps the search for the best one honest."""

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: object
    ) -> None:
        """Forget the best figure on resume where its checkpoint is gone: else no later one may ever beat it."""
        best = state.best_model_checkpoint
        if state.best_metric is not None and (best is None or not Path(best).is_dir()):
            _LOGGER.warning(
                "The best checkpoint so far is gone; the search for the best starts anew from step %d.",
                state.global_step,
            )
            state.best_metric = state.best_global_step = state.best_model_checkpoint = None

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: object) -> None:
        """Seal the checkpoint of this step."""
        seal_checkpoint(Path(str(args.output_dir)) / f"{_PREFIX}{state.global_step}")


def seal_checkpoint(folder: Path) -> None:
    """Bring a checkpoint's files to the disk, then say that it is whole.

    Args:
        folder: A checkpoint that the Trainer has finished writing.
    """
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != _SEAL)
    for file in files:
        _sync(file)
    draft = folder / f"{_SEAL}.tmp"
    draft.write_text(
        json.dumps({file.relative_to(folder).as_posix(): file.stat().st_size for file in files}), encoding="utf-8"
    )
    _sync(draft)
    draft.rename(folder / _SEAL)
    _sync(folder)


def find_checkpoint(folder: Path) -> Path | None:
    """Find the newest whole checkpoint; torn ones beyond it are named and removed, since the run will write them again.

    Args:
        folder: The folder that holds `checkpoint-*`.

    Returns:
        The checkpoint's folder, or nothing where no whole one stands.
    """
    candidates = [path for path in folder.glob(f"{_PREFIX}*") if path.name.removeprefix(_PREFIX).isdigit()]
    for candidate in sorted(candidates, key=lambda path: int(path.name.removeprefix(_PREFIX)), reverse=True):
        fault = _find_fault(candidate)
        if fault is None:
            return candidate
        _LOGGER.warning("Checkpoint %s is torn (%s); it is skipped and removed.", candidate.name, fault)
        shutil.rmtree(candidate)
    return None


def find_result(checkpoint: Path, *, patience: int | None) -> Path | None:
    """Find the weights of a run that had ended, but was killed before it could use them.

    The Trainer would take one step more from such a checkpoint.

    Args:
        checkpoint: The newest whole checkpoint of the run.
        patience: Evaluations without a better figure after which a run ends.

    Returns:
        The best checkpoint's folder if the run had ended, nothing if there are steps to take.
    """
    state = TrainerState.load_from_json(str(checkpoint / "trainer_state.json"))
    stopping = state.stateful_callbacks.get("EarlyStoppingCallback", {}).get("attributes", {})
    waited = stopping.get("early_stopping_patience_counter", 0)
    if state.global_step < state.max_steps and (patience is None or waited < patience):
        return None
    best = state.best_model_checkpoint
    return checkpoint if best is None else checkpoint.parent / Path(best).name


def _find_fault(checkpoint: Path) -> str | None:
    try:
        sizes = json.loads((checkpoint / _SEAL).read_bytes())
    except OSError:
        return "it was never finished"
    except ValueError:
        return f"{_SEAL} is no JSON"
    for name, size in sizes.items():
        file = checkpoint / name
        found = file.stat().st_size if file.is_file() else None
        if found != size:
            return f"{name} is missing" if found is None else f"{name} has {found} bytes of {size}"
    return None


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
