"""Three ways from logits to probabilities, and how cross-validation tells which one a label's articles support.

A bundle holds a slope and an intercept, so that it can take a temperature (Guo et al. 2017) or Platt's sigmoid (Platt 1999). Isotonic
regression (Zadrozny and Elkan 2002) is measured beside them and never shipped: its steps tie articles, and what ties cannot be ranked or
cut. On cross-fitted logits of 3,861 articles it was nowhere better by more than chance, and its ties cost 0.014 to 0.031 of average
precision (2026-11-26). It stays in the comparison because the day when it wins clearly, the sigmoid is the wrong shape.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

CalibrationMethod = Literal["temperature", "platt", "isotonic"]
"""A way to calibrate, by name."""

SHIPPED: tuple[CalibrationMethod, ...] = ("temperature", "platt")
"""What a bundle can hold: one slope, one intercept, no ties. The simpler one first: it wins a draw."""

FEWEST_FOR_ISOTONIC = 100
"""Positive stories below which isotonic regression is not even compared: with 60 to 80 positives its excess log loss was 3-4%."""

_FOLDS = 5
_SEED = 13
_SLOPES = (1e-3, 1e3)  # per standard deviation of the logits: positive, so that calibration never reorders articles

_Calibrator = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def fit_sigmoid(logits: NDArray[np.floating], *, truth: NDArray[np.bool_], shift: bool) -> tuple[float, float]:
    """Fit a sigmoid by maximum likelihood on Platt's smoothed targets.

    Args:
        logits: Shape `(articles,)`, finite.
        truth: Same shape.
        shift: Fit an intercept, too (Platt 1999); a temperature alone without it.

    Returns:
        Slope, positive, and intercept, in logits.
    """
    smoothed = _smooth_targets(truth)
    scale = float(logits.std(dtype=np.float64)) or 1.0
    z = logits.astype(np.float64) / scale

    def loss(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        u = parameters[0] * z + parameters[1]
        residual = expit(u) - smoothed
        # Divided by the articles, so that the optimiser's tolerances mean the same for any number of them.
        return float((np.logaddexp(0.0, u) - smoothed * u).mean()), np.array([(residual * z).mean(), residual.mean()])

    bounds = (_SLOPES, (None, None) if shift else (0.0, 0.0))
    options = {"ftol": 1e-14, "gtol": 1e-9}
    # Two parameters: on busy cores the threads of linear algebra would wait for one another six times longer than it takes.
    with threadpool_limits(limits=1, user_api="blas"):
        best = minimize(loss, x0=(1.0, 0.0), jac=True, bounds=bounds, method="L-BFGS-B", options=options)
    return float(best.x[0]) / scale, float(best.x[1])


def choose_method(losses: Mapping[CalibrationMethod, float]) -> CalibrationMethod:
    """Choose, of the methods that a bundle can hold, the one of least log loss; the simpler one at a draw.

    Args:
        losses: What `cross_validate_methods` gave; at least one of `SHIPPED`.

    Returns:
        The method.
    """
    return min((method for method in SHIPPED if method in losses), key=lambda method: losses[method])


def cross_validate_methods(
    logits: NDArray[np.floating], *, truth: NDArray[np.bool_], groups: NDArray[np.int64]
) -> Mapping[CalibrationMethod, float]:
    """Measure every method on articles that it was not fitted on; near duplicates share a fold, positives are spread evenly.

    The same input gives the same figures.

    Args:
        logits: Shape `(articles,)`, finite.
        truth: Same shape.
        groups: Same shape: near-duplicate group numbers.

    Returns:
        Mean log loss by method, in nats; without `isotonic` below `FEWEST_FOR_ISOTONIC` positive stories, and empty where positives or
        negatives make fewer than two stories.
    """
    positive, negative = len(np.unique(groups[truth])), len(np.unique(groups[~truth]))
    if min(positive, negative) < 2:
        return {}
    methods = [*SHIPPED, *(["isotonic"] if min(positive, negative) >= FEWEST_FOR_ISOTONIC else [])]
    n_folds = min(_FOLDS, positive, negative)
    folds = _deal_folds(truth, groups=groups, n_folds=n_folds)
    losses = np.zeros((len(methods), len(truth)))
    for left_out in (folds == fold for fold in range(n_folds)):
        kept = ~left_out
        for row, method in enumerate(cast("Sequence[CalibrationMethod]", methods)):
            calibrate = _fit(method, logits[kept].astype(np.float64), truth=truth[kept])
            probabilities = calibrate(logits[left_out].astype(np.float64))
            losses[row, left_out] = _log_losses(probabilities, truth=truth[left_out])
    return dict(zip(cast("Sequence[CalibrationMethod]", methods), losses.mean(axis=1).tolist(), strict=True))


def _deal_folds(truth: NDArray[np.bool_], *, groups: NDArray[np.int64], n_folds: int) -> NDArray[np.int64]:
    """Deal stories to folds like cards: those with a positive article first, then the others, each in random order.

    scikit-learn's `StratifiedGroupKFold` does this for any number of classes, in a loop over groups that takes seconds from 20,000 on.
    """
    _, member = np.unique(groups, return_inverse=True)
    with_positive = np.zeros(int(member.max()) + 1, dtype=np.bool_)
    with_positive[member[truth]] = True
    shuffled = np.random.default_rng(_SEED).permutation(len(with_positive))
    dealt = np.empty(len(with_positive), dtype=np.int64)
    dealt[shuffled[np.argsort(~with_positive[shuffled], kind="stable")]] = np.arange(len(with_positive)) % n_folds
    return dealt[member]


def _fit(method: CalibrationMethod, logits: NDArray[np.float64], *, truth: NDArray[np.bool_]) -> _Calibrator:
    if method == "isotonic":
        # Smoothed targets keep its lowest and highest step off 0 and 1, whose log loss on one surprise is infinite.
        steps = IsotonicRegression(out_of_bounds="clip").fit(logits, _smooth_targets(truth))
        return lambda unseen: np.asarray(steps.predict(unseen), dtype=np.float64)
    slope, intercept = fit_sigmoid(logits, truth=truth, shift=method == "platt")
    return lambda unseen: np.asarray(expit(slope * unseen + intercept), dtype=np.float64)


def _log_losses(probabilities: NDArray[np.float64], *, truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    tiny = np.finfo(np.float64).eps  # a sigmoid of 40 is 1 in floating point, and its surprise would be infinite
    return np.asarray(-np.log(np.clip(np.where(truth, probabilities, 1 - probabilities), tiny, 1.0)))


def _smooth_targets(truth: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Platt's targets, which stand for the articles not seen: they keep the optimum finite where the logits separate the classes."""
    positives = int(truth.sum())
    return np.where(truth, (positives + 1) / (positives + 2), 1 / (len(truth) - positives + 2))
