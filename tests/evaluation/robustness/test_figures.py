"""Figures from probabilities: shares, groups, what a label took back, and which examples are shown."""

import numpy as np
import pytest

from hawadith.records import Record
from hawadith_evaluation.estimates import Resampling
from hawadith_evaluation.robustness.cases import Case
from hawadith_evaluation.robustness.figures import (
    Directions,
    Shift,
    estimate_shares,
    measure_actor,
    measure_direction,
    measure_invariance,
)

LABELS = ("mine", "arms")
BEFORE = np.array([[0.9, 0.1], [0.6, 0.6], [0.1, 0.1], [0.2, 0.3]])
AFTER = np.array([[0.8, 0.1], [0.4, 0.7], [0.6, 0.1], [0.2, 0.3]])
CASES = [Case(row=row // 2, record=Record(id=f"{row}", text="x"), notes={"excerpt": f"e{row}"}) for row in range(4)]


def resample(n: int, *, resamples: int = 200) -> Resampling:
    return Resampling(groups=np.arange(n), resamples=resamples, seed=3)


def build_shift(resampling: Resampling | None = None) -> Shift:
    return Shift(
        labels=LABELS,
        resampling=resampling or resample(4),
        before=BEFORE,
        after=AFTER,
        given_before=BEFORE >= 0.5,
        given_after=AFTER >= 0.5,
    )


def test_invariance_counts_flipped_decisions_articles_and_labels_taken_back() -> None:
    values = measure_invariance("digits", build_shift(), cases=CASES, tolerance=0.3)
    assert values["flips"]["value"] == 2 / 8
    assert values["labels"] == {"mine": 0.5, "arms": 0.0}
    assert values["articles"]["value"] == 0.5
    assert values["taken_back"]["value"] == pytest.approx(1 / 3)
    assert values["shift"] == pytest.approx((0.1 + 0.2 + 0.1 + 0.5) / 8)
    assert (values["n"], values["passed"], values["kind"]) == (2, True, "invariance")


@pytest.mark.parametrize(("tolerance", "passed"), [(0.25, True), (0.24, False)])
def test_invariance_passes_up_to_its_tolerance(tolerance: float, passed: bool) -> None:
    assert measure_invariance("digits", build_shift(), cases=CASES, tolerance=tolerance)["passed"] is passed


def test_invariance_shows_the_greatest_flips_first() -> None:
    examples = measure_invariance("digits", build_shift(), cases=CASES, tolerance=0.3)["examples"]
    assert examples == [
        {"id": "2", "label": "mine", "before": "0.100", "after": "0.600", "excerpt": "e2"},
        {"id": "1", "label": "mine", "before": "0.600", "after": "0.400", "excerpt": "e1"},
    ]


def test_invariance_without_cases_is_undefined_and_passes() -> None:
    values = measure_invariance("digits", build_shift().select(np.zeros(4, dtype=np.bool_)), cases=[], tolerance=0.3)
    assert values["flips"] == {"value": None, "low": None, "high": None}
    assert (values["n"], values["shift"], values["passed"]) == (0, 0.0, True)


def test_selecting_cases_selects_their_groups() -> None:
    part = build_shift().select(np.array([True, False, True, False]))
    assert part.resampling.groups.tolist() == [0, 2]
    assert (part.after == AFTER[[0, 2]]).all()


def build_directions(sign: int) -> Directions:
    return Directions(
        ids=["a", "b", "c"],
        labels=["mine", "mine", "arms"],
        resampling=resample(3),
        before=np.array([0.2, 0.5, 0.4]),
        after=np.array([0.6, 0.5, 0.1]),
        given=np.array([True, True, False]),
        sign=sign,
    )


@pytest.mark.parametrize(("sign", "wrong", "first"), [(1, [0.5, 1.0], "arms"), (-1, [1.0, 0.0], "mine")])
def test_direction_counts_what_moved_the_wrong_way_or_not_at_all(sign: int, wrong: list[float], first: str) -> None:
    notes = [{"sentence": f"s{row}"} for row in range(3)]
    values = measure_direction("report_added", build_directions(sign), notes=notes, tolerance=0.05)
    assert values["flips"]["value"] == pytest.approx(2 / 3)
    assert list(values["labels"].values()) == wrong
    assert values["given"]["value"] == pytest.approx(2 / 3)
    assert values["shift"] == pytest.approx(0.1 / 3)
    assert values["passed"] is False
    assert len(values["examples"]) == 2
    assert values["examples"][0]["label"] == first
    assert values["examples"][0]["id"] == ("c" if sign == 1 else "a")
    assert values["examples"][0]["sentence"] == ("s2" if sign == 1 else "s0")


def test_actor_values_are_the_change_towards_it() -> None:
    mine, arms = measure_actor("iran", build_shift(), kind="country")
    assert mine["mean_change"]["value"] == pytest.approx((-0.1 - 0.2 + 0.5) / 4)
    assert mine["mean_absolute_change"] == pytest.approx(0.2)
    assert (mine["flips"], mine["n"], mine["label"], mine["actor"], mine["kind"]) == (0.5, 4, "mine", "iran", "country")
    assert arms["mean_change"]["value"] == pytest.approx(0.025)
    low, high = arms["mean_change"]["low"], arms["mean_change"]["high"]
    assert low is not None
    assert high is not None
    assert low <= 0.025 <= high


def test_copies_of_one_story_widen_the_interval() -> None:
    parts = np.tile([1.0, 0.0], 20)
    apart = Resampling(groups=np.arange(40), resamples=500, seed=1)
    copies = Resampling(groups=np.arange(40) // 10, resamples=500, seed=1)
    as_pairs = Resampling(groups=np.arange(40) % 4, resamples=500, seed=1)
    widths = []
    for resampling in (apart, as_pairs):
        [share] = estimate_shares(parts=[parts], wholes=[np.ones(40)], resampling=resampling)
        assert share["value"] == 0.5
        widths.append((share["high"] or 0) - (share["low"] or 0))
    assert widths[1] > widths[0]
    [balanced] = estimate_shares(parts=[parts], wholes=[np.ones(40)], resampling=copies)
    assert balanced == {"value": 0.5, "low": 0.5, "high": 0.5}


def test_share_without_resamples_has_no_interval() -> None:
    [share] = estimate_shares(parts=[np.ones(2)], wholes=[np.ones(2)], resampling=resample(2, resamples=0))
    assert share == {"value": 1.0, "low": None, "high": None}
