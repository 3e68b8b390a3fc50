"""A bundle of a published encoder's shape with random weights: speed depends on the shape, and the shape needs no download."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import torch
from torch import nn
from transformers import BertConfig, BertForSequenceClassification

from hawadith.bundle import Bundle, Manifest, read_bundle, write_bundle, write_json
from hawadith.calibration import uncalibrated
from hawadith.classifier import default_bundle
from hawadith.encoder.precision import PRECISION_FILE, Precision
from hawadith.text.article import PreparedArticle, TextProfile
from hawadith.tokens import WordPieceTokenizer
from hawadith.windows import Windowing
from hawadith_training.encoder.export import RUNTIME, export_classifier, save_runtime
from hawadith_training.encoder.load import label_config
from hawadith_training.encoder.quantise import draw_windows, quantise_static, quantise_weights
from hawadith_training.encoder.scratch import learn_tokenizer

Shape = Literal["arabert-base", "compact", "tiny"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Widths:
    layers: int
    hidden: int
    heads: int
    vocabulary: int


_SHAPES: dict[Shape, _Widths] = {
    "arabert-base": _Widths(layers=12, hidden=768, heads=12, vocabulary=64_000),
    "compact": _Widths(layers=4, hidden=256, heads=4, vocabulary=16_000),
    "tiny": _Widths(layers=2, hidden=32, heads=2, vocabulary=2_000),
}
_CALIBRATION_WINDOWS = 32  # the speed of random weights does not depend on good scales
_ALPHAS = (0.95,)  # nor on these


def write_shape(folder: Path, *, shape: Shape, precision: Precision, articles: Sequence[PreparedArticle]) -> Bundle:
    """Write a bundle of random weights.

    Args:
        folder: The bundle's folder.
        shape: Which encoder it imitates.
        precision: The number format of its runtime.
        articles: Its word-pieces are learned from them, and the scales of `int8` fixed on them.

    Returns:
        The bundle; it scores, and its scores mean nothing.
    """
    widths = _SHAPES[shape]
    typology = read_bundle(default_bundle()).typology
    folder.parent.mkdir(parents=True, exist_ok=True)
    tokenizer = folder.with_name(f"{folder.name}.tokenizer.json")
    learn_tokenizer(articles, size=widths.vocabulary, target=tokenizer)
    manifest = Manifest(
        kind="transformer",
        encoder=f"random weights of the shape of {shape}",
        revision=None,
        profile=TextProfile(),
        windowing=Windowing(),
        data_fingerprint="0" * 64,
        code_version=version("hawadith"),
    )
    classifier = _build(widths, labels=typology.ids)
    calibration = uncalibrated(typology.ids)
    with write_bundle(folder, manifest=manifest, typology=typology, calibration=calibration) as place:
        exact = export_classifier(
            classifier, tokenizer=tokenizer, max_length=manifest.windowing.max_length, folder=place
        )
        if precision == "int8":
            windows = draw_windows(
                articles,
                tokenizer=WordPieceTokenizer.load(tokenizer),
                windowing=manifest.windowing,
                n=_CALIBRATION_WINDOWS,
            )
            static = quantise_static(exact, windows=windows, alphas=_ALPHAS)
            save_runtime(static.runtime, file=place / RUNTIME)
        elif precision == "int8-weights":
            save_runtime(quantise_weights(exact), file=place / RUNTIME)
        write_json(place / PRECISION_FILE, {"precision": precision})
    return read_bundle(folder)


def _build(widths: _Widths, *, labels: Sequence[str]) -> BertForSequenceClassification:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=widths.vocabulary,
        hidden_size=widths.hidden,
        num_hidden_layers=widths.layers,
        num_attention_heads=widths.heads,
        intermediate_size=4 * widths.hidden,
        max_position_embeddings=512,
    )
    classifier = BertForSequenceClassification(label_config(config, labels=labels))
    nn.Module.train(classifier, mode=False)
    return classifier
