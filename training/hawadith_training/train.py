"""From a configuration to a bundle: read, prepare, fit, calibrate, write. One way for both kinds of model."""

import logging
import shutil
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import numpy as np

from hawadith.bundle import Bundle, Manifest, read_bundle, write_bundle, write_json
from hawadith.calibration import Calibration
from hawadith.model import ArticleScores
from hawadith.text.article import TextProfile
from hawadith.text.residue import RESIDUE_VERSION
from hawadith.typology import Typology, load_typology
from hawadith_evaluation.calibration import fit_calibration
from hawadith_evaluation.duplicates import group_records
from hawadith_evaluation.metrics import Metrics, compute_metrics
from hawadith_training.articles import LabelledArticles, fingerprint, read_articles
from hawadith_training.card import render_card
from hawadith_training.config import TrainConfig
from hawadith_training.data.folds import fold_groups
from hawadith_training.fitting import Fitted, fit_model, read_init

_LOGGER = logging.getLogger("hawadith")

_HELD_OUT = 10  # one part in ten for calibration and early stopping, where data.dev names none


def train_bundle(config: TrainConfig, *, output: Path, resume: bool = False) -> Bundle:
    """Train a model and write it as a bundle.

    Args:
        config: Everything that decides how.
        output: The bundle's folder; a transformer's checkpoints lie in its sibling `<output>.work` until the bundle is written.
        resume: Continue a transformer from its newest whole checkpoint.

    Returns:
        The bundle, as read back from disk.

    Raises:
        DataError: If a file cannot be read, or a label has nothing to learn from.
        BundleError: If `init_from` is no bundle of the configured kind, or the output cannot take the name.
    """
    typology = load_typology(Path(config.typology))
    learned, held_out = read_parts(config, typology=typology)
    work = output.with_name(f"{output.name}.work")
    fitted = fit_model(learned, held_out=held_out, config=config, work=work, resume=resume)
    scores = fitted.score(list(held_out.articles))
    calibration = fit_calibration(scores.logits, targets=held_out.targets, goals=config.thresholds.goals(typology.ids))
    metrics = _measure(scores, held_out=held_out, calibration=calibration)
    bundle = _write(fitted, output, config=config, parts=(learned, held_out), calibration=calibration, metrics=metrics)
    shutil.rmtree(work, ignore_errors=True)
    return bundle


def build_profile(config: TrainConfig) -> TextProfile:
    """The text profile to train with: that of the bundle to grow from, so that old scores stay comparable; else the current one.

    Args:
        config: A checked configuration.

    Returns:
        The profile.

    Raises:
        BundleError: If `init_from` is no bundle of the configured kind.
    """
    init = read_init(config)
    if init is not None:
        return init.manifest.profile
    return TextProfile(preclean=RESIDUE_VERSION if config.preclean else 0)


def read_parts(config: TrainConfig, *, typology: Typology) -> tuple[LabelledArticles, LabelledArticles]:
    """Read the articles to learn from and the held-out ones; a tenth of the former where `data.dev` names none.

    Args:
        config: A checked configuration.
        typology: Says which labels count.

    Returns:
        Articles to learn from, and held-out articles.

    Raises:
        DataError: If a file or a row cannot be read.
    """
    profile, skip = build_profile(config), config.data.skip_bad_rows
    learned = read_articles(config.data.train, typology=typology, profile=profile, skip_bad_rows=skip)
    if config.data.dev is not None:
        return learned, read_articles(config.data.dev, typology=typology, profile=profile, skip_bad_rows=skip)
    folds = fold_groups(
        learned.targets.positive, groups=group_records(learned.records), n_folds=_HELD_OUT, seed=config.seed
    )
    _LOGGER.warning("data.dev is not set: a tenth of data.train is held out for calibration.")
    return learned.select(np.flatnonzero(folds > 0)), learned.select(np.flatnonzero(folds == 0))


def _measure(scores: ArticleScores, *, held_out: LabelledArticles, calibration: Calibration) -> Metrics:
    probabilities = calibration.probabilities(scores.logits)
    return compute_metrics(
        held_out.targets,
        probabilities=probabilities,
        decisions=probabilities >= calibration.thresholds,
        groups=group_records(held_out.records),
    )


def _write(
    fitted: Fitted,
    output: Path,
    *,
    config: TrainConfig,
    parts: tuple[LabelledArticles, LabelledArticles],
    calibration: Calibration,
    metrics: Metrics,
) -> Bundle:
    learned, held_out = parts
    manifest = Manifest(
        kind=config.encoder.kind,
        encoder=fitted.encoder,
        revision=fitted.revision,
        profile=build_profile(config),
        windowing=fitted.windowing,
        data_fingerprint=fingerprint(learned.records),
        code_version=version("hawadith"),
        settings=asdict(config),
    )
    typology = load_typology(Path(config.typology))
    with write_bundle(output, manifest=manifest, typology=typology, calibration=calibration) as folder:
        fitted.write(folder)
        write_json(folder / "metrics.json", metrics.to_mapping())
        card = render_card(
            manifest=manifest,
            typology=typology,
            calibration=calibration,
            n_articles={"learned from": len(learned.records), "held out": len(held_out.records)},
            metrics=metrics,
        )
        (folder / "README.md").write_text(card, encoding="utf-8")
    return read_bundle(output)
