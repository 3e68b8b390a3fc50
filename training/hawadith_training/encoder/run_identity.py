"""What makes two training runs the same run, so that one may go on from the other's checkpoints."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import ConfigError
from hawadith.typology import Typology
from hawadith_training.config import TrainConfig


def describe_run(
    config: TrainConfig, *, typology: Typology, labels: NDArray[np.float32], texts: str
) -> dict[str, object]:
    """Everything that decides a run's weights, as plain values.

    Args:
        config: The configuration.
        typology: Its labels.
        labels: Of the training articles, as the loss takes them.
        texts: Fingerprint of the tokenised training articles.

    Returns:
        Values by dotted name.
    """
    finetune = {f"finetune.{key}": value for key, value in asdict(config.finetune).items() if key not in _FREE}
    return {
        **finetune,
        "seed": config.seed,
        "encoder.path": config.encoder.path,
        "encoder.revision": config.encoder.revision,
        "init_from": config.init_from,
        "typology": list(typology.ids),
        "pooling": list(typology.pooling),
        "training articles": texts,
        "training labels": hashlib.sha256(labels.tobytes()).hexdigest(),
    }


# Settings that leave the weights alone.
_FREE = {"log_every", "report_to", "keep_checkpoints", "threads"}


def claim_folder(file: Path, *, run: Mapping[str, object], resume: bool) -> None:
    """Write down which run a folder belongs to, or check it.

    Args:
        file: Where the description stands.
        run: This run.
        resume: Whether this run goes on from the one that stands there.

    Raises:
        ConfigError: If another run stands there and this one shall go on from it.
    """
    own = json.loads(json.dumps(run))
    if resume and file.is_file():
        former = json.loads(file.read_bytes())
        changed = [
            f"  - {key}: {former.get(key)!r} then, {own.get(key)!r} now"
            for key in sorted(own | former)
            if former.get(key) != own.get(key)
        ]
        if changed:
            raise ConfigError(
                "The run to resume was another one:\n"
                + "\n".join(changed)
                + "\nUndo the changes, or train anew without --resume."
            )
    file.write_text(json.dumps(own, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
