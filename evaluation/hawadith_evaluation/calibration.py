"""From logits to probabilities that mean what they say, and to thresholds, per label on held-out articles."""

import logging
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from hawadith.calibration import Calibration, Goal, LabelCalibration
from hawadith.errors import ConfigError, DataError
from hawadith_evaluation.targets import Targets
from hawadith_evaluation.thresholds import choose_threshold

_LOGGER = logging.getLogger("hawadith")

FEWEST_FOR_PLATT = 5
"""Positives (or negatives) below which one parameter, a temperature, is fitted instead of two.

Training weighs the rare positives up, which shifts the logits: a temperature cannot take that back. In simulation with 5 positives of 640
its excess log loss was 9-195% on shifted logits, Platt's 4-10%; where nothing was shifted, 1-4% against 4-9%: two parameters pay early.
"""

FEWEST_TO_TRUST = 30
"""Positives below which a warning says that calibration and threshold are a guess."""

_SLOPES = (1e-3, 1e3)  # per standard deviation of the logits: positive, so that calibration never reorders articles


def fit_calibration(logits: NDArray[np.float32], *, targets: Targets, goals: Mapping[str, Goal]) -> Calibration:
    """Fit calibration and threshold of every label.

    Labels are fitted apart, each on the articles that it was judged on. Warns on the logger `hawadith` of labels whose positives are few,
    and of goals that the articles cannot meet. The same input gives the same calibration.

    Args:
        logits: Shape `(articles, labels)`, of articles that the model was not trained on.
        targets: What is true of them.
        goals: What each label's threshold is chosen for.

    Returns:
        The calibration, in the order of the targets' labels.

    Raises:
        ConfigError: If a label has no goal, or its goal does not say how much.
        DataError: If the shapes differ, or a logit is not finite.
    """
    if logits.shape != targets.positive.shape:
        raise DataError(f"Logits of shape {logits.shape} do not fit targets of shape {targets.positive.shape}.")
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
            )
            for column, label in enumerate(targets.labels)
        )
    )


def _calibrate(label: str, *, logits: NDArray[np.float32], truth: NDArray[np.bool_], goal: Goal) -> LabelCalibration:
    positives = int(truth.sum())
    fewest = min(positives, len(truth) - positives)
    fitted = LabelCalibration(label=label, slope=1.0, intercept=0.0, threshold=0.5, goal=goal, positives=positives)
    if fewest == 0:
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
    slope, intercept = _fit_sigmoid(logits, truth=truth, shift=fewest >= FEWEST_FOR_PLATT)
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


def _fit_sigmoid(logits: NDArray[np.float32], *, truth: NDArray[np.bool_], shift: bool) -> tuple[float, float]:
    """Slope and intercept by maximum likelihood (Platt 1999), the intercept only with `shift`.

    Platt's smoothed targets stand for the articles not seen: they keep the optimum finite where the logits separate the classes.
    """
    positives = int(truth.sum())
    smoothed = np.where(truth, (positives + 1) / (positives + 2), 1 / (len(truth) - positives + 2))
    scale = float(logits.std(dtype=np.float64)) or 1.0
    z = logits.astype(np.float64) / scale

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        u = parameters[0] * z + parameters[1]
        residual = expit(u) - smoothed
        # Divided by the articles, so that the optimiser's tolerances mean the same for any number of them.
        return float((np.logaddexp(0.0, u) - smoothed * u).mean()), np.array([(residual * z).mean(), residual.mean()])

    bounds = (_SLOPES, (None, None) if shift else (0.0, 0.0))
    best = minimize(
        loss, x0=(1.0, 0.0), jac=True, bounds=bounds, method="L-BFGS-B", options={"ftol": 1e-14, "gtol": 1e-9}
    )
    return float(best.x[0]) / scale, float(best.x[1])
