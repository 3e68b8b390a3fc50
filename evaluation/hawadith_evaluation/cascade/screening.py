"""How much a small model may rule out for a large one: the greatest region of articles whose loss can be bounded.

An article is ruled out where the small model's probability of every label lies below one threshold. One threshold for all labels, since a
lost positive counts the same whatever its label, and calibrated probabilities say where the fewest are to be found: a threshold per label
would have to be learned from the same few positives that the promise is made on.

What counts is what the large model says, not what is true: a positive is a label that it gives, and it is lost where its article is ruled
out. So no label is needed, and the promise can be made on any articles that both models scored. The regions are nested in the threshold,
and so the promise is one of recall (`hawadith_evaluation.guarantees.promise`): Learn-then-Test in a fixed sequence (Angelopoulos et al.
2021; Bauer 1991), which comes down to the order statistic of Wilks (1941).

Positives are counted twice, and both counts must keep the promise. By story (near-duplicate group), lost with the first of its positives:
the trials are independent, and the bound exact. By label within stories, pooled: this is the share of decisions that a user loses, whose
trials are not quite independent; it is the stricter count where articles with several labels are lost more often than others.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.calibration import Goal
from hawadith.errors import ConfigError, DataError
from hawadith_evaluation.guarantees.promise import count_needed, promise_thresholds
from hawadith_evaluation.guarantees.stories import gather_stories
from hawadith_evaluation.targets import Targets


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """A count of positives, and how many of them are ruled out."""

    positives: int
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """Which articles the small model may rule out.

    Attributes:
        threshold: An article is ruled out where the small model's highest probability lies below; in (0, 1].
        stories: Stories in which the large model gives a label; lost with any of those articles.
        decisions: The same per label, pooled: one for each label that the large model gives in a story.
    """

    threshold: float
    stories: Losses
    decisions: Losses


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Trials:
    """Rows of shape `(rows,)`, of which those of a group are one trial."""

    peaks: NDArray[np.float64]
    positive: NDArray[np.bool_]
    groups: NDArray[np.int64]

    def promise(self, *, at_most: float, confidence: float) -> float | None:
        """The highest threshold below which at most that share of the trials is lost; None without one."""
        targets = Targets(
            labels=("any",), positive=self.positive[:, None], judged=np.ones((len(self.positive), 1), dtype=np.bool_)
        )
        [promised] = promise_thresholds(
            targets,
            probabilities=self.peaks[:, None],
            groups=self.groups,
            goals=[Goal(kind="recall", at_least=1 - at_most)],
            confidence=confidence,
        )
        return promised["threshold"]

    def count(self, threshold: float) -> Losses:
        lowest = gather_stories(self.peaks, truth=self.positive, groups=self.groups).lowest
        return Losses(positives=len(lowest), lost=int((lowest < threshold).sum()))


def choose_screening(
    peaks: NDArray[np.float64],
    *,
    decisions: NDArray[np.bool_],
    groups: NDArray[np.int64],
    at_most: float = 0.02,
    confidence: float = 0.9,
) -> Screening:
    """Choose the highest threshold that can be promised.

    Args:
        peaks: Shape `(articles,)`: the small model's highest calibrated probability of any label, in [0, 1]; 1 for an article that must not
            be ruled out. Of a model that has not learned from these articles.
        decisions: Shape `(articles, labels)`: the labels that the large model gives, none where it has no scores; likewise.
        groups: Shape `(articles,)`: near-duplicate group numbers from 0.
        at_most: Share in (0, 1) of the positives that may be lost.
        confidence: Of the promise, in (0, 1).

    Returns:
        The threshold, and what is lost below it on these articles.

    Raises:
        ConfigError: If share or confidence lies outside (0, 1).
        DataError: If the shapes differ, or nothing can be promised; says what it would take.

    Example:
        >>> screening = choose_screening(np.full(120, 0.4), decisions=np.ones((120, 1), np.bool_), groups=np.arange(120))
        >>> screening.threshold
        0.2
    """
    if not (0 < at_most < 1 and 0 < confidence < 1):
        raise ConfigError(
            f"A promise loses a share in (0, 1) with a confidence in (0, 1), got {at_most}, {confidence}."
        )
    if decisions.ndim != 2 or not len(peaks) == len(decisions) == len(groups):
        found = f"peaks {peaks.shape}, decisions {decisions.shape}, groups {groups.shape}"
        raise DataError(f"Both models' scores and the groups must be of the same articles, got {found}.")
    by_story, by_label = _gather_trials(peaks, decisions=decisions, groups=groups)
    promised = [trials.promise(at_most=at_most, confidence=confidence) for trials in (by_story, by_label)]
    kept = [threshold for threshold in promised if threshold is not None]
    if len(kept) < len(promised):
        raise DataError(_explain(by_story, at_most=at_most, confidence=confidence))
    threshold = min(kept)
    return Screening(threshold=threshold, stories=by_story.count(threshold), decisions=by_label.count(threshold))


def _gather_trials(
    peaks: NDArray[np.float64], *, decisions: NDArray[np.bool_], groups: NDArray[np.int64]
) -> tuple[_Trials, _Trials]:
    by_story = _Trials(peaks=peaks, positive=np.asarray(decisions.any(axis=1)), groups=groups)
    rows, columns = np.nonzero(decisions)
    # A row per decision; beside them the articles as negatives, so that both thresholds lie between the same neighbours.
    by_label = _Trials(
        peaks=np.concatenate([peaks, peaks[rows]]),
        positive=np.concatenate([np.zeros(len(peaks), dtype=np.bool_), np.ones(len(rows), dtype=np.bool_)]),
        groups=np.concatenate([-1 - groups, groups[rows] * decisions.shape[1] + columns]),
    )
    return by_story, by_label


def _explain(trials: _Trials, *, at_most: float, confidence: float) -> str:
    positives, needed = trials.count(0.0).positives, count_needed(1 - at_most, confidence=confidence)
    start = f"Cannot promise with {confidence:.0%} confidence that at most {100 * at_most:g}% of the large model's positives are lost"
    if positives >= needed:
        lost = trials.count(np.nextafter(0.0, 1.0)).lost
        return (
            f"{start}: to {lost} of the {positives} stories in which it gives a label, the small model gives each a probability of 0. "
            "It cannot screen for this model; take another small model, or score without a cascade."
        )
    articles = len(trials.peaks)
    more = f"; at this rate that is about {-(-articles * needed // positives)} articles" if positives else ""
    return (
        f"{start}: that takes {needed} stories in which it gives a label, and there are {positives} in these {articles} articles{more}. "
        "Bring more articles, labelled or not, that neither model has learned from; or ask for less with --at-most or --confidence."
    )
