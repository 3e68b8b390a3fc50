"""Bootstrap intervals: resampled row weights, and what is read off the resampled statistics.

The unit is the near-duplicate group, not the row: copies of one wire story are one observation, and resampling them apart would claim a
certainty that is not there. A resample is a column of whole-number row weights, so that each of its statistics is a weighted count.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

CONFIDENCE = 0.95
"""Coverage that the intervals aim at."""

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
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(defined, (tail, 1 - tail))
    return float(low), float(high)
