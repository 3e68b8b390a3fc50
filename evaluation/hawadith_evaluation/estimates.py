"""From a statistic of article weights to values with intervals: the one way by which every section of a report gets them.

A section says once how its figures follow from weights; the same function then gives the value, the resampled values and, for BCa, the
values without each group. Sections measured with the same groups and seed saw the same resamples.

One observation has no spread: resampled, it gives itself every time, and `1.00 [1.00, 1.00]` would be the most certain line of a report.
So a single group gives no interval; by BCa, which sees it, neither does a statistic that one group defines, as recall of one positive.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith_evaluation.intervals import (
    IntervalMethod,
    bca_interval,
    jackknife_weights,
    percentile_interval,
    resample_weights,
)
from hawadith_evaluation.metrics_file import EstimateValues

Statistics = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From weights of shape `(articles, resamples)` to values of shape `(statistics, resamples)`, NaN where undefined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with its bootstrap interval; None where it is undefined.

    Attributes:
        value: The statistic on the articles themselves.
        low: Lower bound.
        high: Upper bound.
        fallback: Why the interval is a percentile interval, or missing, although BCa was asked for, where it is.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    fallback: str | None = None

    def to_mapping(self) -> EstimateValues:
        """JSON-ready values."""
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resampling:
    """How a list of articles is resampled.

    Attributes:
        groups: Shape `(articles,)`: near-duplicate group numbers, the units of the bootstrap.
        resamples: Bootstrap resamples; 0 leaves the intervals out.
        seed: Seeds the bootstrap.
        interval: How intervals are read off the resampled values.
    """

    groups: NDArray[np.int64]
    resamples: int = 1000
    seed: int = 13
    interval: IntervalMethod = "percentile"


def estimate_statistics(
    statistics: Statistics, *, resampling: Resampling, values: Sequence[float] | NDArray[np.float64] | None = None
) -> list[Estimate]:
    """Estimate statistics with their intervals.

    Args:
        statistics: What is to be estimated, as a function of article weights.
        resampling: How the articles are resampled.
        values: Shape `(statistics,)`: the statistics on the articles themselves, where another implementation gives them; those under unit
            weights when not given.

    Returns:
        One estimate per statistic, in order; without bounds where there is a single group.
    """
    groups = resampling.groups
    resamples = resampling.resamples if len(np.unique(groups)) > 1 else 0
    plain = statistics(np.ones((len(groups), 1)))[:, 0] if values is None else np.asarray(values, dtype=np.float64)
    empty = np.empty((len(plain), 0))
    drawn = (statistics(weights) for weights in resample_weights(groups, resamples=resamples, seed=resampling.seed))
    samples = np.concatenate([empty, *drawn], axis=1)
    if resampling.interval == "percentile" or not resamples:
        return [estimate_percentile(float(value), row) for value, row in zip(plain, samples, strict=True)]
    left_out = np.concatenate([empty, *(statistics(weights) for weights in jackknife_weights(groups))], axis=1)
    return [_estimate_bca(float(value), row, rest) for value, row, rest in zip(plain, samples, left_out, strict=True)]


def estimate_percentile(value: float, samples: NDArray[np.float64]) -> Estimate:
    """An estimate with its percentile interval.

    Args:
        value: The statistic on the articles themselves; NaN where undefined.
        samples: Shape `(resamples,)`: the statistic under resampling; NaN where undefined.

    Returns:
        The estimate; without bounds where there is no value or no defined resample.
    """
    if np.isnan(value):
        return Estimate(value=None)
    low, high = percentile_interval(samples) or (None, None)
    return Estimate(value=value, low=low, high=high)


def _estimate_bca(value: float, samples: NDArray[np.float64], jackknife: NDArray[np.float64]) -> Estimate:
    corrected = None if np.isnan(value) else bca_interval(samples, value=value, jackknife=jackknife)
    if corrected is None:
        return Estimate(value=None if np.isnan(value) else value)
    if np.isnan(jackknife).any():
        return Estimate(value=value, fallback=corrected.fallback)
    return Estimate(value=value, low=corrected.low, high=corrected.high, fallback=corrected.fallback)
