"""From logits to probabilities that mean what they say, and to thresholds, per label on held-out articles."""

import logging
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hawadith.calibration import Calibration, Goal, LabelCalibration
from hawadith.errors import ConfigError, DataError
from hawadith_evaluation.calibration_methods import choose_method, cross_validate_methods, fit_sigmoid
from hawadith_evaluation.targets import Targets
from hawadith_evaluation.thresholds import choose_threshold

_LOGGER = logging.getLogger("hawadith")

FEWEST_FOR_PLATT = 5
"""Stories of positives (or negatives) from which cross-validation chooses between a temperature and Platt's two parameters.

Below, one parameter is fitted. Training weighs the rare positives up, which shifts the logits: a temperature cannot take that back. In
simulation with 5 positives of 640 its excess log loss was 9-195% on shifted logits, Platt's 4-10%; where nothing was shifted, 1-4% against
4-9%: two parameters pay early, and the articles themselves say when.
"""

FEWEST_TO_TRUST = 30
"""Positives below which a warning says that calibration and threshold are a guess."""


def fit_calibration(
    logits: NDArray[np.float32],
    *,
    targets: Targets,
    goals: Mapping[str, Goal],
    groups: NDArray[np.int64] | None = None,
) -> Calibration:
    """Fit calibration and threshold of every label.

    Labels are fitted apart, each on the articles that it was judged on, as a temperature or by Platt's sigmoid: whichever cross-validation
    prefers for it. Warns on the logger `hawadith` of labels whose positives are few, and of goals that the articles cannot meet. The same
    input gives the same calibration.

    Args:
        logits: Shape `(articles, labels)`, of articles that the model was not trained on.
        targets: What is true of them.
        goals: What each label's threshold is chosen for.
        groups: Shape `(articles,)`: near-duplicate group numbers, which share a fold; None counts every article as its own.

    Returns:
        The calibration, in the order of the targets' labels.

    Raises:
        ConfigError: If a label has no goal, or its goal does not say how much.
        DataError: If the shapes differ, or a logit is not finite.
    """
    stories = np.arange(len(logits), dtype=np.int64) if groups is None else groups
    if logits.shape != targets.positive.shape or stories.shape != logits.shape[:1]:
        found = f"Logits of shape {logits.shape} and groups of shape {stories.shape}"
        raise DataError(f"{found} do not fit targets of shape {targets.positive.shape}, one row per article.")
    if not np.isfinite(logits).all():
        raise DataError(f"{int((~np.isfinite(logits)).sum())} logits are not finite: the model's weights are damaged.")
    missing = [label for label in targets.labels if label not in goals]
    if missing:
        raise ConfigError(f"No goal for {', '.join(missing)}: each label needs one, for example kind: f1.")
    return Calibration(
        labels=tuple(
            _calibrate(
                label,
                logits=logits[targets.judged[:, column], column],
                truth=targets.positive[targets.judged[:, column], column],
                goal=goals[label],
                groups=stories[targets.judged[:, column]],
            )
            for column, label in enumerate(targets.labels)
        )
    )


def _calibrate(
    label: str, *, logits: NDArray[np.float32], truth: NDArray[np.bool_], goal: Goal, groups: NDArray[np.int64]
) -> LabelCalibration:
    positives = int(truth.sum())
    fitted = LabelCalibration(label=label, slope=1.0, intercept=0.0, threshold=0.5, goal=goal, positives=positives)
    if positives in (0, len(truth)):
        _LOGGER.warning(
            "%s: %d positives among %d judged articles; it stays uncalibrated, with the threshold 0.5. Bring articles of both kinds.",
            label,
            positives,
            len(truth),
        )
        return fitted
    if positives < FEWEST_TO_TRUST:
        _LOGGER.warning(
            "%s: calibration and threshold rest on %d positive articles; below %d they are a guess. Label more.",
            label,
            positives,
            FEWEST_TO_TRUST,
        )
    slope, intercept = fit_sigmoid(logits, truth=truth, shift=_needs_shift(logits, truth=truth, groups=groups))
    fitted = replace(fitted, slope=slope, intercept=intercept)
    probabilities = Calibration(labels=(fitted,)).probabilities(logits[:, None])[:, 0]
    threshold = choose_threshold(probabilities, truth=truth, goal=goal)
    if not threshold.met:
        _LOGGER.warning(
            "%s: %s of at least %s cannot be met on %d positive articles; the best threshold reaches %.2f and is taken.",
            label,
            goal.kind,
            goal.at_least,
            positives,
            threshold.reached,
        )
    return replace(fitted, threshold=threshold.value)


def _needs_shift(logits: NDArray[np.float32], *, truth: NDArray[np.bool_], groups: NDArray[np.int64]) -> bool:
    """Whether an intercept beside the slope pays on articles not seen."""
    if min(len(np.unique(groups[truth])), len(np.unique(groups[~truth]))) < FEWEST_FOR_PLATT:
        return False
    return choose_method(cross_validate_methods(logits, truth=truth, groups=groups)) == "platt"
