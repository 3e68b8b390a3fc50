"""The whole way of `hawadith pretrain`: prepare, train, export; each part goes on from where an earlier start stopped."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from hawadith.errors import DataError, OutputError
from hawadith.tokens import WordPieceTokenizer
from hawadith_training.pretrain.batches import TaskSource
from hawadith_training.pretrain.checkpoints import Position, load_objective, newest_checkpoint, read_position
from hawadith_training.pretrain.config import PretrainConfig
from hawadith_training.pretrain.cooccurrence import start_from_cooccurrence
from hawadith_training.pretrain.deadline import Deadline
from hawadith_training.pretrain.device import Device, open_device
from hawadith_training.pretrain.export import PROVENANCE, export_encoder
from hawadith_training.pretrain.identity import claim, lock_folder
from hawadith_training.pretrain.journal import Journal
from hawadith_training.pretrain.model import build_encoder
from hawadith_training.pretrain.objective import Objective, build_objective
from hawadith_training.pretrain.prepare import TOKENIZER, is_prepared, prepare_corpus
from hawadith_training.pretrain.schedule import plan_steps
from hawadith_training.pretrain.shards import ShardCounts, map_tokens
from hawadith_training.pretrain.trainer import CHECKPOINTS, Trainer
from hawadith_training.pretrain.validation import build_validator

ENCODER = "encoder"
"""Where in a run's folder the result lies."""

_FREE = ("folder", "corpus", "vocabulary", "report", "precision", "export")
"""Settings that leave the run the same run; corpus and vocabulary count by content."""


def pretrain(config: PretrainConfig, *, minutes: float | None = None, n_workers: int = 1) -> bool:
    """Pre-train an encoder, or go on with it; at the end it lies in the run's folder, under `encoder`.

    Args:
        config: A checked configuration.
        minutes: Stop in order, with a checkpoint, after so long; None goes on to the end.
        n_workers: Processes that tokenise; one process trains, or as many as `accelerate launch` starts.

    Returns:
        Whether the run has come to its end.

    Raises:
        ConfigError: If the run was begun with other settings.
        DataError: If the corpus cannot be read, or holds too little.
        EncoderError: If the encoder to go on from does not fit.
        OutputError: If another process works on the run.
        DivergedError: If the loss is no longer a number.
    """
    deadline, folder = Deadline(minutes), Path(config.folder)
    with ExitStack() as stack:
        device = stack.enter_context(open_device(config.precision))
        if device.is_first:
            stack.enter_context(lock_folder(folder))
        journal = stack.enter_context(Journal(folder / "log.jsonl", enabled=device.is_first))
        stack.enter_context(deadline.heed_signals())
        if device.is_first:
            _prepare(config, deadline=deadline, n_workers=n_workers, journal=journal)
        device.wait()
        finished = is_prepared(config.prepared_folder) and _train(
            config, device=device, deadline=deadline, journal=journal
        )
        if not finished:
            journal.write("stop")
            journal.say("Stopped in order; the same command goes on from here.")
    return finished


def export_newest(config: PretrainConfig, *, folder: Path) -> Position:
    """Write the encoder as it stands at the newest checkpoint; a run that is going on meanwhile is left alone.

    Args:
        config: The run's configuration.
        folder: Takes the encoder.

    Returns:
        Where the run stood.

    Raises:
        DataError: If the run has no checkpoint yet.
        OutputError: If something else stands at `folder`.
    """
    if folder.exists() and not (folder / PROVENANCE).is_file() and any(folder.iterdir()):
        raise OutputError(
            f"{folder} exists and holds no encoder of `hawadith pretrain`; it is not overwritten. Choose another --export."
        )
    checkpoint = newest_checkpoint(Path(config.folder) / CHECKPOINTS)
    if checkpoint is None:
        raise DataError(f"{config.folder} has no checkpoint yet. Run `hawadith pretrain` without --export first.")
    objective = _build_objective(config)
    load_objective(checkpoint, objective=objective)
    position = read_position(checkpoint)
    export_encoder(
        objective.encoder,
        folder=folder,
        config=config,
        tokenizer=config.prepared_folder / TOKENIZER,
        provenance=_describe_origin(config, position=position),
    )
    return position


def _prepare(config: PretrainConfig, *, deadline: Deadline, n_workers: int, journal: Journal) -> None:
    def report(counts: ShardCounts) -> None:
        journal.write("tokenise", **asdict(counts))
        journal.say(f"tokenised {counts.rows:,} articles, {counts.tokens / 1e6:.2f}M tokens")

    if prepare_corpus(config, deadline=deadline, n_workers=n_workers, on_shard=report):
        claim(Path(config.folder) / "run.json", identity=_describe_run(config))


def _train(config: PretrainConfig, *, device: Device, deadline: Deadline, journal: Journal) -> bool:
    plan = plan_steps(config.phases, batch_tokens=config.optimiser.batch_tokens)
    objective = _build_objective(config)
    shards = map_tokens(config.prepared_folder)
    if config.model.embeddings == "cooccurrence" and _is_new(config):
        journal.say("Counting which pieces stand near which.")
        start_from_cooccurrence(objective.encoder, shards=shards, seed=config.seed)
    tokenizer = WordPieceTokenizer.load(config.prepared_folder / TOKENIZER)
    specials = (tokenizer.cls_id, tokenizer.sep_id)
    source = TaskSource(
        plan,
        shards=shards,
        objective=objective,
        specials=specials,
        seed=config.seed,
    )
    validator = build_validator(
        map_tokens(config.prepared_folder, held_out=True),
        plan=plan,
        objective=objective,
        tokens=config.report.validation_tokens,
        specials=specials,
        seed=config.seed,
        device=device,
        at_once=config.optimiser.micro_tokens or config.optimiser.batch_tokens,
    )
    trainer = Trainer(
        config,
        plan=plan,
        objective=objective,
        source=source,
        validator=validator,
        device=device,
        journal=journal,
        deadline=deadline,
    )
    finished = trainer.train()
    if finished and device.is_first:
        target = Path(config.folder) / ENCODER
        position = export_newest(config, folder=target)
        journal.write("finish", step=position.step, tokens=position.tokens, seconds=round(position.seconds))
        journal.say(f"The encoder is in {target}: {position.tokens / 1e6:.2f}M tokens read.")
    return finished


def _is_new(config: PretrainConfig) -> bool:
    """Whether the weights before the first step are still to be chosen."""
    return config.start is None and newest_checkpoint(Path(config.folder) / CHECKPOINTS) is None


def _build_objective(config: PretrainConfig) -> Objective:
    tokenizer = config.prepared_folder / TOKENIZER
    encoder = build_encoder(config, tokenizer=tokenizer)
    return build_objective(encoder, config=config.objective, tokenizer=tokenizer)


def _describe_run(config: PretrainConfig) -> dict[str, object]:
    settings = {key: value for key, value in _flatten(asdict(config)).items() if key.partition(".")[0] not in _FREE}
    settings.pop("optimiser.micro_tokens")
    return {**settings, **_describe_corpus(config)}


def _describe_corpus(config: PretrainConfig) -> dict[str, object]:
    folder = config.prepared_folder
    tokenizer = sha256((folder / TOKENIZER).read_bytes()).hexdigest()
    return {**json.loads((folder / "source.json").read_bytes()), "tokenizer": tokenizer}


def _describe_origin(config: PretrainConfig, *, position: Position) -> dict[str, object]:
    return {
        "tokens": position.tokens,
        "steps": position.step,
        "hours": round(position.seconds / 3600, 2),
        "validation_loss": position.validation_loss,
        "settings": _describe_run(config),
    }


def _flatten(settings: Mapping[str, object], *, path: str = "") -> dict[str, object]:
    flat: dict[str, object] = {}
    for key, value in settings.items():
        flat |= _flatten(value, path=f"{path}{key}.") if isinstance(value, Mapping) else {f"{path}{key}": value}
    return flat
