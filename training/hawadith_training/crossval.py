"""Cross-validation: what a recipe says of every article when it has learned from other stories only.

The figure that decides between recipes, steadier than one small held-out set. Everything that looks at a label is learned anew inside each
fold's training part: the model with all its stages, the calibration, the thresholds. To make that a matter of construction, not of care, a
fit is handed the training part alone and never hears of the rest. Generic over the fit, so that every kind of model is measured alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.calibration import Goal
from hawadith_evaluation.calibration import fit_calibration
from hawadith_training.articles import LabelledArticles
from hawadith_training.data.folds import fold_groups
from hawadith_training.fitting import FitResult

FitFold = Callable[[LabelledArticles, int], FitResult]
"""Fits a recipe on the training part of the fold of that number, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossValidation:
    """Every article as judged by a model that had not seen its story.

    Attributes:
        probabilities: Calibrated, shape `(articles, labels)`.
        decisions: Whether the threshold is reached, same shape.
        folds: The fold that each article was tested in, shape `(articles,)`.
    """

    probabilities: NDArray[np.float64]
    decisions: NDArray[np.bool_]
    folds: NDArray[np.int64]


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
    for fold in range(n_folds):
        test = np.flatnonzero(folds == fold)
        result = fit(data.select(np.delete(np.arange(len(data.records)), rows[test])), fold)
        calibration = fit_calibration(result.logits, targets=result.unseen.targets, goals=goals, groups=result.groups)
        logits = result.fitted.score(data.select(rows[test]).articles).logits
        probabilities[test] = calibration.probabilities(logits)
        decisions[test] = probabilities[test] >= calibration.thresholds
    return CrossValidation(probabilities=probabilities, decisions=decisions, folds=folds)
