"""Thresholds: each goal's cut, in the middle between neighbouring probabilities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from hawadith.calibration import Goal
from hawadith.errors import ConfigError
from hawadith_evaluation import thresholds
from hawadith_evaluation.thresholds import choose_threshold

P = np.array([0.9, 0.8, 0.6, 0.5, 0.3, 0.1])
TRUTH = np.array([True, True, False, True, False, False])


@pytest.mark.parametrize(
    ("goal", "value", "reached"),
    [
        (Goal(kind="recall", at_least=0.6), 0.7, 2 / 3),
        (Goal(kind="recall", at_least=1.0), 0.4, 1.0),
        (Goal(kind="precision", at_least=0.75), 0.4, 0.75),
        (Goal(kind="precision", at_least=0.9), 0.7, 1.0),
        (Goal(kind="precision", at_least=0.55), 0.2, 0.6),
        (Goal(), 0.4, 6 / 7),
    ],
)
def test_threshold_lies_in_the_middle_of_the_gap_that_meets_its_goal(goal: Goal, value: float, reached: float) -> None:
    chosen = choose_threshold(P, truth=TRUTH, goal=goal)
    assert (chosen.value, chosen.reached) == pytest.approx((value, reached))
    assert chosen.met


def test_threshold_below_every_article_lies_between_the_lowest_and_zero() -> None:
    chosen = choose_threshold(np.array([0.9, 0.4]), truth=np.array([True, True]), goal=Goal(kind="recall", at_least=1))
    assert chosen.value == 0.2


def test_threshold_of_an_unreachable_precision_is_the_most_precise_and_says_so() -> None:
    truth = np.array([False, True, True, False, False, False])
    chosen = choose_threshold(P, truth=truth, goal=Goal(kind="precision", at_least=0.95))
    assert not chosen.met
    assert chosen.reached == pytest.approx(2 / 3)
    assert chosen.value == pytest.approx(0.55)


def test_threshold_never_splits_equal_probabilities() -> None:
    p = np.array([0.7, 0.7, 0.7, 0.2])
    truth = np.array([True, False, False, False])
    assert choose_threshold(p, truth=truth, goal=Goal(kind="precision", at_least=0.9)).reached == pytest.approx(1 / 3)


def test_threshold_between_neighbouring_floats_keeps_the_cut() -> None:
    low = 0.5
    p = np.array([np.nextafter(low, 1.0), low])
    truth = np.array([True, False])
    chosen = choose_threshold(p, truth=truth, goal=Goal(kind="precision", at_least=1.0))
    assert (p >= chosen.value).tolist() == [True, False]


def test_threshold_for_f1_prefers_the_cut_that_the_probabilities_expect_to_be_best(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # One positive far down lifts the observed F1 of the long cut a little; the probabilities expect nothing down there.
    p = np.concatenate([np.linspace(0.99, 0.9, 20), [0.05, 0.04]])
    truth = np.array([*[True] * 19, False, False, True])
    assert choose_threshold(p, truth=truth, goal=Goal()).value == pytest.approx((0.9 + 0.05) / 2)
    monkeypatch.setattr(thresholds, "F1_TOLERANCE", 0.0)
    plain = choose_threshold(p, truth=truth, goal=Goal())
    assert plain.reached == max(f1_score(truth, p >= cut) for cut in p)


@settings(deadline=None, max_examples=40)
@given(
    cells=st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=40).filter(
        lambda cells: any(truth for _, truth in cells)
    ),
    kind=st.sampled_from(["f1", "recall", "precision"]),
    least=st.floats(0.05, 1.0),
)
def test_threshold_reaches_what_it_says(cells: list[tuple[int, bool]], kind: str, least: float) -> None:
    p = np.array([score / 20 for score, _ in cells])
    truth = np.array([positive for _, positive in cells])
    goal = Goal(kind=kind, at_least=None if kind == "f1" else least)  # type: ignore[arg-type]
    chosen = choose_threshold(p, truth=truth, goal=goal)
    given_ = p >= chosen.value
    hits = (given_ & truth).sum()
    expected = {"f1": 2 * hits / (given_.sum() + truth.sum()), "recall": hits / truth.sum(), "precision": None}[kind]
    assert chosen.reached == pytest.approx(hits / given_.sum() if expected is None else expected)
    assert 0 <= chosen.value <= 1


@pytest.mark.parametrize("least", [None, 0.0, 1.2])
def test_threshold_refuses_a_goal_that_does_not_say_how_much(least: float | None) -> None:
    with pytest.raises(ConfigError, match="recall needs `at_least`"):
        choose_threshold(P, truth=TRUTH, goal=Goal(kind="recall", at_least=least))
