"""Bootstrap intervals: resampled row weights, and what is read off the resampled statistics.

The unit is the near-duplicate group, not the row: copies of one wire story are one observation, and resampling them apart would claim a
certainty that is not there. A resample is a column of whole-number row weights, so that each of its statistics is a weighted count.

Two intervals are read off them. The percentile interval exists wherever a resample defines the statistic, but covers too seldom where
positives are few. BCa corrects it for bias and skewness; where a correction is undefined it is the percentile interval, and says why.
Over 400 samples drawn from real predictions, 1,000 resamples each, F1, average precision, precision and recall were covered 91-94% of the
time by percentile and 94-98% by BCa with 23 or 25 positives; 94-96% by both with 83; 76-91% and 76-92% with 7 (2026-11-26).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

CONFIDENCE = 0.95
"""Coverage that the intervals aim at."""

IntervalMethod = Literal["percentile", "bca"]
"""How an interval is read off resampled values."""

_TAIL = (1 - CONFIDENCE) / 2
_WEIGHTS_PER_BLOCK = 2_000_000  # 16 MB of weights: bounds memory, and stays in the caches of most machines


def resample_weights(groups: NDArray[np.int64], *, resamples: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """Draw whole groups with replacement, as many as there are.

    The same groups and seed give the same weights, whichever model is measured: comparisons on them are paired.

    Args:
        groups: Shape `(articles,)`: articles with equal numbers are drawn together.
        resamples: How many resamples in all.
        seed: Seeds the draws.

    Yields:
        Blocks of weights, shape `(articles, resamples of the block)`: how often each article is in each resample.
    """
    _, member = np.unique(groups, return_inverse=True)
    n_groups = int(member.max(initial=-1)) + 1
    random = np.random.default_rng(seed)
    block = max(1, _WEIGHTS_PER_BLOCK // max(1, len(groups)))
    for start in range(0, resamples, block):
        width = min(block, resamples - start)
        draws = random.integers(0, max(1, n_groups), size=(width, n_groups))
        cells = (draws + np.arange(width)[:, None] * n_groups).ravel()
        counts = np.bincount(cells, minlength=width * n_groups).reshape(width, n_groups)
        yield np.ascontiguousarray(counts.T, dtype=np.float64)[member]


def jackknife_weights(groups: NDArray[np.int64]) -> Iterator[NDArray[np.float64]]:
    """Leave each group out once.

    Args:
        groups: Shape `(articles,)`: articles with equal numbers are left out together.

    Yields:
        Blocks of weights, shape `(articles, groups of the block)`: 0 for the articles of the group, 1 for all others.
    """
    _, member = np.unique(groups, return_inverse=True)
    n_groups = int(member.max(initial=-1)) + 1
    block = max(1, _WEIGHTS_PER_BLOCK // max(1, len(groups)))
    for start in range(0, n_groups, block):
        left_out = np.arange(start, min(start + block, n_groups))
        yield (member[:, None] != left_out).astype(np.float64)


def percentile_interval(samples: NDArray[np.float64]) -> tuple[float, float] | None:
    """The central interval that holds the share `CONFIDENCE` of the resampled values (Efron 1979).

    Args:
        samples: Shape `(resamples,)`; NaN where the statistic is undefined in a resample: those say nothing and are left out.

    Returns:
        The lower and the upper bound, or None where no resample defines the statistic.
    """
    defined = samples[~np.isnan(samples)]
    if not len(defined):
        return None
    low, high = np.quantile(defined, (_TAIL, 1 - _TAIL))
    return float(low), float(high)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedInterval:
    """An interval by BCa, or the percentile interval in its place.

    Attributes:
        low: Lower bound.
        high: Upper bound.
        fallback: Why it is the percentile interval, where it is.
    """

    low: float
    high: float
    fallback: str | None = None


def bca_interval(
    samples: NDArray[np.float64], *, value: float, jackknife: NDArray[np.float64]
) -> CorrectedInterval | None:
    """The bias-corrected and accelerated interval (Efron 1987).

    Args:
        samples: Shape `(resamples,)`; NaN where the statistic is undefined in a resample: those are left out.
        value: The statistic on the articles themselves.
        jackknife: Shape `(groups,)`: the statistic without each group in turn, as `jackknife_weights` leaves it out.

    Returns:
        The interval; the percentile interval where a correction is undefined; None where no resample defines the statistic.
    """
    plain = percentile_interval(samples)
    if plain is None:
        return None
    defined = samples[~np.isnan(samples)]
    below = ((defined < value).mean() + (defined <= value).mean()) / 2
    deviations = jackknife.mean() - jackknife
    spread = float(np.square(deviations).sum())
    fallback = _reject_correction(below=float(below), spread=spread)
    if fallback is None:
        acceleration = float((deviations**3).sum()) / (6 * spread**1.5)
        bias, quantiles = ndtri(below), ndtri(np.array((_TAIL, 1 - _TAIL)))
        denominators = 1 - acceleration * (bias + quantiles)
        if (denominators > 0).all():
            low, high = np.quantile(defined, ndtr(bias + (bias + quantiles) / denominators))
            return CorrectedInterval(low=float(low), high=float(high))
        fallback = "the acceleration is too large"
    return CorrectedInterval(low=plain[0], high=plain[1], fallback=fallback)


def _reject_correction(*, below: float, spread: float) -> str | None:
    """Why BCa is undefined, given the share of resamples below the value and the spread of the jackknife; None where it is not."""
    if not 0 < below < 1:
        return "all resampled values lie on one side of the value"
    if np.isnan(spread):
        return "one group alone defines the measure"
    return None if spread > 0 else "no group moves the measure"
