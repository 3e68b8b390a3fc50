"""Published encoders of any age load whole, or not at all."""

import json
import logging
import pickle
from pathlib import Path

import pytest
import safetensors.torch
import torch
from tests.training.encoder.encoders import publish_encoder
from transformers import BertForPreTraining

from hawadith_training.encoder.errors import EncoderError
from hawadith_training.encoder.load import load_classifier, read_config
from hawadith_training.encoder.weights import read_weights

LABELS = ["mine", "arms", "militia"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


def rewrite_weights(folder: Path, state: dict[str, torch.Tensor]) -> None:
    torch.save(state, folder / "pytorch_model.bin")


def assert_same_encoder(folder: Path, model: BertForPreTraining) -> None:
    classifier = load_classifier(folder, labels=LABELS)
    loaded = classifier.bert.state_dict()
    for name, tensor in model.bert.state_dict().items():
        torch.testing.assert_close(loaded[name], tensor)
    assert classifier.classifier.weight.shape == (3, 32)


def test_load_reads_pickled_weights_with_heads_of_pre_training(folder: Path) -> None:
    assert_same_encoder(folder, publish_encoder(folder))


def test_load_reads_a_bare_encoder(folder: Path) -> None:
    model = publish_encoder(folder)
    rewrite_weights(folder, model.bert.state_dict())
    assert_same_encoder(folder, model)


def test_load_reads_names_of_the_oldest_checkpoints(folder: Path) -> None:
    model = publish_encoder(folder)
    old = {
        key.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): tensor
        for key, tensor in model.state_dict().items()
    }
    rewrite_weights(folder, old)
    assert_same_encoder(folder, model)


def test_load_prefers_safetensors(folder: Path) -> None:
    model = publish_encoder(folder)
    safetensors.torch.save_file(model.bert.state_dict(), folder / "model.safetensors")
    (folder / "pytorch_model.bin").write_bytes(b"never read")
    assert_same_encoder(folder, model)


def test_load_reads_half_precision_into_full(folder: Path) -> None:
    model = publish_encoder(folder)
    rewrite_weights(folder, {key: tensor.half() for key, tensor in model.bert.state_dict().items()})
    assert {parameter.dtype for parameter in load_classifier(folder, labels=LABELS).parameters()} == {torch.float32}


def test_load_writes_the_labels_into_the_configuration(folder: Path) -> None:
    publish_encoder(folder)
    config = load_classifier(folder, labels=LABELS).config
    assert (config.id2label, config.problem_type) == (dict(enumerate(LABELS)), "multi_label_classification")


def test_load_starts_a_missing_pooler_fresh_and_says_so(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    model = publish_encoder(folder)
    rewrite_weights(folder, {key: t for key, t in model.state_dict().items() if "pooler" not in key})
    with caplog.at_level(logging.WARNING, logger="hawadith"):
        load_classifier(folder, labels=LABELS)
    assert "no pooler" in caplog.text


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("bert.encoder.layer.1.output.dense.weight", "missing bert.encoder.layer.1.output.dense.weight"),
        ("bert.embeddings.word_embeddings.weight", "missing bert.embeddings.word_embeddings.weight"),
    ],
)
def test_load_refuses_missing_weights(folder: Path, key: str, message: str) -> None:
    state = dict(publish_encoder(folder).state_dict())
    del state[key]
    rewrite_weights(folder, state)
    with pytest.raises(EncoderError, match=message):
        load_classifier(folder, labels=LABELS)


def test_load_refuses_unknown_weights(folder: Path) -> None:
    state = dict(publish_encoder(folder).state_dict())
    rewrite_weights(folder, {**state, "bert.encoder.layer.2.output.dense.bias": torch.zeros(32)})
    with pytest.raises(EncoderError, match=r"unknown bert\.encoder\.layer\.2"):
        load_classifier(folder, labels=LABELS)


def test_load_refuses_weights_of_another_shape(folder: Path) -> None:
    publish_encoder(folder, settings={"vocab_size": 999})
    with pytest.raises(
        EncoderError, match=r"word_embeddings.weight has shape \(400, 32\), config.json asks for \(999, 32\)"
    ):
        load_classifier(folder, labels=LABELS)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"auto_map": {"AutoModel": "modeling_x.X"}}, "auto_map"),
        ({"model_type": "gpt2"}, "model_type is 'gpt2'"),
        ({"model_type": None}, "model_type is None"),
        ({"hidden_size": "wide"}, "no BERT configuration"),
    ],
)
def test_read_config_refuses_what_is_no_plain_bert(folder: Path, settings: dict[str, object], message: str) -> None:
    publish_encoder(folder, settings=settings)
    with pytest.raises(EncoderError, match=message):
        read_config(folder)


@pytest.mark.parametrize(
    ("content", "message"), [("{", "not JSON"), ("[1]", "must hold an object"), (None, "cannot be read")]
)
def test_read_config_refuses_a_broken_file(folder: Path, content: str | None, message: str) -> None:
    publish_encoder(folder)
    file = folder / "config.json"
    file.unlink() if content is None else file.write_text(content)
    with pytest.raises(EncoderError, match=message):
        read_config(folder)


class Payload:
    """Writes a file when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.trace,))


@pytest.mark.parametrize("zipped", [True, False])
def test_read_weights_never_runs_a_pickle(folder: Path, tmp_path: Path, zipped: bool) -> None:
    publish_encoder(folder)
    trace = tmp_path / "trace"
    if zipped:
        torch.save({"bert.x": Payload(trace)}, folder / "pytorch_model.bin")
    else:
        (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Payload(trace), protocol=2))
    with pytest.raises(EncoderError, match="more than tensors"):
        read_weights(folder)
    assert not trace.exists()


def test_read_weights_refuses_torn_files(folder: Path) -> None:
    model = publish_encoder(folder)
    pickled = folder / "pytorch_model.bin"
    pickled.write_bytes(pickled.read_bytes()[:5000])
    with pytest.raises(EncoderError, match="Copy the file again"):
        read_weights(folder)
    safe = folder / "model.safetensors"
    safetensors.torch.save_file(model.bert.state_dict(), safe)
    safe.write_bytes(safe.read_bytes()[:5000])
    with pytest.raises(EncoderError, match="Copy the file again"):
        read_weights(folder)


def test_read_weights_refuses_other_pickles_of_tensors(folder: Path) -> None:
    publish_encoder(folder)
    torch.save([torch.zeros(1)], folder / "pytorch_model.bin")
    with pytest.raises(EncoderError, match="no checkpoint"):
        read_weights(folder)


def test_read_weights_says_what_is_missing(folder: Path) -> None:
    publish_encoder(folder)
    (folder / "pytorch_model.bin").unlink()
    with pytest.raises(EncoderError, match=r"neither model.safetensors nor pytorch_model.bin"):
        read_weights(folder)


def test_published_encoder_imitates_old_layouts(folder: Path) -> None:
    publish_encoder(folder)
    raw = json.loads((folder / "config.json").read_text())
    assert "problem_type" not in raw
    assert "id2label" not in raw
    assert any(key.startswith("cls.") for key in read_weights(folder))
