"""Our configuration means the same in the Trainer's words."""

from pathlib import Path

import pytest
import torch

from hawadith.errors import ConfigError
from hawadith_training.encoder.arguments import build_arguments, choose_precision, count_steps
from hawadith_training.encoder.config import FinetuneConfig, ScratchConfig


@pytest.mark.parametrize(("max_steps", "expected"), [(None, 12), (5, 5), (50, 12)])
def test_count_steps_is_bounded_by_epochs_and_steps(max_steps: int | None, expected: int) -> None:
    config = FinetuneConfig(epochs=4, accumulation=4, max_steps=max_steps)
    assert count_steps(config, batches_per_epoch=9) == expected


@pytest.mark.parametrize(
    ("has_bf16", "expected"), [(True, {"bf16": True, "fp16": False}), (False, {"bf16": False, "fp16": True})]
)
def test_choose_precision_takes_what_the_device_has(
    monkeypatch: pytest.MonkeyPatch, has_bf16: bool, expected: dict[str, bool]
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: has_bf16)
    assert choose_precision("auto") == expected


def test_choose_precision_is_full_on_a_cpu_and_as_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_precision("auto") == {"bf16": False, "fp16": False}
    assert choose_precision("bf16") == {"bf16": True, "fp16": False}


@pytest.mark.skipif(torch.accelerator.is_available(), reason="what a CPU may compute in is asked on one")
def test_build_arguments_takes_bf16_on_a_cpu(tmp_path: Path) -> None:
    config = FinetuneConfig(precision="bf16")
    arguments = build_arguments(config, folder=tmp_path, seed=5, batches_per_epoch=10, has_dev=False)
    assert arguments.bf16
    assert arguments.device == torch.device("cpu")


@pytest.mark.parametrize(("every", "strategy"), [(None, "epoch"), (7, "steps")])
def test_build_arguments_evaluates_and_saves_together(tmp_path: Path, every: int | None, strategy: str) -> None:
    config = FinetuneConfig(evaluate_every=every)
    arguments = build_arguments(config, folder=tmp_path, seed=5, batches_per_epoch=10, has_dev=True)
    assert arguments.eval_strategy == arguments.save_strategy == strategy
    assert arguments.seed == arguments.data_seed == 5
    assert arguments.load_best_model_at_end
    if every is not None:
        assert arguments.eval_steps == arguments.save_steps == every


def test_build_arguments_without_dev_saves_only(tmp_path: Path) -> None:
    arguments = build_arguments(FinetuneConfig(), folder=tmp_path, seed=5, batches_per_epoch=10, has_dev=False)
    assert (arguments.eval_strategy, arguments.save_strategy) == ("no", "epoch")
    assert not arguments.load_best_model_at_end


def test_scratch_config_wants_a_width_that_heads_divide() -> None:
    with pytest.raises(ConfigError, match="hidden 10 is no multiple of heads 3"):
        ScratchConfig(hidden=10, heads=3)
