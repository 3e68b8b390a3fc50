"""From a configuration to a bundle: read, prepare, fit, calibrate, write. One way for both kinds of model."""

import shutil
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import numpy as np

from hawadith.bundle import Bundle, Manifest, check_output, read_bundle, write_bundle, write_json
from hawadith.calibration import Calibration
from hawadith.drift.reference import REFERENCE, describe_figures
from hawadith.errors import ConfigError
from hawadith.text.article import TextProfile
from hawadith.text.residue import RESIDUE_VERSION
from hawadith.typology import Typology, load_typology
from hawadith_evaluation.calibration import fit_calibration
from hawadith_evaluation.metrics import Metrics, compute_metrics
from hawadith_training.articles import LabelledArticles, fingerprint, join_articles, read_articles, select_auxiliary
from hawadith_training.augment import copy_with_other_actors
from hawadith_training.card import render_card
from hawadith_training.config import TrainConfig
from hawadith_training.fitting import FitResult, fit_model, read_init
from hawadith_training.reference import measure_reference
from hawadith_training.self_training import teach_articles


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
    check_output(output)
    typology = load_typology(Path(config.typology))
    learned, held_out = read_parts(config, typology=typology)
    work = output.with_name(f"{output.name}.work")
    result = fit_model(learned, held_out=held_out, config=config, work=work, resume=resume)
    calibration = fit_calibration(
        result.logits,
        targets=result.unseen.targets,
        goals=config.thresholds.goals(typology.ids),
        groups=result.groups,
    )
    bundle = _write(result, output, config=config, typology=typology, learned=learned, calibration=calibration)
    # Only a folder that our own fine-tuning claimed; a linear fit makes none.
    if config.encoder.kind == "transformer" and (work / "run.json").is_file():
        shutil.rmtree(work)
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


def read_parts(config: TrainConfig, *, typology: Typology) -> tuple[LabelledArticles, LabelledArticles | None]:
    """Read the articles to learn from, and the held-out ones where `data.dev` names any; both with their copies where those are asked for.

    Args:
        config: A checked configuration.
        typology: Says which labels count.

    Returns:
        Articles to learn from, the auxiliary ones last, those that a teacher labelled last of all; held-out articles or None.

    Raises:
        ConfigError: If `data.classes` gives a label that the typology lacks.
        DataError: If a file or a row cannot be read.
    """
    strange = sorted({label for label in config.data.classes.values() if label} - {*typology.ids})
    if strange:
        raise ConfigError(
            f"data.classes: {', '.join(strange)} is no label of {config.typology}; it has {', '.join(typology.ids)}."
        )
    learned = _read_part(config.data.train_paths, config=config, typology=typology)
    held_out = None
    if config.data.dev_paths:
        held_out = _read_part(config.data.dev_paths, config=config, typology=typology)
    measured = [*learned.records, *(held_out.records if held_out else ())]
    for paths, fragments in ((config.data.auxiliary_paths, False), (config.data.sentence_paths, True)):
        if paths:
            further = _read_part(paths, config=config, typology=typology)
            learned = join_articles(learned, select_auxiliary(further, measured=measured, fragments=fragments))
    if config.self_training is not None:
        taught = teach_articles(
            config.self_training, typology=typology, profile=build_profile(config), seed=config.seed
        )
        learned = join_articles(learned, select_auxiliary(taught, measured=measured))
    return learned, held_out


def _read_part(paths: Sequence[str], *, config: TrainConfig, typology: Typology) -> LabelledArticles:
    profile = build_profile(config)
    part = read_articles(
        paths,
        typology=typology,
        profile=profile,
        skip_bad_rows=config.data.skip_bad_rows,
        options=config.data.reading,
    )
    return copy_with_other_actors(part, profile=profile, seed=config.seed) if config.augment == "actors" else part


def _write(
    result: FitResult,
    output: Path,
    *,
    config: TrainConfig,
    typology: Typology,
    learned: LabelledArticles,
    calibration: Calibration,
) -> Bundle:
    fitted = result.fitted
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
    metrics = _measure(result, calibration=calibration)
    with write_bundle(output, manifest=manifest, typology=typology, calibration=calibration) as folder:
        fitted.write(folder)
        write_json(folder / "metrics.json", metrics.to_mapping())
        figures = measure_reference(result, calibration=calibration, labels=typology.ids)
        write_json(folder / REFERENCE, describe_figures(figures))
        card = render_card(
            manifest=manifest,
            typology=typology,
            calibration=calibration,
            learned=_count(learned),
            measured_on=f"{len(result.unseen.records)} articles ({result.how})",
            metrics=metrics,
            config=config.card,
        )
        (folder / "README.md").write_text(card, encoding="utf-8")
    return read_bundle(output)


def _count(learned: LabelledArticles) -> str:
    n_sentences = 0 if learned.fragments is None else int(learned.fragments.sum())
    n_taught = 0 if learned.taught is None else int((~np.isnan(learned.taught)).any(axis=1).sum())
    counts = [f"{len(learned.records) - n_sentences - n_taught} articles"]
    counts += [f"{n_taught} that a teacher labelled"] * bool(n_taught) + [f"{n_sentences} sentences"] * bool(
        n_sentences
    )
    return " and ".join(counts)


def _measure(result: FitResult, *, calibration: Calibration) -> Metrics:
    probabilities = calibration.probabilities(result.logits)
    return compute_metrics(
        result.unseen.targets,
        probabilities=probabilities,
        decisions=probabilities >= calibration.thresholds,
        groups=result.groups,
    )
