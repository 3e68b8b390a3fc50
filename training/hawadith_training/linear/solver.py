"""Logistic regression of one label, with a place to shrink towards.

scikit-learn's cannot shrink towards the coefficients of an older model, which is what retraining needs; with zeros in their place it is the
ordinary regression, so one solver does both. A test holds it equal to scikit-learn's.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

_TOLERANCE = 1e-5  # of the loss, relatively; logits correlate at 0.99999 with those of 1e-9, in half of the steps
_ITERATIONS = 500


class Regression(NamedTuple):
    """Coefficients, shape `(features,)`, and the intercept."""

    coefficients: NDArray[np.float32]
    intercept: float

    def score(self, matrix: csr_matrix) -> NDArray[np.float32]:
        """Logits of texts, shape `(texts,)`."""
        return np.asarray(matrix @ self.coefficients + np.float32(self.intercept), dtype=np.float32)


def fit_regression(
    matrix: csr_matrix,
    *,
    positive: NDArray[np.bool_],
    weights: NDArray[np.float32],
    prior: Regression | None = None,
) -> Regression:
    """Fit a logistic regression by L-BFGS (Liu & Nocedal 1989).

    Minimises `|w - w0|^2 / 2 + sum_i weights_i * log(1 + exp(-y_i * (x_i . w + b)))`, the intercept penalised like a coefficient. It is
    strictly convex: there is one solution, whatever the order of the texts.

    Args:
        matrix: Texts, shape `(texts, features)`.
        positive: The label, shape `(texts,)`.
        weights: How much the loss of each text counts, shape `(texts,)`; 0 masks it.
        prior: Where to shrink towards (`w0`, and its intercept) and to start from; zeros when None.

    Returns:
        The regression.
    """
    origin = np.zeros(matrix.shape[1] + 1)
    if prior is not None:
        origin[:-1], origin[-1] = prior.coefficients, prior.intercept
    transposed = matrix.T.tocsr()
    signs = np.where(positive, 1.0, -1.0)
    offsets = matrix @ origin[:-1].astype(np.float32) + origin[-1]

    def objective(step: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = signs * (matrix @ step[:-1].astype(np.float32) + step[-1] + offsets)
        slopes = -signs * weights * expit(-margins)
        gradient = step.copy()
        gradient[:-1] += transposed @ slopes.astype(np.float32)
        gradient[-1] += slopes.sum()
        return float(step @ step / 2 + weights @ np.logaddexp(0, -margins)), gradient

    # Threads of the linear algebra library wait for each other at every sum of a vector: on two busy cores eight times the time.
    with threadpool_limits(limits=1, user_api="blas"):
        found = minimize(
            objective,
            np.zeros_like(origin),
            method="L-BFGS-B",
            jac=True,
            options={"maxiter": _ITERATIONS, "ftol": _TOLERANCE, "gtol": 0.0},
        )
    solution = origin + found.x
    return Regression(solution[:-1].astype(np.float32), float(solution[-1]))
