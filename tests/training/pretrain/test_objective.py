"""The loss is that of the whole model, at a part of its cost."""

from pathlib import Path

import numpy as np
import pytest
import torch
from tests.training.pretrain.runs import build_config
from torch import Tensor
from transformers import BertForMaskedLM

from hawadith.errors import ConfigError
from hawadith_training.encoder.errors import EncoderError
from hawadith_training.pretrain.deadline import Deadline
from hawadith_training.pretrain.model import build_encoder, load_weights
from hawadith_training.pretrain.objective import MaskedWords, build_objective, to_tensors
from hawadith_training.pretrain.prepare import prepare_corpus


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("objective")
    prepare_corpus(build_config(folder), deadline=Deadline(None), n_workers=1, on_shard=lambda _: None)
    return folder


def build(folder: Path, **changes: object) -> MaskedWords:
    config = build_config(folder, **changes)
    tokenizer = config.prepared_folder / "tokenizer.json"
    objective = build_objective(
        build_encoder(config, tokenizer=tokenizer), config=config.objective, tokenizer=tokenizer
    )
    assert isinstance(objective, MaskedWords)
    return objective


def embeddings(model: BertForMaskedLM) -> Tensor:
    return model.get_parameter("bert.embeddings.word_embeddings.weight")


def test_loss_equals_that_of_the_whole_model(folder: Path) -> None:
    objective = build(folder, model__dropout=0.0)
    blocks = np.random.default_rng(1).integers(8, 150, size=(6, 16))
    blocks[:, 0] = 2
    task = objective.corrupt(blocks, generator=np.random.default_rng(2))
    labels = torch.full((6 * 16,), -100)
    labels[task.positions] = torch.from_numpy(task.targets)
    with torch.no_grad():
        whole = objective.encoder(input_ids=torch.from_numpy(task.inputs), labels=labels.view(6, 16)).loss
    with torch.no_grad():
        ours = objective(**to_tensors(task, device=torch.device("cpu"))) / len(task.targets)
    assert float(ours) == pytest.approx(float(whole), abs=1e-5)


def test_loss_at_the_start_is_that_of_a_blind_guess(folder: Path) -> None:
    objective = build(folder)
    task = objective.corrupt(np.full((4, 32), 9), generator=np.random.default_rng(2))
    with torch.no_grad():
        loss = float(objective(**to_tensors(task, device=torch.device("cpu")))) / len(task.targets)
    assert loss == pytest.approx(np.log(200), rel=0.2)


def test_model_follows_its_configuration_and_seed(folder: Path) -> None:
    encoder = build(folder).encoder
    shape = encoder.config
    assert (shape.hidden_size, shape.max_position_embeddings, shape.vocab_size) == (16, 32, 192)
    assert encoder.config._attn_implementation == "sdpa"
    assert encoder.cls.predictions.decoder.weight is embeddings(encoder)
    same, other = build(folder).encoder, build(folder, seed=14).encoder
    assert torch.equal(embeddings(encoder), embeddings(same))
    assert not torch.equal(embeddings(encoder), embeddings(other))


def test_model_refuses_weights_of_another_one(folder: Path) -> None:
    encoder = build(folder).encoder
    weights = {name: value.detach() for name, value in encoder.named_parameters()}
    with pytest.raises(EncoderError, match=r"3 weights .* a, bert\.embeddings\.word_embeddings\.weight"):
        load_weights(
            encoder,
            {
                **{k: v for k, v in weights.items() if k != "cls.predictions.bias"},
                "a": torch.ones(1),
                "bert.embeddings.word_embeddings.weight": torch.ones(2, 2),
            },
            source=folder,
        )


def test_objective_of_an_unknown_kind_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"objective\.kind: 'guessing' is none of 'masked_words'"):
        build(folder, objective={"kind": "guessing"})
