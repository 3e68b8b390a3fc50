"""Two invented models of the same invented articles: exchangeable, or one better than the other by a chosen shift."""

import numpy as np
from numpy.typing import NDArray

from hawadith_evaluation.cells import Cells
from hawadith_evaluation.comparison.results import Contrast
from hawadith_evaluation.estimates import Estimate
from hawadith_evaluation.predictions import Predictions
from hawadith_evaluation.targets import Targets


def build_predictions(
    logits: NDArray[np.float64], *, model: str = "model", slope: float = 1.0, labels: tuple[str, ...] | None = None
) -> Predictions:
    """What a model says, given logits `(articles, labels)`: above 0 the label is given; a slope is another calibration."""
    names = tuple(f"label_{column}" for column in range(logits.shape[1])) if labels is None else labels
    return Predictions(
        model=model,
        labels=names,
        probabilities=1 / (1 + np.exp(-slope * logits)),
        decisions=logits > 0,
        unscored={},
        rows=(),
    )


def build_targets(positive: object, *, judged: object = None) -> Targets:
    """Targets of `(articles, labels)`, all judged unless said otherwise."""
    truth = np.array(positive, dtype=np.bool_)
    mask = np.ones_like(truth) if judged is None else np.array(judged, dtype=np.bool_)
    return Targets(
        labels=tuple(f"label_{column}" for column in range(truth.shape[1])), positive=truth, judged=mask | truth
    )


def draw_models(
    seed: int, *, articles: int = 240, labels: int = 3, rate: float = 0.05, shift: float = 0.0, runs: int = 2
) -> tuple[Targets, list[NDArray[np.float64]], NDArray[np.int64]]:
    """Draw articles in groups of near copies, and models that find them equally hard but err each in its own way.

    Args:
        seed: Seeds all.
        articles: How many; one in twenty is a near copy of another.
        labels: How many, independent of each other.
        rate: Share of positive articles; each label has at least one.
        shift: By how much the last model separates positives from negatives better.
        runs: How many models.

    Returns:
        Targets, the logits of each model in steps of 0.1, so that they tie, and group numbers.
    """
    random = np.random.default_rng(seed)
    n_groups = articles - articles // 20
    groups = np.concatenate([np.arange(n_groups), random.integers(0, n_groups, articles - n_groups)])
    truth = random.random((n_groups, labels)) < rate
    truth[0] = True
    hard = random.normal(size=(n_groups, labels))
    logits = []
    for run in range(runs):
        gain = 2.5 + shift * (run == runs - 1)
        own = gain * truth + hard + random.normal(size=(n_groups, labels)) - 2.5
        logits.append(np.round(own[groups] + random.normal(scale=0.2, size=(articles, labels)), 1))
    return build_targets(truth[groups]), logits, groups


def build_cells(truth: object, *, probability: object, threshold: float = 0.5) -> Cells:
    """One label's cells, one per article."""
    scores = np.array(probability, dtype=np.float64)
    return Cells(
        rows=np.arange(len(scores)),
        truth=np.array(truth, dtype=np.bool_),
        given=scores >= threshold,
        probability=scores,
    )


def build_contrast(
    value: float | None = -0.05,
    low: float | None = -0.09,
    high: float | None = -0.01,
    *,
    p: float | None = 0.004,
    size: float | None = 0.049,
    detectable: float | None = 0.06,
    same: bool = False,
    a: float | None = 0.8,
    b: float | None = 0.75,
) -> Contrast:
    """A contrast in which B is significantly worse, unless said otherwise."""
    return Contrast(
        a=Estimate(value=a, low=a, high=a),
        b=Estimate(value=b, low=b, high=b),
        difference=Estimate(value=value, low=low, high=high),
        p=p,
        p_holm=p,
        size=size,
        detectable=detectable,
        same=same,
        spread_a=None,
        spread_b=None,
    )
