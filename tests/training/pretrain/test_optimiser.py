"""Which parameters go to which optimiser, and that a run with Muon resumes to the same weights."""

from pathlib import Path

import pytest
import torch
from tests.training.pretrain.runs import build_config, read_events
from torch import nn
from transformers import BertConfig, BertForMaskedLM

from hawadith_training.encoder.weights import read_weights
from hawadith_training.pretrain.config import OptimiserConfig
from hawadith_training.pretrain.device import Device
from hawadith_training.pretrain.optimiser import build_optimiser
from hawadith_training.pretrain.run import pretrain

CPU = torch.device("cpu")


def build_model() -> BertForMaskedLM:
    torch.manual_seed(1)
    return BertForMaskedLM(
        BertConfig(vocab_size=30, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=16)
    )


def test_muon_takes_the_matrices_of_the_layers_and_adamw_every_other_parameter() -> None:
    model = build_model()
    states = build_optimiser(model, config=OptimiserConfig(kind="muon"), device=CPU).state_dict()
    n_matrices = 2 * 6 + 1  # query, key, value, output, and two of the feed-forward part; the head's transformation
    assert len(states["muon"]["param_groups"][0]["params"]) == n_matrices
    others = sum(len(group["params"]) for group in states["adamw"]["param_groups"])
    assert others == len(list(model.parameters())) - n_matrices


def test_adamw_alone_decays_matrices_only() -> None:
    states = build_optimiser(build_model(), config=OptimiserConfig(weight_decay=0.3), device=CPU).state_dict()
    assert set(states) == {"adamw"}
    assert [group["weight_decay"] for group in states["adamw"]["param_groups"]] == [0.3, 0.0]


@pytest.mark.parametrize("kind", ["adamw", "muon"])
def test_rate_is_that_of_every_parameter_and_a_step_forgets_gradients(kind: str) -> None:
    model = nn.Sequential(nn.Embedding(5, 4), nn.Linear(4, 4))
    optimiser = build_optimiser(model, config=OptimiserConfig(kind="muon" if kind == "muon" else "adamw"), device=CPU)
    before = [value.detach().clone() for value in model.parameters()]
    optimiser.set_rate(0.0)
    model(torch.tensor([1, 2])).sum().backward()
    optimiser.step()
    assert all(torch.equal(old, new) for old, new in zip(before, model.parameters(), strict=True))
    assert all(value.grad is None for value in model.parameters())
    optimiser.set_rate(0.1)
    model(torch.tensor([1, 2])).square().sum().backward()
    optimiser.step()
    assert not any(torch.equal(old, new) for old, new in zip(before, model.parameters(), strict=True))


def test_stopped_run_with_muon_ends_where_the_unbroken_one_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pretrain(build_config(tmp_path / "unbroken", optimiser__kind="muon"))
    stopped = build_config(tmp_path / "stopped", optimiser__kind="muon")
    steps = iter(range(1, 100))
    with monkeypatch.context() as patch:
        patch.setattr(Device, "agree", lambda self, *, wish: next(steps) == 5)
        patch.setattr(Device, "wait", lambda self: None)
        assert not pretrain(stopped)
    assert pretrain(stopped)
    assert [entry["step"] for entry in read_events(tmp_path / "stopped", "resume")] == [5]
    first, second = (read_weights(tmp_path / name / "run" / "encoder") for name in ("unbroken", "stopped"))
    for name, value in first.items():
        torch.testing.assert_close(second[name], value, rtol=0, atol=1e-6)
