"""What a run leaves behind to go on from: weights, optimiser and step. Chance needs no saving: each step draws from seed and step alone.

A checkpoint is written under another name, sealed with the sizes of its files, and renamed: a kill leaves it whole or absent. One that
was torn later, by a full disk or a copy, is found out by its seal.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
import torch

from hawadith_training.encoder.checkpoints import find_checkpoint, seal_checkpoint
from hawadith_training.encoder.weights import SAFE_WEIGHTS, read_weights
from hawadith_training.pretrain.folders import replace_folder
from hawadith_training.pretrain.model import load_weights
from hawadith_training.pretrain.objective import Objective
from hawadith_training.pretrain.optimiser import Optimisers

_OPTIMISER = "optimiser.pt"
_POSITION = "position.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a run stands.

    Attributes:
        step: Steps taken.
        tokens: Tokens read.
        seconds: Time spent on them, over all starts.
        validation_loss: The newest, in nats per predicted piece; None before the first.
    """

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    validation_loss: float | None = None


def save_checkpoint(
    folder: Path, *, objective: Objective, optimiser: Optimisers, position: Position, keep: int
) -> None:
    """Write a checkpoint, then remove the oldest.

    Args:
        folder: Holds the checkpoints of the run.
        objective: Its weights are written.
        optimiser: Its state is written.
        position: Where the run stands.
        keep: Checkpoints to keep.
    """
    with replace_folder(folder / f"checkpoint-{position.step}") as draft:
        weights = {name: value.detach().cpu().contiguous() for name, value in objective.named_parameters()}
        safetensors.torch.save_file(weights, draft / SAFE_WEIGHTS, metadata={"format": "pt"})
        torch.save(optimiser.state_dict(), draft / _OPTIMISER)
        values = {name: getattr(position, name) for name in Position.__slots__}
        (draft / _POSITION).write_text(json.dumps(values), encoding="utf-8")
        seal_checkpoint(draft)
    # By number, not by age: a run that fell back writes the number of a torn one again.
    numbered = sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.partition("-")[2]))
    for old in numbered[:-keep]:
        shutil.rmtree(old)


def remove_drafts(folder: Path) -> None:
    """Remove what kills have left of checkpoints that were being written; for the process that holds the run's lock alone."""
    for draft in folder.glob(".checkpoint-*.tmp"):
        shutil.rmtree(draft)


def newest_checkpoint(folder: Path) -> Path | None:
    """The newest whole checkpoint; torn ones beyond it are named and removed."""
    return find_checkpoint(folder)


def read_position(checkpoint: Path) -> Position:
    """Where the run stood."""
    return Position(**json.loads((checkpoint / _POSITION).read_bytes()))


def load_objective(checkpoint: Path, *, objective: Objective) -> None:
    """Put a checkpoint's weights into an objective.

    Args:
        checkpoint: A whole checkpoint.
        objective: Takes them.

    Raises:
        EncoderError: If they do not fit.
    """
    load_weights(objective, read_weights(checkpoint), source=checkpoint)


def load_optimiser(checkpoint: Path, *, optimiser: Optimisers) -> None:
    """Put a checkpoint's optimiser state, of the very same parameters, into an optimiser."""
    state = torch.load(checkpoint / _OPTIMISER, map_location="cpu", weights_only=True)
    optimiser.load_state_dict(state)
