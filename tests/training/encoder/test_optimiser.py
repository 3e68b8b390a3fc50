"""Every weight learns at the rate of its layer, or not at all."""

from pathlib import Path

import pytest
import torch
from tests.training.encoder.encoders import build_bert

from hawadith.errors import ConfigError
from hawadith_training.encoder.config import FinetuneConfig
from hawadith_training.encoder.optimiser import build_optimiser, freeze_weights, layer_of

LABELS = ("mine", "arms")


def test_build_optimiser_gives_each_layer_its_rate(tmp_path: Path) -> None:
    bert = build_bert(tmp_path, labels=LABELS)
    optimiser = build_optimiser(bert, layers=2, learning_rate=1.0, layer_decay=0.5, weight_decay=0.1)
    rates = {id(parameter): group["lr"] for group in optimiser.param_groups for parameter in group["params"]}
    found = {name: rates[id(parameter)] for name, parameter in bert.named_parameters()}
    assert len(rates) == len(found)
    assert found["classifier.weight"] == found["bert.pooler.dense.bias"] == 1.0
    assert found["bert.encoder.layer.1.output.dense.weight"] == 1.0
    assert found["bert.encoder.layer.0.output.dense.weight"] == 0.5
    assert found["bert.embeddings.word_embeddings.weight"] == 0.25


def test_build_optimiser_decays_matrices_only(tmp_path: Path) -> None:
    optimiser = build_optimiser(
        build_bert(tmp_path, labels=LABELS), layers=2, learning_rate=1.0, layer_decay=1.0, weight_decay=0.1
    )
    for group in optimiser.param_groups:
        assert {parameter.ndim > 1 for parameter in group["params"]} == {group["weight_decay"] == 0.1}


def test_build_optimiser_leaves_frozen_weights_out(tmp_path: Path) -> None:
    bert = build_bert(tmp_path, labels=LABELS)
    freeze_weights(bert, config=FinetuneConfig(frozen_embeddings=True, frozen_layers=1))
    optimiser = build_optimiser(bert, layers=2, learning_rate=1.0, layer_decay=1.0, weight_decay=0.0)
    learning = {id(parameter) for group in optimiser.param_groups for parameter in group["params"]}
    depths = {layer_of(name, layers=2) for name, parameter in bert.named_parameters() if id(parameter) in learning}
    assert depths == {2, 3}


def test_freeze_weights_refuses_more_layers_than_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the encoder has 2 layers"):
        freeze_weights(build_bert(tmp_path, labels=LABELS), config=FinetuneConfig(frozen_layers=3))


@pytest.mark.parametrize(
    ("name", "depth"),
    [
        ("classifier.bert.embeddings.LayerNorm.weight", 0),
        ("bert.encoder.layer.0.attention.self.query.weight", 1),
        ("bert.encoder.layer.11.output.dense.bias", 12),
        ("bert.pooler.dense.weight", 13),
        ("classifier.bias", 13),
    ],
)
def test_layer_of_counts_from_the_embeddings(name: str, depth: int) -> None:
    assert layer_of(name, layers=12) == depth


def test_build_optimiser_trains(tmp_path: Path) -> None:
    head = torch.nn.Linear(2, 1)
    before = head.weight.detach().clone()
    optimiser = build_optimiser(head, layers=0, learning_rate=0.1, layer_decay=1.0, weight_decay=0.0)
    head(torch.ones(1, 2)).sum().backward()
    optimiser.step()
    assert (head.weight < before).all()
