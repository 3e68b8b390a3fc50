"""The point that a fine-tuning starts from: a published encoder, an encoder from scratch, or a bundle that grows.

All three come out alike: a classifier, the file of its tokenizer, and windows that both can read.
"""

import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from transformers import BertForSequenceClassification

from hawadith.bundle import Bundle, read_bundle
from hawadith.errors import ConfigError
from hawadith.text.article import PreparedArticle
from hawadith.typology import Typology
from hawadith.windows import Windowing
from hawadith_training.config import TrainConfig
from hawadith_training.encoder.config import FinetuneConfig, ScratchConfig
from hawadith_training.encoder.grow import grow_classifier
from hawadith_training.encoder.hub import locate_encoder
from hawadith_training.encoder.load import label_config, load_classifier, set_dropout
from hawadith_training.encoder.scratch import build_config, learn_tokenizer
from hawadith_training.encoder.tokenizer_file import longest_input, write_tokenizer

_LOGGER = logging.getLogger("hawadith")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Start:
    """Where a fine-tuning starts.

    Attributes:
        classifier: The model before its first step.
        tokenizer: Its `tokenizer.json`.
        windowing: How articles are cut, within what the encoder can read.
        encoder: Origin of the encoder, for the manifest.
        revision: Its hub revision, where one was pinned.
    """

    classifier: BertForSequenceClassification
    tokenizer: Path
    windowing: Windowing
    encoder: str
    revision: str | None


def prepare_start(
    config: TrainConfig, *, typology: Typology, articles: Sequence[PreparedArticle], folder: Path
) -> Start:
    """Build the model that a configuration starts from.

    Args:
        config: Names an encoder, a shape, or a bundle.
        typology: The labels to be.
        articles: Training articles; an encoder from scratch learns its word-pieces from them.
        folder: Where the tokenizer's file is written.

    Returns:
        The start; fresh weights follow `config.seed`.

    Raises:
        ConfigError: If the configuration names no start, or two.
        ModelUnavailableError: If the encoder is out of reach.
        EncoderError: If the encoder is unsafe, damaged or of another kind.
        BundleError: If the bundle to grow from is none, or of another kind.
    """
    torch.manual_seed(config.seed)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = folder / "tokenizer.json"
    if config.init_from is not None:
        bundle = read_bundle(Path(config.init_from))
        return grow_start(bundle, typology=typology, config=config.finetune, tokenizer=tokenizer)
    if (config.encoder.path is None) == (config.finetune.scratch is None):
        raise ConfigError(
            "A transformer starts from exactly one of encoder.path (hub id or folder), finetune.scratch (random weights) "
            "and init_from (a bundle). Set one, and the others to null."
        )
    if config.finetune.scratch is not None:
        return _start_from_scratch(
            config.finetune.scratch, config=config.finetune, typology=typology, articles=articles, tokenizer=tokenizer
        )
    source = locate_encoder(str(config.encoder.path), revision=config.encoder.revision)
    classifier = load_classifier(source, labels=typology.ids, dropout=config.finetune.dropout)
    write_tokenizer(source, config=classifier.config, target=tokenizer)
    return Start(
        classifier=classifier,
        tokenizer=tokenizer,
        windowing=fit_windowing(config.finetune.windowing, longest=longest_input(source, config=classifier.config)),
        encoder=str(config.encoder.path),
        revision=config.encoder.revision,
    )


def grow_start(bundle: Bundle, *, typology: Typology, config: FinetuneConfig, tokenizer: Path) -> Start:
    """Start from a bundle; its windows are kept, since with others its labels' scores would not be its own.

    Args:
        bundle: A verified transformer bundle.
        typology: The labels to be.
        config: How to train.
        tokenizer: Where the tokenizer's file is written.

    Returns:
        The start.

    Raises:
        BundleError: If the bundle holds no transformer.
        EncoderError: If its weights do not fit its configuration.
    """
    classifier = grow_classifier(bundle, typology=typology, dropout=config.dropout)
    shutil.copyfile(bundle.path / "tokenizer.json", tokenizer)
    windowing = bundle.manifest.windowing
    if windowing != config.windowing:
        _LOGGER.warning(
            "finetune.windowing is not taken: %s was trained with %s, which is kept.", bundle.path, windowing
        )
    return Start(
        classifier=classifier,
        tokenizer=tokenizer,
        windowing=windowing,
        encoder=bundle.manifest.encoder,
        revision=bundle.manifest.revision,
    )


def fit_windowing(windowing: Windowing, *, longest: int) -> Windowing:
    """Shorten windows to what an encoder can read, and say so.

    Args:
        windowing: As configured.
        longest: Tokens that the encoder reads at most.

    Returns:
        The windowing, or a shorter one with its overlap in proportion.
    """
    if windowing.max_length <= longest:
        return windowing
    _LOGGER.warning(
        "finetune.windowing.max_length is %d; the encoder reads %d tokens, which is taken.",
        windowing.max_length,
        longest,
    )
    return replace(windowing, max_length=longest, overlap=windowing.overlap * longest // windowing.max_length)


def _start_from_scratch(
    scratch: ScratchConfig,
    *,
    config: FinetuneConfig,
    typology: Typology,
    articles: Sequence[PreparedArticle],
    tokenizer: Path,
) -> Start:
    learn_tokenizer(articles, size=scratch.vocabulary, target=tokenizer)
    bert = label_config(build_config(scratch, tokenizer=tokenizer), labels=typology.ids)
    set_dropout(bert, dropout=config.dropout)
    return Start(
        classifier=BertForSequenceClassification(bert),
        tokenizer=tokenizer,
        windowing=fit_windowing(config.windowing, longest=scratch.positions),
        encoder="scratch",
        revision=None,
    )
