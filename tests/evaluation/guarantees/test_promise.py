"""Promises: kept at their rate over 500 draws, counted by story, refused with a number where the articles are too few.

The draws come from populations whose recall and precision at every threshold are known, so that "kept" is a fact.
"""

import json
import re

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import binom

from hawadith.calibration import Goal
from hawadith.errors import ConfigError, DataError
from hawadith_evaluation.guarantees.promise import count_needed, promise_thresholds
from hawadith_evaluation.metrics_file import GuaranteeValues
from hawadith_evaluation.targets import Targets
from hawadith_evaluation.thresholds import choose_threshold

DRAWS = 500
TOO_MANY = int(binom.ppf(0.999, DRAWS, 0.1))
"""Broken promises of 500 that a right method at 90% exceeds once in a thousand runs."""


def promise(
    probability: NDArray[np.float64], truth: NDArray[np.bool_], goal: Goal, *, groups: NDArray[np.int64] | None = None
) -> GuaranteeValues:
    units = np.arange(len(truth)) if groups is None else groups
    targets = Targets(labels=("mines",), positive=truth[:, None], judged=np.ones((len(truth), 1), dtype=np.bool_))
    [values] = promise_thresholds(targets, probabilities=probability[:, None], groups=units, goals=[goal])
    return values


class Population:
    """Many articles, whose recall and precision at any threshold are the truth that promises are held to."""

    def __init__(self, *, rarity: float, sharpness: float = 1.0, size: int = 200_000) -> None:
        random = np.random.default_rng(1)
        logits = random.normal(-rarity, 2.0, size=size)
        self.truth = random.random(size) < expit(logits)
        self.probability = np.asarray(expit(sharpness * logits))
        order = np.argsort(self.probability)
        self._sorted = self.probability[order]
        self._positives_from = np.append(np.cumsum(self.truth[order][::-1])[::-1], 0)

    def draw(self, articles: int, *, seed: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Some articles, at random."""
        rows = np.random.default_rng(seed).integers(len(self.truth), size=articles)
        return self.probability[rows], self.truth[rows]

    def recall(self, threshold: float) -> float:
        """Recall on all of them."""
        return float(self._positives_from[np.searchsorted(self._sorted, threshold)] / self._positives_from[0])

    def precision(self, threshold: float) -> float:
        """Precision on all of them."""
        first = int(np.searchsorted(self._sorted, threshold))
        return float(self._positives_from[first] / (len(self._sorted) - first))


@pytest.mark.parametrize(("rarity", "positives"), [(4.0, 50), (5.5, 25)])
def test_promised_recall_is_kept_at_its_rate(rarity: float, positives: int) -> None:
    population = Population(rarity=rarity)
    goal = Goal(kind="recall", at_least=0.9)
    articles = int(positives / population.truth.mean())
    promised = [promise(*population.draw(articles, seed=seed), goal)["threshold"] for seed in range(DRAWS)]
    broken = sum(threshold is not None and population.recall(threshold) < 0.9 for threshold in promised)
    assert 10 <= broken <= TOO_MANY  # fewer would mean that it promises less than it could
    assert sum(threshold is not None for threshold in promised) >= 0.6 * DRAWS


@pytest.mark.parametrize("sharpness", [1.0, 2.0, 0.6])
def test_promised_precision_is_kept_at_its_rate(sharpness: float) -> None:
    population = Population(rarity=3.0, sharpness=sharpness)
    goal = Goal(kind="precision", at_least=0.8)
    promised = [promise(*population.draw(600, seed=seed), goal)["threshold"] for seed in range(DRAWS)]
    broken = sum(threshold is not None and population.precision(threshold) < 0.8 for threshold in promised)
    assert broken <= TOO_MANY


def test_precision_just_too_low_is_promised_as_rarely_as_the_confidence_says() -> None:
    right = np.random.default_rng(2).random((DRAWS, 60)) < 0.8 - 1e-9
    goal = Goal(kind="precision", at_least=0.8)
    promised = sum(promise(np.full(60, 0.9), truth, goal)["threshold"] is not None for truth in right)
    assert 10 <= promised <= TOO_MANY


def test_promised_precision_is_used_up_where_many_articles_speak() -> None:
    population = Population(rarity=3.0)
    goal = Goal(kind="precision", at_least=0.7)
    promised = [promise(*population.draw(5000, seed=seed), goal)["threshold"] for seed in range(20)]
    assert all(threshold is not None for threshold in promised)
    reached = [population.precision(threshold) for threshold in promised if threshold is not None]
    assert 0.7 < np.mean(reached) < 0.76


def test_naive_threshold_breaks_the_promise() -> None:
    population = Population(rarity=4.0)
    goal = Goal(kind="recall", at_least=0.9)
    chosen = [
        choose_threshold(probability, truth=truth, goal=goal).value
        for probability, truth in (population.draw(600, seed=seed) for seed in range(DRAWS))
    ]
    assert sum(population.recall(threshold) < 0.9 for threshold in chosen) > 0.3 * DRAWS


def draw_copied(
    population: Population, *, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """300 stories, every fourth of them in ten copies."""
    probability, truth = population.draw(300, seed=seed)
    groups = np.repeat(np.arange(300), np.where(np.arange(300) % 4 == 0, 10, 1))
    return probability[groups], truth[groups], groups


@pytest.mark.parametrize(("by_story", "keeps"), [(True, True), (False, False)])
def test_promise_counts_copies_once(by_story: bool, keeps: bool) -> None:
    population = Population(rarity=2.0)
    goal = Goal(kind="recall", at_least=0.8)
    broken = 0
    for seed in range(DRAWS):
        probability, truth, groups = draw_copied(population, seed=seed)
        threshold = promise(probability, truth, goal, groups=groups if by_story else None)["threshold"]
        broken += threshold is not None and population.recall(threshold) < 0.8
    assert (broken <= TOO_MANY) == keeps


@pytest.mark.parametrize(
    ("at_least", "confidence", "needed"), [(0.9, 0.9, 22), (0.5, 0.75, 2), (0.8, 0.9, 11), (0.1, 0.5, 1)]
)
def test_needed_stories_are_the_fewest_that_chance_cannot_fake(at_least: float, confidence: float, needed: int) -> None:
    assert count_needed(at_least, confidence=confidence) == needed
    assert at_least**needed <= 1 - confidence + 1e-12
    assert needed == 1 or at_least ** (needed - 1) > 1 - confidence


@pytest.mark.parametrize(("positives", "met"), [(21, False), (22, True)])
def test_recall_takes_as_many_positives_as_it_says(positives: int, met: bool) -> None:
    truth = np.arange(100) < positives
    values = promise(np.linspace(0.9, 0.1, 100), truth, Goal(kind="recall", at_least=0.9))
    assert (values["threshold"] is not None, values["why"] is None, values["needed"]) == (met, met, 22)
    if not met:
        assert "takes 22 positive stories, and there are 21" in (values["why"] or "")


def test_recall_threshold_leaves_out_as_many_as_may_be_missed() -> None:
    truth = np.arange(200) < 60
    probability = np.linspace(0.99, 0.01, 200)
    values = promise(probability, truth, Goal(kind="recall", at_least=0.9))
    # Of 60 positives 2 may be missed: P(at most 2 of 60 at a rate of 0.1) = 0.053, at most 3: 0.137.
    assert values["threshold"] == pytest.approx((probability[57] + probability[58]) / 2)
    assert (values["observed"], values["other"]) == (58 / 60, 1.0)


def test_recall_never_rests_on_articles_without_scores() -> None:
    truth = np.ones(30, dtype=np.bool_)
    values = promise(np.where(np.arange(30) < 27, 0.8, 0.0), truth, Goal(kind="recall", at_least=0.9))
    assert values["threshold"] is None
    assert "3 of 30 positive stories hold an article without any probability" in (values["why"] or "")


def test_recall_threshold_between_neighbouring_floats_gives_the_article() -> None:
    probability = np.repeat([0.5, np.nextafter(0.5, 0.0)], [22, 5])
    values = promise(probability, np.arange(27) < 22, Goal(kind="recall", at_least=0.9))
    assert (values["threshold"], values["observed"]) == (0.5, 1.0)


def test_precision_goes_down_until_the_test_stops_it() -> None:
    probability = np.concatenate([np.full(40, 0.85), np.full(10, 0.6), np.full(50, 0.305)])
    truth = np.concatenate([np.ones(50, dtype=np.bool_), np.zeros(50, dtype=np.bool_)])
    values = promise(probability, truth, Goal(kind="precision", at_least=0.8))
    # 50 of 50 pass down to 0.31; at 0.3 it is 50 of 100.
    assert values["threshold"] == 0.31
    assert (values["observed"], values["other"], values["needed"]) == (1.0, 1.0, 11)


def test_precision_never_goes_past_a_threshold_that_failed() -> None:
    probability = np.concatenate([np.full(40, 0.85), np.full(30, 0.605), np.full(400, 0.3)])
    truth = np.repeat([True, False, True], [40, 30, 400])
    assert promise(probability, truth, Goal(kind="precision", at_least=0.8))["threshold"] == 0.61


@pytest.mark.parametrize(
    ("given", "right", "why"),
    [
        (10, 10, "takes 11 stories with a probability of 0.8 or more, all given rightly, and there are 10, 10 of them"),
        (
            20,
            17,
            r"was tested on 20 stories .* 17 \(0.85\) are given rightly; at that rate it takes about 106 such stories",
        ),
        (20, 12, r"12 \(0.60\) are given rightly: the model is not that precise"),
    ],
)
def test_precision_that_cannot_be_promised_says_why(given: int, right: int, why: str) -> None:
    values = promise(np.full(given, 0.9), np.arange(given) < right, Goal(kind="precision", at_least=0.8))
    assert (values["threshold"], values["observed"], values["other"]) == (None, None, None)
    message = values["why"] or ""
    assert message.startswith("Cannot be met with this data: precision of at least 0.8 with 90% confidence")
    assert re.search(why, message), message


def test_promises_come_per_label_and_goal_over_judged_articles() -> None:
    positive = np.array([[True, True]] * 40)
    judged = np.array([[True, row < 5] for row in range(40)])
    targets = Targets(labels=("mines", "arms"), positive=positive & judged, judged=judged)
    goals = [Goal(kind="recall", at_least=0.9), Goal(kind="precision", at_least=0.7)]
    values = promise_thresholds(targets, probabilities=np.full((40, 2), 0.75), groups=np.arange(40), goals=goals)
    assert [(entry["label"], entry["goal"], entry["positives"]) for entry in values] == [
        ("mines", "recall", 40),
        ("mines", "precision", 40),
        ("arms", "recall", 5),
        ("arms", "precision", 5),
    ]
    assert [entry["threshold"] is None for entry in values] == [False, False, True, True]
    json.dumps(values, allow_nan=False)


def test_label_that_nobody_judged_is_promised_nothing() -> None:
    nothing = np.zeros((4, 1), dtype=np.bool_)
    targets = Targets(labels=("mines",), positive=nothing, judged=nothing)
    goals = [Goal(kind="recall", at_least=0.9), Goal(kind="precision", at_least=0.9)]
    values = promise_thresholds(targets, probabilities=np.full((4, 1), 0.9), groups=np.arange(4), goals=goals)
    assert [entry["threshold"] for entry in values] == [None, None]


@pytest.mark.parametrize("goal", [Goal(), Goal(kind="recall"), Goal(kind="recall", at_least=1.0)])
def test_goal_that_no_sample_can_promise_is_refused(goal: Goal) -> None:
    with pytest.raises(ConfigError, match="give recall or precision with `at_least` in"):
        promise(np.full(30, 0.5), np.ones(30, dtype=np.bool_), goal)


def test_certainty_and_other_shapes_are_refused() -> None:
    truth = np.ones((5, 1), dtype=np.bool_)
    targets = Targets(labels=("mines",), positive=truth, judged=truth)
    with pytest.raises(ConfigError, match="no number of articles makes a promise certain"):
        promise_thresholds(targets, probabilities=np.ones((5, 1)), groups=np.arange(5), goals=[], confidence=1.0)
    with pytest.raises(DataError, match=r"groups \(4,\)"):
        promise_thresholds(targets, probabilities=np.ones((5, 1)), groups=np.arange(4), goals=[])
