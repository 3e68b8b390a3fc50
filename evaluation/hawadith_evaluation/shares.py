"""Shares of whole articles: all labels right, labels given without any incident, and what is found where several types are reported.

Of right labels and false alarms only articles on which every label was judged count: of the others nobody knows whether they are right.
What is found asks for positive labels alone, so there a label that nobody judged is no hindrance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith_evaluation.cells import divide
from hawadith_evaluation.targets import Targets


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Share:
    """How large a part of some articles has a property.

    Attributes:
        rows: Shape `(n,)`: the articles; one as often as it counts.
        holds: Same shape: the property.
        scale: The share is given times this.
    """

    rows: NDArray[np.intp]
    holds: NDArray[np.bool_]
    scale: float = 1.0

    def mean(self, weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """The share under each set of article weights `(articles, resamples)`, or under equal ones; NaN without articles."""
        chosen = np.ones((len(self.rows), 1)) if weights is None else weights[self.rows]
        return divide(self.scale * (self.holds @ chosen), chosen.sum(axis=0))


def share_exact(targets: Targets, *, decisions: NDArray[np.bool_]) -> Share:
    """Of the fully judged articles, those whose labels are all right.

    Args:
        targets: What is true.
        decisions: Shape `(articles, labels)`: the label was given.

    Returns:
        The share.
    """
    whole = np.flatnonzero(targets.judged.all(axis=1))
    right: NDArray[np.bool_] = decisions == targets.positive
    return Share(rows=whole, holds=np.asarray(right[whole].all(axis=1)))


def share_false_alarms(
    targets: Targets, *, decisions: NDArray[np.bool_], within: NDArray[np.bool_] | None = None
) -> Share:
    """Of 1,000 fully judged articles without any incident, those that were given a label.

    Args:
        targets: What is true.
        decisions: Shape `(articles, labels)`: the label was given.
        within: Shape `(articles,)`: the articles that count; all when not given.

    Returns:
        The share.
    """
    quiet = targets.judged.all(axis=1) & ~targets.positive.any(axis=1)
    rows = np.flatnonzero(quiet if within is None else quiet & within)
    return Share(rows=rows, holds=np.asarray(decisions[rows].any(axis=1)), scale=1000.0)


def share_several(targets: Targets, *, decisions: NDArray[np.bool_]) -> tuple[Share, Share]:
    """What is found of the articles that report two or more types: a model that stops at the first type looks good on all others.

    Args:
        targets: What is true.
        decisions: Shape `(articles, labels)`: the label was given.

    Returns:
        Of their pairs of an article and a type, those that were given; and of the articles, those that were given all their types.
    """
    several = targets.positive.sum(axis=1) > 1
    rows, columns = np.nonzero(targets.positive & several[:, None])
    whole = np.flatnonzero(several)
    found = (decisions | ~targets.positive)[whole].all(axis=1)
    return Share(rows=rows, holds=decisions[rows, columns]), Share(rows=whole, holds=np.asarray(found))
