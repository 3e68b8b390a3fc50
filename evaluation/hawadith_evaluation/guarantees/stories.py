"""Articles counted as stories, by their worst member: what a promise may take as independent.

A promise rests on counting independent trials. Copies of one wire story are found or missed together, and counting each would promise more
than the articles can bear. So a story (near-duplicate group) counts once, and as its worst article: it is found when each of its positive
articles is, and given rightly when none of its articles is given wrongly. A promise about the worst holds for any one article of a story.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stories:
    """The stories that one label was judged on.

    Attributes:
        lowest: Shape `(positive stories,)`: the lowest probability among the positive articles of each; found from there down.
        highest: Shape `(stories,)`: the highest probability of any article of each; given from there down.
        wrong: Shape `(stories,)`: the highest probability among the negative articles of each, -inf without any; given wrongly from there
            down.
    """

    lowest: NDArray[np.float64]
    highest: NDArray[np.float64]
    wrong: NDArray[np.float64]

    def count_given(self, thresholds: NDArray[np.float64]) -> NDArray[np.int64]:
        """How many stories are given the label at each threshold."""
        return _count_from(self.highest, thresholds)

    def count_right(self, thresholds: NDArray[np.float64]) -> NDArray[np.int64]:
        """How many stories are given the label at each threshold, none of their articles wrongly."""
        return _count_from(self.highest, thresholds) - _count_from(self.wrong, thresholds)

    def recall(self, threshold: float) -> float | None:
        """The share of the positive stories that is found; None without any."""
        return float((self.lowest >= threshold).mean()) if len(self.lowest) else None

    def precision(self, threshold: float) -> float | None:
        """The share of the given stories that is given rightly; None without any."""
        at = np.array([threshold])
        [given], [right] = self.count_given(at).tolist(), self.count_right(at).tolist()
        return right / given if given else None


def gather_stories(
    probabilities: NDArray[np.float64], *, truth: NDArray[np.bool_], groups: NDArray[np.int64]
) -> Stories:
    """Gather articles to stories.

    Args:
        probabilities: Shape `(articles,)`, of articles that the label was judged on.
        truth: Same shape.
        groups: Same shape: near-duplicate group numbers.

    Returns:
        The stories, in the order of their numbers.
    """
    numbers, member = np.unique(groups, return_inverse=True)
    highest, wrong = np.full(len(numbers), -np.inf), np.full(len(numbers), -np.inf)
    lowest = np.full(len(numbers), np.inf)
    np.maximum.at(highest, member, probabilities)
    np.maximum.at(wrong, member[~truth], probabilities[~truth])
    np.minimum.at(lowest, member[truth], probabilities[truth])
    return Stories(lowest=lowest[np.isfinite(lowest)], highest=highest, wrong=wrong)


def _count_from(values: NDArray[np.float64], thresholds: NDArray[np.float64]) -> NDArray[np.int64]:
    """How many values reach each threshold."""
    return len(values) - np.searchsorted(np.sort(values), thresholds, side="left")
