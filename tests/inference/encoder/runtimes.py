"""A transformer bundle without a transformer: its runtime gives each label the weight of its heaviest token.

Made with OpenVINO's own operations, so that the tests of scoring need no torch, and every logit can be said beforehand.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13 as ops
from tests.builders import build_manifest, build_type
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from hawadith.bundle import Bundle, read_bundle, write_bundle
from hawadith.calibration import uncalibrated
from hawadith.typology import Pooling, Typology
from hawadith.windows import Windowing

WORDS = ("لغم", "سلاح", "ميليشيا", "قرية", "طريق", "جسر", "مدرسة", "سوق", "نهر", "عام", ".")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
VOCABULARY = {word: position for position, word in enumerate((*SPECIAL, *WORDS))}
FLOOR = -4.0
"""The weight of every token that no label weighs otherwise."""


def build_weights(*columns: Mapping[str, float]) -> NDArray[np.float32]:
    """Token weights, shape `(vocabulary, labels)`, from each label's words."""
    weights = np.full((len(VOCABULARY), len(columns)), FLOOR, dtype=np.float32)
    for column, words in enumerate(columns):
        for word, weight in words.items():
            weights[VOCABULARY[word], column] = weight
    return weights


def save_runtime(file: Path, *, weights: NDArray[np.float32]) -> None:
    """A model whose logit is the largest weight of any token that is no padding."""
    input_ids = ops.parameter([-1, -1], np.int64, name="input_ids")
    attention_mask = ops.parameter([-1, -1], np.int64, name="attention_mask")
    for port in (input_ids, attention_mask):
        port.output(0).set_names({port.get_friendly_name()})
    tokens = ops.gather(ops.constant(weights), input_ids, ops.constant(0))
    padding = ops.unsqueeze(
        ops.multiply(ops.subtract(ops.convert(attention_mask, "f32"), np.float32(1)), np.float32(1e9)), -1
    )
    logits = ops.reduce_max(ops.add(tokens, padding), ops.constant([1]))
    file.parent.mkdir(parents=True, exist_ok=True)
    openvino.save_model(openvino.Model([logits], [input_ids, attention_mask]), file, compress_to_fp16=False)


def save_tokenizer(file: Path) -> None:
    """A tokenizer of `WORDS`."""
    tokenizer = Tokenizer(WordPiece(VOCABULARY, unk_token=SPECIAL[1]))
    tokenizer.normalizer = BertNormalizer(lowercase=False, strip_accents=False)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.save(str(file))


def describe_model(labels: tuple[str, ...]) -> dict[str, object]:
    """A `config.json` that fits."""
    return {
        "model_type": "bert",
        "problem_type": "multi_label_classification",
        "id2label": {str(position): label for position, label in enumerate(labels)},
        "max_position_embeddings": 64,
        "vocab_size": len(VOCABULARY),
    }


def write_encoder_bundle(
    path: Path,
    *,
    weights: NDArray[np.float32],
    labels: Mapping[str, Pooling],
    config: Mapping[str, object] | None = None,
    windowing: Windowing | None = None,
) -> Bundle:
    """Write a bundle of the weights; `config` overrides keys of its `config.json`, None takes a key out."""
    typology = Typology(version=1, labels=tuple(build_type(id_, pooling=rule) for id_, rule in labels.items()))
    manifest = replace(
        build_manifest(kind="transformer"), windowing=windowing or Windowing(max_length=32, overlap=8), encoder="tests"
    )
    raw = {**describe_model(typology.ids), **(config or {})}
    with write_bundle(path, manifest=manifest, typology=typology, calibration=uncalibrated(typology.ids)) as folder:
        kept = {key: value for key, value in raw.items() if value is not None}
        (folder / "config.json").write_text(json.dumps(kept), encoding="utf-8")
        (folder / "model.safetensors").write_bytes(b"")
        save_tokenizer(folder / "tokenizer.json")
        save_runtime(folder / "runtime" / "model.xml", weights=weights)
    return read_bundle(path)
