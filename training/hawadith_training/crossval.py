"""Cross-validation: what a recipe says of every article when it has learned from other stories only.

The figure that decides between recipes, steadier than one small held-out set. Everything that looks at a label is learned anew inside each
fold's training part: the model with all its stages, the calibration, the thresholds. To make that a matter of construction, not of care, a
fit is handed the training part alone and never hears of the rest. Generic over the fit, so that every kind of model is measured alike.

Evidence is asked for where a label was given, which is what a reader sees, and where it holds, because labels that are given are the plain
cases. What holds chooses only which sentences are written down, never which of them are best.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.calibration import Goal
from hawadith.evidence import select_evidence
from hawadith.prediction import Evidence
from hawadith.text.article import PreparedArticle
from hawadith_evaluation.calibration import fit_calibration
from hawadith_training.articles import LabelledArticles
from hawadith_training.data.folds import fold_groups
from hawadith_training.fitting import FitResult, Fitted

FitFold = Callable[[LabelledArticles, int], FitResult]
"""Fits a recipe on the training part of the fold of that number, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossValidation:
    """Every article as judged by a model that had not seen its story.

    Attributes:
        probabilities: Calibrated, shape `(articles, labels)`.
        decisions: Whether the threshold is reached, same shape.
        folds: The fold that each article was tested in, shape `(articles,)`.
        evidence: Of each article the sentences that its fold's model would show for the labels that were given and for those that hold;
            empty where that model does not rank sentences.
    """

    probabilities: NDArray[np.float64]
    decisions: NDArray[np.bool_]
    folds: NDArray[np.int64]
    evidence: tuple[tuple[Evidence, ...], ...]


def cross_validate(
    data: LabelledArticles,
    *,
    fit: FitFold,
    goals: Mapping[str, Goal],
    groups: NDArray[np.int64],
    n_folds: int,
    seed: int,
) -> CrossValidation:
    """Cross-validate a recipe.

    Args:
        data: All articles; those that are auxiliary are learned from in every fold, and not tested.
        fit: The recipe; calibration and thresholds come from the unseen articles that it gives back.
        goals: What each label's threshold is chosen for.
        groups: Numbers of near-duplicate groups of the tested articles, which share a fold, shape `(tested,)`.
        n_folds: How many folds, at least 2.
        seed: Decides the folds.

    Returns:
        The pooled predictions, of the tested articles.
    """
    rows = data.measured
    tested = data.targets.positive[rows]
    folds = fold_groups(tested, groups=groups, n_folds=n_folds, seed=seed)
    probabilities = np.zeros(tested.shape, dtype=np.float64)
    decisions = np.zeros(tested.shape, dtype=np.bool_)
    evidence: dict[int, tuple[Evidence, ...]] = {}
    for fold in range(n_folds):
        test = np.flatnonzero(folds == fold)
        result = fit(data.select(np.delete(np.arange(len(data.records)), rows[test])), fold)
        calibration = fit_calibration(result.logits, targets=result.unseen.targets, goals=goals, groups=result.groups)
        articles = data.select(rows[test]).articles
        probabilities[test] = calibration.probabilities(result.fitted.score(articles).logits)
        decisions[test] = probabilities[test] >= calibration.thresholds
        asked = decisions[test] | tested[test]
        shown = _find_evidence(result.fitted, articles, labels=data.targets.labels, asked=asked)
        evidence |= zip(test.tolist(), shown, strict=True)
    return CrossValidation(
        probabilities=probabilities,
        decisions=decisions,
        folds=folds,
        evidence=tuple(evidence[row] for row in range(len(rows))),
    )


def _find_evidence(
    fitted: Fitted, articles: Sequence[PreparedArticle], *, labels: Sequence[str], asked: NDArray[np.bool_]
) -> Iterator[tuple[Evidence, ...]]:
    """What a fit shows for the labels that are asked for, shape `(articles, labels)`; article by article."""
    for article, wanted in zip(articles, asked, strict=True):
        columns = np.flatnonzero(wanted).tolist()
        ranked = fitted.rank_sentences(article, labels=columns) if columns else []
        named = [labels[column] for column in columns]
        yield select_evidence(article, ranked=dict(zip(named, ranked, strict=True)))
