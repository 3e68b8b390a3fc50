"""Measures a training configuration by cross-validation, and writes what was found: `hawadith train CONFIG --cross-validate K`."""

import json
import logging
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import ConfigError
from hawadith.prediction import Prediction
from hawadith.typology import load_typology
from hawadith.writers.atomic import replace_file
from hawadith_evaluation.duplicates import group_records
from hawadith_evaluation.estimates import Resampling
from hawadith_evaluation.evidence import measure_evidence
from hawadith_evaluation.metrics import Metrics, compute_metrics
from hawadith_evaluation.metrics_file import SectionValues
from hawadith_evaluation.predictions import Predictions
from hawadith_evaluation.report import SummaryValues, render_figures
from hawadith_training.articles import LabelledArticles, join_articles
from hawadith_training.config import TrainConfig
from hawadith_training.crossval import CrossValidation, cross_validate
from hawadith_training.fitting import FitResult, fit_model
from hawadith_training.train import read_parts

_LOGGER = logging.getLogger("hawadith")


def measure_recipe(config: TrainConfig, *, folds: int, output: Path) -> Metrics:
    """Cross-validate a training configuration over `data.train` and `data.dev` together.

    Writes `metrics.json`, `report.md` and `out-of-fold.jsonl`: each article's id, fold, probabilities and labels, and where the evidence
    stands for the labels that were given and those that hold. The file quotes no article; `hawadith evaluate --scores` reads it.

    Args:
        config: The recipe.
        folds: How many folds, at least 2.
        output: Folder for the files.

    Returns:
        The metrics of all folds' predictions, pooled.

    Raises:
        ConfigError: If a teacher is to label articles: it has learned from articles that a fold would be measured on.
        DataError: If a file cannot be read, or a label has nothing to learn from in some fold.
    """
    if config.self_training is not None:
        raise ConfigError(
            "A teacher has learned from articles that some fold is measured on, and hands on what it knows of them. "
            "Cross-validate with self_training=null; measure a student on articles that its teacher never saw."
        )
    typology = load_typology(Path(config.typology))
    learned, held_out = read_parts(config, typology=typology)
    articles = learned if held_out is None else join_articles(learned, held_out)
    tested = articles.select(articles.measured)
    groups = group_records(tested.records)
    with tempfile.TemporaryDirectory(prefix="hawadith-folds-") as work:

        def fit(part: LabelledArticles, fold: int) -> FitResult:
            _LOGGER.info("Fold %d of %d", fold + 1, folds)
            return fit_model(part, held_out=None, config=config, work=Path(work) / str(fold))

        result = cross_validate(
            articles,
            fit=fit,
            goals=config.thresholds.goals(typology.ids),
            groups=groups,
            n_folds=folds,
            seed=config.seed,
        )
    metrics = compute_metrics(
        tested.targets, probabilities=result.probabilities, decisions=result.decisions, groups=groups
    )
    predictions = _tabulate(tested, result=result, kind=config.encoder.kind)
    resampling = Resampling(groups=groups, resamples=metrics.resamples, seed=metrics.seed)
    sections = _measure_sections(tested, predictions, resampling=resampling)
    values: SummaryValues = {**metrics.to_mapping(), **sections}
    _write(output, predictions=predictions, folds=result.folds, values=values)
    return metrics


def _tabulate(tested: LabelledArticles, *, result: CrossValidation, kind: str) -> Predictions:
    """The pooled predictions as every section of a report takes them."""
    labels = tested.targets.labels
    return Predictions(
        model=kind,
        labels=labels,
        probabilities=result.probabilities,
        decisions=result.decisions,
        unscored={},
        rows=tuple(
            Prediction(
                id=record.id,
                status="ok",
                labels=tuple(label for label, given in zip(labels, result.decisions[row], strict=True) if given),
                scores=dict(zip(labels, result.probabilities[row].round(6).tolist(), strict=True)),
                evidence=result.evidence[row],
            )
            for row, record in enumerate(tested.records)
        ),
    )


def _measure_sections(tested: LabelledArticles, predictions: Predictions, *, resampling: Resampling) -> SectionValues:
    """The evidence of the folds' models, as an evaluation measures it from scores; or that there is none."""
    if not any(row.evidence for row in predictions.rows):
        return {"left_out": {"evidence": "this kind of model ranks sentences only once it is exported"}}
    evidence = measure_evidence(
        tested.records, predictions, targets=tested.targets, classifier=None, resampling=resampling
    )
    return {"evidence": evidence}


def _write(output: Path, *, predictions: Predictions, folds: NDArray[np.int64], values: SummaryValues) -> None:
    rows = (
        {
            "id": row.id,
            "fold": fold,
            "scores": row.scores,
            "labels": row.labels,
            "evidence": [
                {"label": e.label, "field": e.field, "start": e.start, "end": e.end, "score": round(e.score, 6)}
                for e in row.evidence
            ],
        }
        for row, fold in zip(predictions.rows, folds.tolist(), strict=True)
    )
    texts = {
        "metrics.json": json.dumps(values, indent=1, allow_nan=False) + "\n",
        "report.md": render_figures(values),
        "out-of-fold.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows),
    }
    for name, text in texts.items():
        with replace_file(output / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
