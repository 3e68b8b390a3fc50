"""What is said of a permutation test: its p, its real level, Holm's correction, and what the data could have shown."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawadith_evaluation.comparison.significance import (
    attained_size,
    correct_holm,
    detectable_difference,
    permutation_p,
)
from hawadith_evaluation.estimates import Estimate


@pytest.mark.parametrize(
    ("difference", "p"),
    [(0.0, 1.0), (0.1, 6 / 10), (-0.2, 4 / 10), (0.3, 2 / 10), (0.30000000001, 2 / 10), (0.5, 1 / 10)],
)
def test_p_counts_swaps_that_differ_as_much_in_either_direction_and_the_outputs_as_they_are(
    difference: float, p: float
) -> None:
    permuted = np.array([0, 0, 0.05, -0.05, 0.1, 0.1, -0.2, 0.2, -0.3])
    assert permutation_p(difference, permuted=permuted) == pytest.approx(p)


def test_p_counts_an_undefined_swap_as_extreme() -> None:
    assert permutation_p(0.5, permuted=np.array([np.nan, 0.1, 0.1])) == 0.5


def test_size_is_near_the_level_where_outcomes_are_many() -> None:
    assert attained_size(np.random.default_rng(1).normal(size=2000)) == pytest.approx(0.05, abs=0.001)


def test_size_is_that_of_the_largest_outcome_rare_enough() -> None:
    permuted = np.repeat([0.0, 0.1, 0.2, 0.3], [600, 300, 80, 20])
    assert attained_size(permuted) == pytest.approx(0.02)


def test_size_is_zero_where_no_outcome_is_rare_enough() -> None:
    # Two models that differ on four stories: one outcome in eight is as extreme as can be.
    signs = np.random.default_rng(1).choice([-1, 1], size=(4000, 4))
    assert attained_size(signs.sum(axis=1) / 100) == 0.0


def test_size_never_counts_undefined_swaps_as_rejections() -> None:
    assert attained_size(np.array([np.nan] * 2 + [0.1] * 98)) == 0.0


def test_holm_multiplies_by_the_questions_left() -> None:
    assert correct_holm([0.04, 0.01, 0.03, 0.005]) == pytest.approx([0.06, 0.03, 0.06, 0.02])


def test_holm_of_nothing_is_nothing() -> None:
    assert correct_holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_lies_between_p_and_bonferroni_and_keeps_the_order(p: list[float]) -> None:
    corrected = np.array(correct_holm(p))
    assert (corrected >= np.array(p)).all()
    assert (corrected <= np.minimum(1.0, len(p) * np.array(p)) + 1e-12).all()
    assert (np.diff(corrected[np.argsort(p, kind="stable")]) >= 0).all()
    assert corrected[np.argmin(p)] == pytest.approx(min(1.0, len(p) * min(p)))


def test_detectable_difference_is_2_8_standard_errors_for_one_question_and_more_for_several() -> None:
    difference = Estimate(value=0.3, low=0.3 - 0.196, high=0.3 + 0.196)  # a standard error of 0.1
    assert detectable_difference(difference, questions=1) == pytest.approx(0.280, abs=0.001)
    assert detectable_difference(difference, questions=5) == pytest.approx(0.342, abs=0.001)


@pytest.mark.parametrize("difference", [Estimate(value=None), Estimate(value=0.0, low=0.0, high=0.0)])
def test_detectable_difference_is_unknown_without_an_interval_that_is_wide(difference: Estimate) -> None:
    assert detectable_difference(difference, questions=1) is None
