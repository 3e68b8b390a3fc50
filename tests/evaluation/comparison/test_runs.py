"""The error of few training runs: none for one, Student's t for several, and intervals that cover."""

import numpy as np
import pytest

from hawadith_evaluation.comparison.runs import draw_run_errors, spread_runs


def test_one_run_has_no_spread_and_no_error() -> None:
    values = np.array([[0.7, 0.8]])
    assert spread_runs(values) is None
    assert (draw_run_errors(values, draws=5, random=np.random.default_rng(1)) == np.zeros((2, 5))).all()


def test_spread_is_the_unbiased_standard_deviation_of_each_question() -> None:
    assert spread_runs(np.array([[0.7, 0.8], [0.9, 0.8]])) == pytest.approx([np.sqrt(0.02), 0.0])


def test_equal_runs_have_no_error() -> None:
    errors = draw_run_errors(np.full((3, 2), 0.7), draws=9, random=np.random.default_rng(1))
    assert np.abs(errors).max() < 1e-12


@pytest.mark.parametrize("runs", [3, 5])
def test_intervals_of_the_difference_of_two_recipes_cover_at_their_rate_or_more(runs: int) -> None:
    random = np.random.default_rng(runs)
    recipes = random.normal(size=(2, runs, 2000))  # each question is one trial
    errors = [draw_run_errors(recipe, draws=400, random=random) for recipe in recipes]
    samples = (recipes[1].mean(axis=0) - recipes[0].mean(axis=0))[:, None] + errors[1] - errors[0]
    low, high = np.quantile(samples, (0.025, 0.975), axis=1)
    assert 0.945 <= ((low <= 0) & (high >= 0)).mean() <= 0.995
