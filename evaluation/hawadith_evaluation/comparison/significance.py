"""What a permutation test says: its p, Holm's correction over the labels, and how far the test itself can be trusted to speak.

Two figures go with every p, so that a large one is not sold as equality: the rate at which the test would reject if there were no
difference (far below 5% where the models differ on few stories), and the difference that these articles would have shown.
"""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from hawadith_evaluation.estimates import Estimate
from hawadith_evaluation.intervals import CONFIDENCE

ALPHA = 0.05
"""Level of the test: how often it may see a difference where there is none."""

POWER = 0.8
"""How often a difference of the size that `detectable_difference` gives is found."""

_EQUAL = 1e-9  # two differences this close are one: they were summed in different order


def permutation_p(difference: float, *, permuted: NDArray[np.float64]) -> float:
    """The two-sided p of a difference: how often swapped models differ at least as much.

    The outputs as they are count as one of the permutations, which keeps the level (Phipson & Smyth 2010).

    Args:
        difference: What was observed.
        permuted: Shape `(permutations,)`: differences under swaps; NaN, where one is undefined, counts as extreme.

    Returns:
        A probability in (0, 1].
    """
    smaller = np.abs(permuted) < abs(difference) - _EQUAL
    return float((1 + np.sum(~smaller)) / (1 + len(permuted)))


def attained_size(permuted: NDArray[np.float64]) -> float:
    """How often the test rejects at the level `ALPHA` where there is no difference, given these outputs.

    A permutation test is never too bold, but with few distinct outcomes it is conservative: where two models differ on four stories, no
    difference between them has a p below 1/8.

    Args:
        permuted: Shape `(permutations,)`, at least one: differences under swaps; NaN where one is undefined.

    Returns:
        A share in [0, `ALPHA`].
    """
    sizes = np.round(np.abs(permuted) / _EQUAL)
    extreme = np.where(np.isnan(sizes), np.inf, sizes)
    p = (1 + rankdata(-extreme, method="max")) / (1 + len(permuted))
    return float(np.mean((p <= ALPHA) & np.isfinite(extreme)))


def correct_holm(p: Sequence[float]) -> list[float]:
    """Correct for having asked several questions at once (Holm 1979).

    The chance to see a difference for any label without one stays below the level, however the labels depend on each other.

    Args:
        p: One p per question.

    Returns:
        The corrected ones, in the same order, none below its p, each at most 1.

    Example:
        >>> correct_holm([0.01, 0.04, 0.03])
        [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p)), key=lambda question: p[question])
    corrected, floor = [1.0] * len(p), 0.0
    for done, question in enumerate(order):
        floor = max(floor, min(1.0, (len(p) - done) * p[question]))
        corrected[question] = floor
    return corrected


def detectable_difference(difference: Estimate, *, questions: int) -> float | None:
    """The true difference that articles like these show four times in five (minimum detectable effect, Bloom 1995).

    The standard error is read off the interval; the level is `ALPHA` shared by all questions, so that it is what Holm asks of the first.

    Args:
        difference: What was observed, with its interval.
        questions: How many labels are tested together, at least one where there is an interval.

    Returns:
        A difference above 0; None without an interval, or where it is a point, from which nothing can be said.
    """
    if difference.low is None or difference.high is None or difference.low == difference.high:
        return None
    normal = NormalDist()
    error = (difference.high - difference.low) / (2 * normal.inv_cdf((1 + CONFIDENCE) / 2))
    return error * (normal.inv_cdf(1 - ALPHA / (2 * questions)) + normal.inv_cdf(POWER))
