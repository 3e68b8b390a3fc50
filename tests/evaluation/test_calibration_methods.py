"""Ways to calibrate: each by hand where it can be, cross-validated without leaks, isotonic measured and never chosen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from hawadith_evaluation import calibration_methods
from hawadith_evaluation.calibration_methods import choose_method, cross_validate_methods, fit_sigmoid


def draw(
    articles: int, *, slope: float = 1.0, intercept: float = 0.0, seed: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Logits whose true probability is `expit(slope * logit + intercept)`."""
    random = np.random.default_rng(seed)
    logits = random.normal(scale=2, size=articles)
    return logits, random.random(articles) < expit(slope * logits + intercept)


def test_sigmoid_of_separated_classes_meets_the_smoothed_targets() -> None:
    truth = np.arange(100) < 40
    logits = np.where(truth, 3.0, -3.0)
    slope, intercept = fit_sigmoid(logits, truth=truth, shift=True)
    # Platt's smoothed targets, (n + 1) / (n + 2) of each class, can be met exactly here.
    assert expit(slope * logits + intercept)[[0, 99]] == pytest.approx((41 / 42, 1 / 62), rel=1e-4)


def test_sigmoid_of_many_articles_is_logistic_regression() -> None:
    logits, truth = draw(20_000, slope=0.5, intercept=-1.5)
    reference = LogisticRegression(C=np.inf).fit(logits[:, None], truth)
    slope, intercept = fit_sigmoid(logits, truth=truth, shift=True)
    assert (slope, intercept) == pytest.approx((reference.coef_[0, 0], reference.intercept_[0]), rel=0.01)


def test_sigmoid_without_shift_has_no_intercept() -> None:
    assert fit_sigmoid(*draw(500, intercept=-2.0)[:1], truth=draw(500, intercept=-2.0)[1], shift=False)[1] == 0.0


@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 1000), slope=st.floats(-2, 2))
def test_sigmoid_never_reorders_articles(seed: int, slope: float) -> None:
    logits, truth = draw(60, slope=slope, seed=seed)
    assert fit_sigmoid(logits, truth=truth, shift=True)[0] > 0


def test_cross_validation_finds_the_shift() -> None:
    logits, truth = draw(600, intercept=-2.0)
    losses = cross_validate_methods(logits, truth=truth, groups=np.arange(600))
    assert losses["platt"] < 0.9 * losses["temperature"]
    assert choose_method(losses) == "platt"


def test_cross_validation_estimates_the_loss_on_fresh_articles() -> None:
    logits, truth = draw(3000, slope=0.5, intercept=-1.0)
    fresh, fresh_truth = draw(50_000, slope=0.5, intercept=-1.0, seed=1)
    p = expit(0.5 * fresh - 1.0)
    entropy = -np.log(np.where(fresh_truth, p, 1 - p)).mean()
    assert cross_validate_methods(logits, truth=truth, groups=np.arange(3000))["platt"] == pytest.approx(
        entropy, abs=0.02
    )


def test_cross_validation_sees_where_a_sigmoid_is_the_wrong_shape() -> None:
    logits = np.random.default_rng(2).normal(scale=2, size=4000)
    # Between -1 and 1 the logit says nothing at all, and beyond it says everything.
    truth = np.random.default_rng(3).random(4000) < np.where(logits > 1, 0.95, np.where(logits < -1, 0.02, 0.2))
    losses = cross_validate_methods(logits, truth=truth, groups=np.arange(4000))
    assert losses["isotonic"] < losses["platt"]
    assert choose_method(losses) in {"platt", "temperature"}


def test_cross_validation_measures_no_isotonic_on_few_positives(monkeypatch: pytest.MonkeyPatch) -> None:
    truth = np.arange(300) < 50
    logits = np.where(truth, 1.0, -1.0) + np.random.default_rng(4).normal(size=300)
    assert set(cross_validate_methods(logits, truth=truth, groups=np.arange(300))) == {"temperature", "platt"}
    monkeypatch.setattr(calibration_methods, "FEWEST_FOR_ISOTONIC", 50)
    assert "isotonic" in cross_validate_methods(logits, truth=truth, groups=np.arange(300))


def test_cross_validation_keeps_copies_in_one_fold() -> None:
    random = np.random.default_rng(5)
    truth = np.arange(400) < 200
    # The label is a coin toss per story: only a copy in the fitted part could tell it, through a step of its own.
    logits = random.normal(size=400)
    copies = np.repeat(np.arange(400), 4)
    losses = cross_validate_methods(logits[copies], truth=random.permutation(truth)[copies], groups=copies)
    assert losses["isotonic"] > np.log(2)


@pytest.mark.parametrize("positives", [0, 1, 59, 60])
def test_cross_validation_of_one_story_of_a_kind_is_empty(positives: int) -> None:
    logits = np.random.default_rng(6).normal(size=60)
    assert cross_validate_methods(logits, truth=np.arange(60) < positives, groups=np.arange(60)) == {}


def test_cross_validation_survives_certainty_that_is_wrong() -> None:
    truth = np.arange(40) % 2 == 0
    logits = np.where(truth, 2.0, -2.0)
    logits[1] = 1e6  # a negative article
    assert all(np.isfinite(loss) for loss in cross_validate_methods(logits, truth=truth, groups=np.arange(40)).values())


def test_choice_prefers_the_simpler_method_at_a_draw_and_never_isotonic() -> None:
    assert choose_method({"temperature": 0.2, "platt": 0.2, "isotonic": 0.1}) == "temperature"
