"""The regression is scikit-learn's, with a place to shrink towards."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from hawadith_training.linear.solver import Regression, fit_regression

RANDOM = np.random.default_rng(3)
MATRIX = csr_matrix(RANDOM.normal(size=(60, 8)).astype(np.float32))
POSITIVE = np.asarray(MATRIX @ np.arange(8) + RANDOM.normal(size=60) > 4)
EVEN = np.full(60, 2.0, dtype=np.float32)


def sklearn_regression(
    matrix: csr_matrix, positive: NDArray[np.bool_], weights: NDArray[np.float32]
) -> LogisticRegression:
    # liblinear penalises the intercept, as ours does.
    regression = LogisticRegression(C=1.0, solver="liblinear", tol=1e-8, max_iter=1000)
    return regression.fit(matrix, positive, sample_weight=weights)


def test_regression_is_scikit_learns() -> None:
    weights = RANDOM.uniform(0.1, 5, size=60).astype(np.float32)
    ours = fit_regression(MATRIX, positive=POSITIVE, weights=weights)
    theirs = sklearn_regression(MATRIX, POSITIVE, weights)
    assert ours.coefficients == pytest.approx(theirs.coef_[0], abs=5e-3)
    assert ours.intercept == pytest.approx(theirs.intercept_[0], abs=5e-3)


def test_regression_does_not_see_texts_of_no_weight() -> None:
    weights = np.where(np.arange(60) < 40, EVEN, 0).astype(np.float32)
    masked = fit_regression(MATRIX, positive=POSITIVE, weights=weights)
    cut = fit_regression(MATRIX[:40], positive=POSITIVE[:40], weights=weights[:40])
    assert masked.coefficients == pytest.approx(cut.coefficients, abs=1e-3)


def test_regression_stays_where_it_started_when_nothing_weighs() -> None:
    prior = Regression(RANDOM.normal(size=8).astype(np.float16).astype(np.float32), 0.25)
    found = fit_regression(MATRIX, positive=POSITIVE, weights=np.zeros(60, np.float32), prior=prior)
    np.testing.assert_array_equal(found.coefficients, prior.coefficients)
    assert found.intercept == prior.intercept


def test_regression_shrinks_towards_its_prior() -> None:
    prior = Regression(np.full(8, -1.0, dtype=np.float32), 0.5)
    distances = []
    for weight in (1e-4, 1e-2, 1.0):
        found = fit_regression(MATRIX, positive=POSITIVE, weights=np.full(60, weight, np.float32), prior=prior)
        distances.append(float(np.abs(found.coefficients - prior.coefficients).max()))
    assert distances == sorted(distances)
    assert distances[0] < 0.01 < 1 < distances[2]


def test_regression_balances_the_pull_of_its_prior_and_of_the_texts() -> None:
    prior = Regression(np.linspace(-1, 1, 8).astype(np.float32), 0.5)
    found = fit_regression(MATRIX, positive=POSITIVE, weights=EVEN, prior=prior)
    pulls = EVEN * (POSITIVE - 1 / (1 + np.exp(-found.score(MATRIX))))
    assert found.coefficients - prior.coefficients == pytest.approx(MATRIX.T @ pulls, abs=0.05)
    assert found.intercept - prior.intercept == pytest.approx(pulls.sum(), abs=0.05)


def test_score_is_the_logit() -> None:
    regression = Regression(np.arange(8, dtype=np.float32), -1.0)
    assert regression.score(MATRIX) == pytest.approx(MATRIX @ np.arange(8) - 1, abs=1e-4)
