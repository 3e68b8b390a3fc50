"""The screening threshold: its promise is kept at its rate in 500 draws, by story and by label, and refused where it cannot be made.

The draws come from populations whose loss at every threshold is known, so that "kept" is a fact.
"""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import binom

from hawadith.errors import ConfigError, DataError
from hawadith_evaluation.cascade.screening import Losses, Screening, choose_screening

DRAWS = 500
TOO_MANY = int(binom.ppf(0.999, DRAWS, 0.1))
"""Broken promises of 500 that a right method at 90% exceeds once in a thousand runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What both models say of some articles."""

    peaks: NDArray[np.float64]
    decisions: NDArray[np.bool_]
    groups: NDArray[np.int64]


class Population:
    """Many articles, on which the loss at any threshold is the truth that promises are held to.

    Three labels. `together` says how often an article that is given one label is given the next one, too: then decisions are lost in pairs.
    """

    def __init__(self, *, together: float = 0.1, sharpness: float = 1.0, size: int = 200_000) -> None:
        random = np.random.default_rng(1)
        logits = random.normal(-3.5, 2.0, size=(size, 3))
        self.decisions = random.random(logits.shape) < expit(logits)
        for label in (1, 2):
            self.decisions[:, label] |= self.decisions[:, label - 1] & (random.random(size) < together)
        self.peaks = np.asarray(expit(sharpness * logits).max(axis=1))
        order = np.argsort(self.peaks)
        self._sorted = self.peaks[order]
        counts = {"article": self.decisions.any(axis=1), "decision": self.decisions.sum(axis=1)}
        self._below = {by: np.cumsum(np.append(0, count[order])) for by, count in counts.items()}

    def draw(self, articles: int, *, seed: int) -> Draw:
        """Some articles, at random, each a story of its own."""
        rows = np.random.default_rng(seed).integers(len(self.peaks), size=articles)
        return Draw(peaks=self.peaks[rows], decisions=self.decisions[rows], groups=np.arange(articles))

    def lost(self, threshold: float, *, by: str) -> float:
        """The share that is lost of all articles that are given a label, or of all decisions."""
        below = self._below[by]
        return float(below[np.searchsorted(self._sorted, threshold)] / below[-1])


def choose(draw: Draw, *, at_most: float = 0.02, confidence: float = 0.9) -> Screening:
    return choose_screening(
        draw.peaks, decisions=draw.decisions, groups=draw.groups, at_most=at_most, confidence=confidence
    )


@pytest.mark.parametrize(("together", "sharpness"), [(0.1, 1.0), (0.8, 0.6)])
def test_screening_keeps_its_promise_at_its_rate(together: float, sharpness: float) -> None:
    population = Population(together=together, sharpness=sharpness)
    thresholds = [choose(population.draw(1200, seed=seed)).threshold for seed in range(DRAWS)]
    for by in ("article", "decision"):
        broken = sum(population.lost(threshold, by=by) > 0.02 for threshold in thresholds)
        assert broken <= TOO_MANY, by
    assert sum(population.lost(threshold, by="article") > 0.02 for threshold in thresholds) >= 10  # else it wastes


def test_screening_at_the_observed_share_would_break_the_promise() -> None:
    population = Population()
    broken = 0
    for seed in range(DRAWS):
        draw = population.draw(1200, seed=seed)
        positive = np.sort(draw.peaks[draw.decisions.any(axis=1)])
        broken += population.lost(float(positive[int(0.02 * len(positive))]), by="article") > 0.02
    assert broken > 0.3 * DRAWS


@pytest.mark.parametrize(("by_story", "keeps"), [(True, True), (False, False)])
def test_screening_counts_copies_once(by_story: bool, keeps: bool) -> None:
    population = Population()
    broken = 0
    for seed in range(DRAWS):
        draw = population.draw(600, seed=seed)
        rows = np.repeat(np.arange(600), np.where(np.arange(600) % 4 == 0, 10, 1))
        groups = rows if by_story else np.arange(len(rows))
        copied = Draw(peaks=draw.peaks[rows], decisions=draw.decisions[rows], groups=groups)
        broken += population.lost(choose(copied).threshold, by="article") > 0.02
    assert (broken <= TOO_MANY) == keeps


def test_screening_uses_its_promise_up_where_there_are_many_positives() -> None:
    population = Population()
    thresholds = [choose(population.draw(10_000, seed=seed)).threshold for seed in range(10)]
    lost = [population.lost(threshold, by="article") for threshold in thresholds]
    assert 0.015 < np.mean(lost) < 0.02


def build_draw(positives: int, articles: int = 400, labels: int = 1) -> Draw:
    """The first articles are given every label; peaks fall from article to article."""
    decisions = np.repeat(np.arange(articles) < positives, labels).reshape(articles, labels)
    return Draw(peaks=np.linspace(0.99, 0.01, articles), decisions=decisions, groups=np.arange(articles))


def test_screening_loses_as_many_as_may_be_lost() -> None:
    draw = build_draw(200)
    screening = choose(draw)
    # Of 200 positives 1 may be lost: P(at most 1 of 200 at a rate of 0.02) = 0.089, at most 2: 0.235.
    assert screening.stories == Losses(positives=200, lost=1)
    assert screening.threshold == pytest.approx((draw.peaks[198] + draw.peaks[199]) / 2)


def test_screening_counts_a_lost_article_once_per_label_and_keeps_the_stricter_count() -> None:
    draw = build_draw(200)
    decisions = np.zeros((400, 3), dtype=np.bool_)
    decisions[:200, 0] = True
    decisions[199] = True  # the article that is lost first holds three labels: 3 of 202 are too many
    screening = choose(Draw(peaks=draw.peaks, decisions=decisions, groups=draw.groups))
    assert screening.decisions == Losses(positives=202, lost=0)
    assert screening.threshold < draw.peaks[199]


def test_screening_loses_a_story_with_its_first_article() -> None:
    draw = build_draw(200)
    groups = draw.groups.copy()
    groups[[0, 199]] = 0  # the surest and the least sure article tell one story
    screening = choose(Draw(peaks=draw.peaks, decisions=draw.decisions, groups=groups))
    assert screening.stories == Losses(positives=199, lost=1)
    assert draw.peaks[199] < screening.threshold < draw.peaks[198]


def test_screening_never_counts_what_must_not_be_ruled_out_as_lost() -> None:
    draw = build_draw(200)
    peaks = np.where(draw.decisions[:, 0] & (draw.peaks < 0.6), 1.0, draw.peaks)
    screening = choose(Draw(peaks=peaks, decisions=draw.decisions, groups=draw.groups))
    assert screening.threshold > choose(draw).threshold


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.02, 0.05, 0.2]))
def test_screening_does_not_depend_on_the_order_of_articles(seed: int, at_most: float) -> None:
    random = np.random.default_rng(seed)
    decisions = random.random((300, 2)) < 0.5
    draw = Draw(peaks=random.random(300), decisions=decisions, groups=random.integers(250, size=300))
    order = random.permutation(300)
    shuffled = Draw(peaks=draw.peaks[order], decisions=decisions[order][:, ::-1], groups=draw.groups[order])
    assert choose(shuffled, at_most=at_most) == choose(draw, at_most=at_most)


@given(st.integers(0, 2**32 - 1))
def test_screening_rules_more_out_where_more_may_be_lost_or_less_surely(seed: int) -> None:
    random = np.random.default_rng(seed)
    draw = Draw(peaks=random.random(300), decisions=random.random((300, 2)) < 0.5, groups=np.arange(300))
    strict = choose(draw).threshold
    assert choose(draw, at_most=0.05).threshold >= strict
    assert choose(draw, confidence=0.8).threshold >= strict


@pytest.mark.parametrize(("positives", "kept"), [(113, False), (114, True)])
def test_screening_takes_as_many_positives_as_it_says(positives: int, kept: bool) -> None:
    if kept:
        assert choose(build_draw(positives)).stories == Losses(positives=114, lost=0)
        return
    with pytest.raises(DataError, match="takes 114 stories in which it gives a label, and there are 113 in these 400"):
        choose(build_draw(positives))


def test_screening_says_how_many_articles_would_be_enough() -> None:
    with pytest.raises(DataError, match="at this rate that is about 4560 articles"):
        choose(build_draw(10))
    with pytest.raises(DataError, match=r"there are 0 in these 400 articles\. Bring more"):
        choose(build_draw(0))


def test_screening_refuses_a_small_model_that_sees_nothing_of_what_the_large_one_finds() -> None:
    draw = build_draw(200)
    blind = np.where(np.arange(400) % 2 == 0, 0.0, draw.peaks)
    with pytest.raises(DataError, match=r"to 100 of the 200 stories .* the small model gives each a probability of 0"):
        choose(Draw(peaks=blind, decisions=draw.decisions, groups=draw.groups))


@pytest.mark.parametrize(("at_most", "confidence"), [(0.0, 0.9), (1.0, 0.9), (0.02, 0.0), (0.02, 1.0)])
def test_screening_refuses_a_promise_that_nobody_could_make(at_most: float, confidence: float) -> None:
    with pytest.raises(ConfigError, match="loses a share in"):
        choose(build_draw(200), at_most=at_most, confidence=confidence)


def test_screening_refuses_scores_of_other_articles() -> None:
    draw = build_draw(200)
    with pytest.raises(DataError, match="of the same articles"):
        choose(Draw(peaks=draw.peaks[:-1], decisions=draw.decisions, groups=draw.groups))
