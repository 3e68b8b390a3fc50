"""Which probability makes a label: one threshold per label, chosen for a goal on held-out articles.

A threshold lies in the middle between two neighbouring observed probabilities, never on one: an article must not change its label because
another runtime rounds its probability differently in the last digit.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.calibration import Goal
from hawadith.errors import ConfigError

F1_TOLERANCE = 0.05
"""How far below the best observed F1 a cut may lie to be chosen for its expected F1; 0 gives the plain best observed F1.

The observed maximum follows the accidents of a small sample. Over n-gram scores from cross-validation on 3,861 articles, thresholds chosen
on 640 of them reached macro-F1 0.595 on the rest with 0 and 0.602 with 0.05 (150 draws; 2026-11).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A chosen threshold.

    Attributes:
        value: Probability in [0, 1] from which the label is given.
        reached: What the goal asks for, as observed at this threshold: F1, recall or precision.
        met: Whether that is as much as the goal asks for.
    """

    value: float
    reached: float
    met: bool


def choose_threshold(probabilities: NDArray[np.float64], *, truth: NDArray[np.bool_], goal: Goal) -> Threshold:
    """Choose a threshold for a goal.

    `recall` takes the highest cut that reaches it, `precision` the lowest; where no cut reaches the precision, the most precise one. `f1`
    takes, of the cuts whose observed F1 lies within `F1_TOLERANCE` of the best, the one whose F1 the probabilities themselves expect to be
    the greatest (Ye et al. 2012; Lipton et al. 2014): it rests on all articles, not on the few positives near the cut.

    Args:
        probabilities: Shape `(articles,)`, calibrated.
        truth: Same shape, with at least one positive.
        goal: What to choose for.

    Returns:
        The threshold.

    Raises:
        ConfigError: If a goal of recall or precision does not say how much, in (0, 1].
    """
    least = 0.0 if goal.kind == "f1" else goal.at_least
    if least is None or not (goal.kind == "f1" or 0 < least <= 1):
        raise ConfigError(f"A goal of {goal.kind} needs `at_least` in (0, 1], got {goal.at_least}.")
    order = np.argsort(-probabilities, kind="stable")
    sorted_probabilities = probabilities[order]
    # A cut gives the label to everything down to the last article of one distinct probability.
    last = np.flatnonzero(np.append(np.diff(sorted_probabilities) != 0, True))
    given = last + 1
    hits = np.cumsum(truth[order])[last]
    if goal.kind == "f1":
        reached = 2 * hits / (given + truth.sum())
        expected = 2 * np.cumsum(sorted_probabilities)[last] / (given + probabilities.sum())
        cut = int(np.argmax(np.where(reached >= reached.max() - F1_TOLERANCE, expected, -1.0)))
    elif goal.kind == "recall":
        reached = hits / truth.sum()
        cut = int(np.flatnonzero(reached >= least)[0])
    else:
        reached = hits / given
        cut = int(np.flatnonzero(reached >= min(least, reached.max()))[-1])
    upper = float(sorted_probabilities[last[cut]])
    lower = float(sorted_probabilities[last[cut + 1]]) if cut + 1 < len(last) else 0.0
    return Threshold(value=cut_between(lower, upper), reached=float(reached[cut]), met=bool(reached[cut] >= least))


def cut_between(lower: float, upper: float) -> float:
    """A threshold that parts two probabilities: the middle, so that no rounding moves an article across it.

    Args:
        lower: The probability that the cut leaves out.
        upper: The next higher one, which it takes in.

    Returns:
        A number in (lower, upper].

    Example:
        >>> cut_between(0.2, 0.4)
        0.30000000000000004
    """
    middle = (lower + upper) / 2
    # Between neighbouring floats there is no middle: rounding may then land on the lower one.
    return middle if middle > lower else upper
