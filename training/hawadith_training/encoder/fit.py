"""Fine-tunes a transformer on whole articles: from prepared articles to a model that scores and goes into a bundle."""

import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import datasets
import numpy as np
import safetensors.torch
import torch
from numpy.typing import NDArray
from transformers import set_seed

from hawadith.bundle import Bundle, read_bundle
from hawadith.errors import DataError
from hawadith.text.article import PreparedArticle
from hawadith.tokens import WordPieceTokenizer
from hawadith.typology import Typology, load_typology
from hawadith_evaluation.targets import Targets
from hawadith_training.config import TrainConfig
from hawadith_training.encoder.checkpoints import find_checkpoint, find_result
from hawadith_training.encoder.config import FinetuneConfig
from hawadith_training.encoder.dataset import WindowedArticles, fingerprint_texts, tokenise_articles
from hawadith_training.encoder.fitted import FittedEncoder
from hawadith_training.encoder.grow import match_labels
from hawadith_training.encoder.losses import build_loss, encode_targets
from hawadith_training.encoder.model import ArticleClassifier
from hawadith_training.encoder.optimiser import freeze_weights
from hawadith_training.encoder.run_identity import claim_folder, describe_run
from hawadith_training.encoder.start import Start, grow_start, prepare_start
from hawadith_training.encoder.trainer import ArticleTrainer

_LOGGER = logging.getLogger("hawadith")


def fit_encoder(
    train_articles: Sequence[PreparedArticle],
    *,
    targets: Targets,
    dev_articles: Sequence[PreparedArticle],
    dev_targets: Targets,
    config: TrainConfig,
    work_dir: Path,
    taught: NDArray[np.float32] | None = None,
    resume: bool = False,
) -> FittedEncoder:
    """Fine-tune a transformer.

    Args:
        train_articles: Articles to learn from.
        targets: Their labels.
        dev_articles: Held-out articles for early stopping and the choice of the checkpoint; none trains to the end.
        dev_targets: Their labels.
        config: How to train; `config.typology` says how each label is pooled.
        work_dir: Holds tokenised articles and checkpoints, which stay there.
        taught: A teacher's probabilities in place of labels, NaN where the labels count; shape `(articles, labels)`.
        resume: Go on from the newest whole checkpoint in `work_dir`; without it the folder's former run is removed.

    Returns:
        The model of the best evaluation on dev, or of the last step where there is no dev.

    Raises:
        ConfigError: If the configuration names no start, or another run stands in `work_dir` and shall be resumed.
        DataError: If a label has nothing to learn or to be measured from.
        ModelUnavailableError: If the encoder is out of reach.
        EncoderError: If the encoder is unsafe, damaged or of another kind.
        BundleError: If the bundle to grow from is none, or of another kind.
        DivergedError: If the loss is no longer a number.
        MissingExtraError: If TensorBoard is asked for and not installed.
    """
    typology = load_typology(Path(config.typology))
    _check_targets(targets, dev=dev_targets, known=_known_labels(config, typology=typology))
    work_dir = work_dir.resolve()  # checkpoints name each other by path
    set_seed(config.seed)
    start = prepare_start(config, typology=typology, articles=train_articles, folder=work_dir)
    texts = fingerprint_texts(train_articles, windowing=start.windowing, vocabulary=start.tokenizer)
    labels = encode_targets(targets, taught=taught)
    claim_folder(
        work_dir / "run.json",
        run=describe_run(config, typology=typology, labels=labels, texts=texts),
        resume=resume,
    )
    model = _build_model(start, typology=typology, targets=targets, config=config.finetune)
    trainer = ArticleTrainer(
        model,
        config=config.finetune,
        train=_read(train_articles, labels=labels, start=start, folder=work_dir),
        dev=_read(dev_articles, labels=encode_targets(dev_targets), start=start, folder=work_dir)
        if dev_articles
        else None,
        pad_id=WordPieceTokenizer.load(start.tokenizer).pad_id,
        folder=work_dir / "checkpoints",
        reports=work_dir.with_suffix(".tensorboard"),
        seed=config.seed,
    )
    with limit_threads(config.finetune.threads):
        _train(
            trainer,
            model=model,
            checkpoints=work_dir / "checkpoints",
            patience=config.finetune.patience,
            resume=resume,
        )
    return _fitted(start, model=model, config=config.finetune, trainer=trainer)


def grow_encoder(bundle: Bundle, *, typology: Typology, config: FinetuneConfig, work_dir: Path) -> FittedEncoder:
    """A bundle's model under a new typology, before any training step.

    Args:
        bundle: A verified transformer bundle.
        typology: The labels to be.
        config: Its `dropout` and `token_budget` count.
        work_dir: Where the tokenizer's file is written.

    Returns:
        The model: old labels score as in the bundle, new ones from fresh head rows.

    Raises:
        BundleError: If the bundle holds no transformer.
        EncoderError: If its weights do not fit its configuration.
    """
    work_dir.mkdir(parents=True, exist_ok=True)
    start = grow_start(bundle, typology=typology, config=config, tokenizer=work_dir / "tokenizer.json")
    model = ArticleClassifier(start.classifier, rules=typology.pooling, token_budget=config.token_budget)
    return _fitted(start, model=model, config=config)


@contextmanager
def limit_threads(threads: int | None) -> Iterator[None]:
    """Let torch use so many CPU threads for a while; as many as it likes when none are given."""
    former = torch.get_num_threads()
    torch.set_num_threads(threads or former)
    try:
        yield
    finally:
        torch.set_num_threads(former)


def _known_labels(config: TrainConfig, *, typology: Typology) -> set[str]:
    """Labels that a bundle to grow from brings along: new articles need not show them again."""
    if config.init_from is None:
        return set()
    kept = match_labels(read_bundle(Path(config.init_from)).typology, grown=typology)
    return {typology.ids[column] for column in kept}


def _check_targets(targets: Targets, *, dev: Targets, known: set[str]) -> None:
    negative = targets.judged & ~targets.positive
    bare = [
        f"{label} ({positives} positive, {negatives} negative)"
        for label, positives, negatives in zip(targets.labels, targets.positive.sum(0), negative.sum(0), strict=True)
        if label not in known and not (positives and negatives)
    ]
    if bare:
        raise DataError(
            f"Labels without anything to learn from in data.train: {', '.join(bare)}. Bring at least one article that carries the "
            "label and one that does not, or take the label out of the typology."
        )
    if len(dev.positive) and not dev.positive.any():
        raise DataError(
            "data.dev has no article with any label: nothing to choose a checkpoint by. Bring others, or set data.dev=null."
        )


def _build_model(start: Start, *, typology: Typology, targets: Targets, config: FinetuneConfig) -> ArticleClassifier:
    freeze_weights(start.classifier, config=config)
    if config.gradient_checkpointing:
        # Named anew in transformers 5; the old name warns there.
        name = "activation_checkpointing_enable"
        enable = getattr(start.classifier, name, None) or start.classifier.gradient_checkpointing_enable
        enable()
    return ArticleClassifier(
        start.classifier,
        rules=typology.pooling,
        token_budget=config.token_budget,
        loss=build_loss(config.loss, targets=targets),
    )


def _read(
    articles: Sequence[PreparedArticle], *, labels: NDArray[np.float32], start: Start, folder: Path
) -> WindowedArticles:
    datasets.disable_progress_bars()
    rows = tokenise_articles(
        articles,
        tokenizer=WordPieceTokenizer.load(start.tokenizer),
        windowing=start.windowing,
        vocabulary=start.tokenizer,
        folder=folder / "tokenised",
    )
    return WindowedArticles(rows, labels=labels)


def _train(
    trainer: ArticleTrainer, *, model: ArticleClassifier, checkpoints: Path, patience: int | None, resume: bool
) -> None:
    if not resume and checkpoints.exists():
        shutil.rmtree(checkpoints)
    checkpoint = find_checkpoint(checkpoints) if resume else None
    if checkpoint is None:
        if resume:
            _LOGGER.warning("There is no whole checkpoint in %s; training starts from the beginning.", checkpoints)
        trainer.train()
        return
    result = find_result(checkpoint, patience=patience)
    if result is None:
        _LOGGER.info("Training goes on from %s.", checkpoint.name)
        trainer.train(resume_from_checkpoint=str(checkpoint))
        return
    _LOGGER.info("Training had ended; its result is %s.", result.name)
    model.load_state_dict(safetensors.torch.load_file(result / "model.safetensors"))


def _fitted(
    start: Start, *, model: ArticleClassifier, config: FinetuneConfig, trainer: ArticleTrainer | None = None
) -> FittedEncoder:
    return FittedEncoder(
        model=model,
        tokenizer=start.tokenizer,
        windowing=start.windowing,
        encoder=start.encoder,
        revision=start.revision,
        token_budget=config.token_budget,
        history=() if trainer is None else tuple(trainer.state.log_history),
    )
