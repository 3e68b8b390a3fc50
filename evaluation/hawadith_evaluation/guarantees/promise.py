"""Thresholds with a promise: "recall of at least 0.9, with 90% confidence, on articles like these".

The confidence is over the draw of the articles that the promise is made on: of many such draws, at most one in ten ends with a threshold
that does not keep its promise on the articles to come. It holds at any number of articles, for any model and any distribution, as long as
new articles are exchangeable with these, and the model has not learned from these. Each promise stands for itself: that several hold
together is less sure.

This is Learn-then-Test (Angelopoulos et al. 2021) with exact binomial tests, over stories. For recall, which only falls as the threshold
rises, testing every threshold from 0 up comes down to a closed form: the order statistic of Wilks (1941). For precision, thresholds are
tested in a fixed sequence (Bauer 1991) that starts at the promised value itself, from which on calibrated probabilities already keep the
promise on average, and goes down in steps of 0.01 while the test rejects. On resamples of cross-fitted scores of 3,861 articles this start
promised more, and more often, than Holm's correction over a grid, which MAPIE takes by default, or several starts (2026-11-26).
"""

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import binom

from hawadith.calibration import Goal
from hawadith.errors import ConfigError, DataError
from hawadith_evaluation.guarantees.stories import Stories, gather_stories
from hawadith_evaluation.metrics_file import GuaranteeValues
from hawadith_evaluation.targets import Targets
from hawadith_evaluation.thresholds import cut_between

_STEP = 0.01  # of probability: thresholds must be fixed before the labels are seen
_ROUNDING = 1e-12  # 1 - 0.9 is a little less than 0.1


def promise_thresholds(
    targets: Targets,
    *,
    probabilities: NDArray[np.float64],
    groups: NDArray[np.int64],
    goals: Sequence[Goal],
    confidence: float = 0.9,
) -> list[GuaranteeValues]:
    """Find for every label and goal the best threshold that can be promised: the highest for recall, the lowest for precision.

    Args:
        targets: What is true of articles that the model has neither learned nor been chosen by.
        probabilities: Shape `(articles, labels)`, calibrated on other articles; 0 for an article without scores.
        groups: Shape `(articles,)`: near-duplicate group numbers.
        goals: Recall or precision, each with `at_least` in (0, 1).
        confidence: Of each promise, in (0, 1).

    Returns:
        One entry per label and goal, labels outermost; where nothing can be promised, with the reason and what it would take.

    Raises:
        ConfigError: If a goal or the confidence cannot be promised.
        DataError: If the shapes differ.

    Example:
        >>> targets = Targets(labels=("mines",), positive=np.ones((22, 1), np.bool_), judged=np.ones((22, 1), np.bool_))
        >>> [promise] = promise_thresholds(
        ...     targets, probabilities=np.full((22, 1), 0.6), groups=np.arange(22), goals=[Goal(kind="recall", at_least=0.9)]
        ... )
        >>> promise["threshold"]
        0.3
    """
    shape = targets.positive.shape
    if probabilities.shape != shape or groups.shape != shape[:1]:
        found = f"probabilities {probabilities.shape}, groups {groups.shape}"
        raise DataError(f"Predictions do not fit the targets' shape {shape} (articles, labels): got {found}.")
    _check_promises(goals, confidence=confidence)
    promises: list[GuaranteeValues] = []
    for column, label in enumerate(targets.labels):
        judged = targets.judged[:, column]
        stories = gather_stories(
            probabilities[judged, column], truth=targets.positive[judged, column], groups=groups[judged]
        )
        promises += [_promise(label, stories=stories, goal=goal, confidence=confidence) for goal in goals]
    return promises


def count_needed(at_least: float, *, confidence: float) -> int:
    """How many stories without a single fault it takes before anything can be promised: the least n with `at_least ** n` at most the risk.

    Args:
        at_least: The promised recall or precision, in (0, 1).
        confidence: Of the promise, in (0, 1).

    Returns:
        The number of stories.

    Example:
        >>> count_needed(0.9, confidence=0.9)
        22
    """
    return max(1, int(np.ceil(np.log(1 - confidence) / np.log(at_least) - 1e-9)))


def _check_promises(goals: Sequence[Goal], *, confidence: float) -> None:
    if not 0 < confidence < 1:
        raise ConfigError(
            f"A confidence lies in (0, 1), got {confidence}; no number of articles makes a promise certain."
        )
    for goal in goals:
        if goal.kind == "f1" or goal.at_least is None or not 0 < goal.at_least < 1:
            raise ConfigError(
                f"Cannot promise {goal.kind} of at least {goal.at_least}: give recall or precision with `at_least` in (0, 1)."
            )


def _promise(label: str, *, stories: Stories, goal: Goal, confidence: float) -> GuaranteeValues:
    least = cast("float", goal.at_least)
    needed = count_needed(least, confidence=confidence)
    promise = _promise_recall if goal.kind == "recall" else _promise_precision
    threshold, why = promise(stories, least=least, confidence=confidence, needed=needed)
    measured = (None, None) if threshold is None else (stories.recall(threshold), stories.precision(threshold))
    observed, other = measured if goal.kind == "recall" else measured[::-1]
    return {
        "label": label,
        "goal": "recall" if goal.kind == "recall" else "precision",
        "at_least": least,
        "confidence": confidence,
        "threshold": threshold,
        "observed": observed,
        "positives": len(stories.lowest),
        "why": why,
        "other": other,
        "needed": needed,
    }


def _promise_recall(
    stories: Stories, *, least: float, confidence: float, needed: int
) -> tuple[float | None, str | None]:
    """The highest threshold, or None and why not.

    With m positive stories, k may be missed where at most k misses of m are as rare as the risk when recall is just too low.
    """
    lowest = np.sort(stories.lowest)
    if len(lowest) < needed:
        return None, (
            f"Cannot be met with this data: recall of at least {least:g} with {confidence:.0%} confidence takes {needed} positive "
            f"stories, and there are {len(lowest)}."
        )
    chance = binom.cdf(np.arange(len(lowest)), len(lowest), 1 - least)
    may_miss = int(np.flatnonzero(chance <= 1 - confidence + _ROUNDING)[-1])
    reached = float(lowest[may_miss])
    if reached <= 0:
        return None, (
            f"Cannot be met with this data: {int((lowest <= 0).sum())} of {len(lowest)} positive stories hold an article without "
            f"any probability, and at most {may_miss} may be missed."
        )
    # Anything down to the next lower probability is safe, since recall only rises on the way.
    observed = np.concatenate([stories.lowest, stories.highest])
    return cut_between(float(observed[observed < reached].max(initial=0.0)), reached), None


def _promise_precision(
    stories: Stories, *, least: float, confidence: float, needed: int
) -> tuple[float | None, str | None]:
    """The lowest threshold of the sequence up to the first that cannot be promised, or None and why the first cannot."""
    sequence = np.round(least - _STEP * np.arange(int(least / _STEP)), 12).astype(np.float64)
    chance = binom.sf(stories.count_right(sequence) - 1, stories.count_given(sequence), least)
    n_promised = int(np.logical_and.accumulate(chance <= 1 - confidence + _ROUNDING).sum())
    if n_promised:
        return float(sequence[n_promised - 1]), None
    return None, _explain_precision(stories, least=least, confidence=confidence, needed=needed)


def _explain_precision(stories: Stories, *, least: float, confidence: float, needed: int) -> str:
    at = np.array([least])
    [given], [right] = stories.count_given(at).tolist(), stories.count_right(at).tolist()
    start = f"Cannot be met with this data: precision of at least {least:g} with {confidence:.0%} confidence"
    if given < needed:
        return (
            f"{start} takes {needed} stories with a probability of {least:g} or more, all given rightly, and there are {given}, "
            f"{right} of them given rightly."
        )
    share = right / given
    seen = f"{start} was tested on {given} stories with a probability of {least:g} or more; {right} ({share:.2f}) are given rightly"
    if share <= least:
        return f"{seen}: the model is not that precise."
    # The normal approximation: it says an order of magnitude, on which somebody decides whether to label more.
    enough = int(np.ceil((ndtri(confidence) / (share - least)) ** 2 * least * (1 - least)))
    return f"{seen}; at that rate it takes about {enough} such stories."
