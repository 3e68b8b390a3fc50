"""Measures a training configuration by cross-validation, and writes what was found: `hawadith train CONFIG --cross-validate K`."""

import json
import logging
import tempfile
from pathlib import Path

from hawadith.typology import load_typology
from hawadith.writers.atomic import replace_file
from hawadith_evaluation.duplicates import group_records
from hawadith_evaluation.metrics import Metrics, compute_metrics
from hawadith_evaluation.report import render_table
from hawadith_training.articles import LabelledArticles, join_articles
from hawadith_training.config import TrainConfig
from hawadith_training.crossval import CrossValidation, cross_validate
from hawadith_training.fitting import FitResult, fit_model
from hawadith_training.train import read_parts

_LOGGER = logging.getLogger("hawadith")


def measure_recipe(config: TrainConfig, *, folds: int, output: Path) -> Metrics:
    """Cross-validate a training configuration over `data.train` and `data.dev` together.

    Writes `metrics.json`, `report.md` and `out-of-fold.jsonl` (each article's id, fold, probabilities and labels).

    Args:
        config: The recipe.
        folds: How many folds, at least 2.
        output: Folder for the files.

    Returns:
        The metrics of all folds' predictions, pooled.

    Raises:
        DataError: If a file cannot be read, or a label has nothing to learn from in some fold.
    """
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
    _write(output, articles=tested, result=result, metrics=metrics)
    return metrics


def _write(output: Path, *, articles: LabelledArticles, result: CrossValidation, metrics: Metrics) -> None:
    labels = articles.targets.labels
    rows = (
        {
            "id": record.id,
            "fold": int(result.folds[row]),
            "scores": dict(zip(labels, result.probabilities[row].round(6).tolist(), strict=True)),
            "labels": [label for label, given in zip(labels, result.decisions[row], strict=True) if given],
        }
        for row, record in enumerate(articles.records)
    )
    texts = {
        "metrics.json": json.dumps(metrics.to_mapping(), indent=1, allow_nan=False) + "\n",
        "report.md": render_table(metrics.to_mapping()),
        "out-of-fold.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows),
    }
    for name, text in texts.items():
        with replace_file(output / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
