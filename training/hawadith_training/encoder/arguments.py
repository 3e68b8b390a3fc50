"""Our configuration in the Trainer's words."""

import math
from pathlib import Path
from typing import TypedDict

import torch
from transformers import TrainingArguments

from hawadith_training.encoder.config import FinetuneConfig, Precision
from hawadith_training.encoder.progress import MACRO_AVERAGE_PRECISION


def build_arguments(
    config: FinetuneConfig, *, folder: Path, seed: int, batches_per_epoch: int, has_dev: bool
) -> TrainingArguments:
    """Translate a configuration.

    Args:
        config: How to train.
        folder: Holds the checkpoints.
        seed: Seeds everything that the Trainer draws.
        batches_per_epoch: Batches of every epoch.
        has_dev: Whether there are held-out articles to evaluate on.

    Returns:
        The Trainer's arguments: evaluation and checkpoint always together, so that the best checkpoint can be taken.
    """
    interval = "epoch" if config.evaluate_every is None else "steps"
    arguments = TrainingArguments(
        output_dir=str(folder),
        max_steps=count_steps(config, batches_per_epoch=batches_per_epoch),
        gradient_accumulation_steps=config.accumulation,
        learning_rate=config.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=config.warmup,
        weight_decay=config.weight_decay,
        max_grad_norm=config.max_grad_norm,
        eval_strategy=interval if has_dev else "no",
        save_strategy=interval,
        eval_steps=config.evaluate_every,
        save_steps=config.evaluate_every or 500,
        save_total_limit=config.keep_checkpoints,
        load_best_model_at_end=has_dev,
        metric_for_best_model=MACRO_AVERAGE_PRECISION if has_dev else None,
        greater_is_better=True if has_dev else None,
        restore_callback_states_from_checkpoint=True,  # else a resumed run would forget how long dev has not improved
        logging_steps=config.log_every,
        logging_nan_inf_filter=False,  # a loss that is no number is shown, and stops the run
        disable_tqdm=True,
        report_to="none",  # TensorBoard joins as a callback of ours: the Trainer would write beside the checkpoints, which go
        seed=seed,
        data_seed=seed,
        remove_unused_columns=False,
        dataloader_pin_memory=torch.cuda.is_available(),
        use_cpu=not torch.accelerator.is_available(),  # said aloud, the Trainer lets a CPU compute in bf16, too
        **choose_precision(config.precision),
    )
    if arguments.n_gpu > 1:
        # One device is used: DataParallel would cut every tensor by rows and tear articles from their windows.
        arguments._n_gpu = 1
    return arguments


def count_steps(config: FinetuneConfig, *, batches_per_epoch: int) -> int:
    """Optimiser steps of a whole run."""
    steps = config.epochs * math.ceil(batches_per_epoch / config.accumulation)
    return steps if config.max_steps is None else min(steps, config.max_steps)


class MixedPrecision(TypedDict):
    """The Trainer's switches for half precision."""

    bf16: bool
    fp16: bool


def choose_precision(precision: Precision) -> MixedPrecision:
    """Half precision where it is asked for, or where the device has it and nothing else is asked for."""
    if precision == "auto":
        precision = "fp32"
        if torch.cuda.is_available():
            precision = "bf16" if torch.cuda.is_bf16_supported() else "fp16"
    return MixedPrecision(bf16=precision == "bf16", fp16=precision == "fp16")
