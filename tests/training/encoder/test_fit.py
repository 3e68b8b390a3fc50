"""Fine-tuning learns, in every manner that can be configured, and says what it lacks."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.metrics import average_precision_score
from tests.training.encoder.encoders import (
    build_targets,
    build_train_config,
    fit,
    invent_records,
    prepare,
    publish_encoder,
)

from hawadith.errors import ConfigError, DataError
from hawadith_training.config import TrainConfig
from hawadith_training.encoder.errors import DivergedError
from hawadith_training.encoder.fit import fit_encoder, limit_threads
from hawadith_training.encoder.fitted import FittedEncoder
from hawadith_training.encoder.sampler import TokenBudgetSampler


def replace_encoder(config: TrainConfig, *, path: str | None) -> TrainConfig:
    return replace(config, encoder=replace(config.encoder, path=path))


def losses(fitted: FittedEncoder) -> list[float]:
    return [report["loss"] for report in fitted.history if "loss" in report]


def test_fit_learns_and_keeps_the_best_checkpoint(tmp_path: Path) -> None:
    shape = {"vocabulary": 400, "layers": 1, "hidden": 32, "heads": 2, "positions": 64}
    finetune = {"scratch": shape, "epochs": 8, "learning_rate": 3e-3, "accumulation": 1, "dropout": 0.0}
    config = build_train_config(tmp_path, finetune)
    fitted = fit(config, folder=tmp_path)
    assert np.mean(losses(fitted)[-3:]) < 0.75 * np.mean(losses(fitted)[:3])
    measured = [
        report["eval_macro_average_precision"] for report in fitted.history if "eval_macro_average_precision" in report
    ]
    assert len(measured) == 8
    records = invent_records(60)[48:]
    scores = fitted.score(prepare(records))
    truth = np.array([["mine" in record.labels, "arms" in record.labels] for record in records])
    found = np.mean([average_precision_score(truth[:, label], scores.logits[:, label]) for label in (0, 1)])
    assert found == pytest.approx(max(measured))


def test_fit_stops_early(tmp_path: Path) -> None:
    config = build_train_config(tmp_path, {"epochs": 9, "learning_rate": 1e-9, "patience": 2})
    history = fit(config, folder=tmp_path).history
    assert sum("eval_loss" in report for report in history) < 9


def test_fit_stops_at_max_steps(tmp_path: Path) -> None:
    fitted = fit(build_train_config(tmp_path, {"max_steps": 3}), folder=tmp_path)
    assert fitted.history[-1]["step"] == 3


def test_fit_draws_other_batches_each_epoch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[list[list[int]]] = []
    draw = TokenBudgetSampler.__iter__

    def watch(sampler: TokenBudgetSampler) -> Iterator[list[int]]:
        drawn.append(list(draw(sampler)))
        return iter(drawn[-1])

    monkeypatch.setattr(TokenBudgetSampler, "__iter__", watch)
    fit(build_train_config(tmp_path, {"epochs": 3}), folder=tmp_path, n_dev=0)
    assert len(drawn) == 3
    assert drawn[0] != drawn[1] != drawn[2]


def test_fit_without_dev_trains_to_the_end(tmp_path: Path) -> None:
    fitted = fit(build_train_config(tmp_path, {"epochs": 1}), folder=tmp_path, n_dev=0)
    assert not any("eval_loss" in report for report in fitted.history)


@pytest.mark.parametrize(
    "finetune",
    [
        {"loss": {"kind": "asymmetric"}},
        {"gradient_checkpointing": True},
        {"layer_decay": 0.8, "frozen_embeddings": True, "dropout": 0.0},
        {"token_budget": 64},
    ],
)
def test_fit_trains_in_every_manner(tmp_path: Path, finetune: dict[str, object]) -> None:
    fitted = fit(build_train_config(tmp_path, {"max_steps": 2, **finetune}), folder=tmp_path, n_train=12)
    assert np.isfinite(losses(fitted)).all()


def test_fit_leaves_frozen_weights_alone(tmp_path: Path) -> None:
    config = build_train_config(tmp_path, {"epochs": 3, "frozen_embeddings": True, "frozen_layers": 1})
    trained = fit(config, folder=tmp_path, n_train=12, n_dev=0)
    still = fit(build_train_config(tmp_path, {"learning_rate": 1e-12}), folder=tmp_path / "b", n_train=12, n_dev=0)
    before, after = still.model.classifier.state_dict(), trained.model.classifier.state_dict()
    changed = {name for name in before if not torch.allclose(before[name], after[name], atol=1e-7)}
    assert changed == {"bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"}


def test_fit_starts_from_a_published_encoder_within_its_length(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish_encoder(tmp_path / "published")
    config = build_train_config(
        tmp_path, {"scratch": None, "max_steps": 1, "windowing": {"max_length": 512, "overlap": 128}}
    )
    config = replace_encoder(config, path=str(tmp_path / "published"))
    with caplog.at_level(logging.WARNING, logger="hawadith"):
        fitted = fit(config, folder=tmp_path, n_train=12)
    assert (fitted.windowing.max_length, fitted.windowing.overlap) == (48, 12)
    assert "reads 48 tokens" in caplog.text
    assert fitted.encoder == str(tmp_path / "published")


@pytest.mark.parametrize("both", [True, False])
def test_fit_wants_exactly_one_start(tmp_path: Path, both: bool) -> None:
    config = build_train_config(tmp_path) if both else build_train_config(tmp_path, {"scratch": None})
    with pytest.raises(ConfigError, match=r"exactly one of encoder\.path"):
        fit(replace_encoder(config, path="x" if both else None), folder=tmp_path)


def test_fit_names_labels_without_anything_to_learn_from(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"militia \(0 positive, 48 negative\)"):
        fit(build_train_config(tmp_path, labels=("mine", "arms", "militia")), folder=tmp_path)


def test_fit_wants_a_dev_set_to_choose_by(tmp_path: Path) -> None:
    articles = prepare(invent_records(4))
    with pytest.raises(DataError, match=r"data.dev has no article with any label"):
        fit_encoder(
            articles,
            targets=build_targets([[1, 0], [0, 1], [1, 1], [0, 0]], [[1, 1]] * 4),
            dev_articles=articles,
            dev_targets=build_targets([[0, 0]] * 4, [[1, 1]] * 4),
            config=build_train_config(tmp_path),
            work_dir=tmp_path / "work",
        )


def test_fit_says_when_it_diverges(tmp_path: Path) -> None:
    config = build_train_config(tmp_path, {"max_grad_norm": 1e9})
    config = replace(config, finetune=replace(config.finetune, learning_rate=1e30))
    with pytest.raises(DivergedError, match="learning_rate"):
        fit(config, folder=tmp_path)


def test_limit_threads_gives_them_back() -> None:
    former = torch.get_num_threads()
    with pytest.raises(KeyError), limit_threads(former + 1):
        assert torch.get_num_threads() == former + 1
        raise KeyError
    assert torch.get_num_threads() == former
    with limit_threads(None):
        assert torch.get_num_threads() == former
