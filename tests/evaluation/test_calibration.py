"""Calibration: probabilities become true on fresh articles, few positives are said, masks hold."""

import logging

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit

from hawadith.calibration import Calibration, Goal
from hawadith.errors import ConfigError, DataError
from hawadith_evaluation.calibration import FEWEST_FOR_PLATT, fit_calibration
from hawadith_evaluation.targets import Targets


def draw(
    *, articles: int, slope: float = 0.5, intercept: float = -1.5, seed: int = 0
) -> tuple[NDArray[np.float32], Targets]:
    """Logits whose true probability is `expit(slope * logit + intercept)`."""
    random = np.random.default_rng(seed)
    logits = random.normal(scale=4, size=(articles, 1)).astype(np.float32)
    positive = random.random((articles, 1)) < expit(slope * logits + intercept)
    return logits, Targets(labels=("mines",), positive=positive, judged=np.ones_like(positive))


def few(positives: int, *, articles: int = 60) -> tuple[NDArray[np.float32], Targets]:
    positive = np.arange(articles)[:, None] < positives
    logits = np.random.default_rng(1).normal(size=(articles, 1)) + 2.0 * positive - 4.0
    return logits.astype(np.float32), Targets(labels=("mines",), positive=positive, judged=np.ones_like(positive))


def fit(logits: NDArray[np.float32], targets: Targets, goal: Goal | None = None) -> Calibration:
    return fit_calibration(logits, targets=targets, goals={"mines": goal or Goal()})


def test_calibration_recovers_slope_and_intercept() -> None:
    logits, targets = draw(articles=20_000)
    [label] = fit(logits, targets).labels
    assert label.slope == pytest.approx(0.5, rel=0.05)
    assert label.intercept == pytest.approx(-1.5, rel=0.05)
    assert label.positives == targets.positive.sum()


def test_calibration_is_better_than_none_on_fresh_articles() -> None:
    calibration = fit(*draw(articles=300, seed=1))
    logits, targets = draw(articles=5000, seed=2)

    def log_loss(p: NDArray[np.float64]) -> float:
        return float(-np.log(np.where(targets.positive, p, 1 - p)).mean())

    assert log_loss(calibration.probabilities(logits)) < 0.7 * log_loss(expit(logits.astype(np.float64)))


def test_calibration_does_not_depend_on_the_scale_of_the_logits() -> None:
    logits, targets = draw(articles=500)
    [plain], [large] = fit(logits, targets).labels, fit(logits * 1000, targets).labels
    assert large.slope * 1000 == pytest.approx(plain.slope, rel=1e-4)
    assert large.threshold == pytest.approx(plain.threshold, abs=1e-4)


def test_calibration_of_separated_classes_is_finite() -> None:
    positive = np.arange(100)[:, None] < 40
    logits = np.where(positive, 3.0, -3.0).astype(np.float32)
    calibration = fit(logits, Targets(labels=("mines",), positive=positive, judged=np.ones_like(positive)))
    assert calibration.probabilities(logits)[[0, 99], 0] == pytest.approx((0.98, 0.02), abs=0.01)


def test_calibration_never_reorders_articles() -> None:
    logits, targets = draw(articles=400, slope=-0.5, intercept=0.0)
    [label] = fit(logits, targets).labels
    assert label.slope > 0


def test_calibration_ignores_unjudged_articles() -> None:
    logits, targets = draw(articles=200)
    junk = np.full((50, 1), 30, dtype=np.float32)
    padded = Targets(
        labels=("mines",),
        positive=np.concatenate([targets.positive, np.zeros((50, 1), dtype=np.bool_)]),
        judged=np.concatenate([targets.judged, np.zeros((50, 1), dtype=np.bool_)]),
    )
    assert fit(np.concatenate([logits, junk]), padded) == fit(logits, targets)


def test_calibration_takes_the_temperature_where_it_does_as_well() -> None:
    chosen = [fit(*draw(articles=300, intercept=0.0, seed=seed)).labels[0].intercept for seed in range(12)]
    assert chosen.count(0.0) >= 7


def test_calibration_takes_both_parameters_where_the_logits_are_shifted() -> None:
    assert all(fit(*draw(articles=300, seed=seed)).labels[0].intercept != 0.0 for seed in range(4))


def test_calibration_counts_a_story_once() -> None:
    logits, targets = few(8)
    copies = np.concatenate([np.zeros(8, dtype=np.int64), np.arange(1, 53)])
    [apart] = fit(logits, targets).labels
    [together] = fit_calibration(logits, targets=targets, goals={"mines": Goal()}, groups=copies).labels
    assert (apart.intercept != 0.0, together.intercept) == (True, 0.0)


def test_calibration_fits_a_temperature_alone_to_very_few_positives(caplog: pytest.LogCaptureFixture) -> None:
    [temperature] = fit(*few(FEWEST_FOR_PLATT - 1)).labels
    [platt] = fit(*few(FEWEST_FOR_PLATT)).labels
    assert temperature.intercept == 0.0
    assert platt.intercept != 0.0
    assert len(caplog.records) == 2


@pytest.mark.parametrize(("positives", "warns"), [(29, True), (30, False)])
def test_calibration_warns_of_few_positives_by_name_and_count(
    positives: int, warns: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="hawadith"):
        fit(*few(positives))
    messages = [entry.getMessage() for entry in caplog.records]
    assert ["mines" in message and str(positives) in message for message in messages] == [True] * warns


@pytest.mark.parametrize("positives", [0, 60])
def test_calibration_of_one_class_stays_the_identity_and_warns(
    positives: int, caplog: pytest.LogCaptureFixture
) -> None:
    [label] = fit(*few(positives), Goal(kind="recall", at_least=0.9)).labels
    assert (label.slope, label.intercept, label.threshold) == (1.0, 0.0, 0.5)
    assert (label.goal.kind, label.positives) == ("recall", positives)
    assert "uncalibrated" in caplog.text


def test_calibration_says_when_a_goal_cannot_be_met(caplog: pytest.LogCaptureFixture) -> None:
    positive = np.arange(100)[:, None] % 2 == 0
    logits = np.zeros((100, 1), dtype=np.float32)
    targets = Targets(labels=("mines",), positive=positive, judged=np.ones_like(positive))
    fit(logits, targets, Goal(kind="precision", at_least=0.9))
    assert "mines: precision of at least 0.9 cannot be met on 50 positive articles" in caplog.text
    assert "0.50" in caplog.text


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 10_000), least=st.floats(0.3, 1.0))
def test_threshold_of_a_calibration_meets_its_recall(seed: int, least: float) -> None:
    logits, targets = draw(articles=150, seed=seed)
    calibration = fit(logits, targets, Goal(kind="recall", at_least=least))
    given_ = calibration.probabilities(logits) >= calibration.thresholds
    assert (given_ & targets.positive).sum() >= least * targets.positive.sum() - 1e-9


def test_calibration_refuses_other_shapes_and_broken_logits() -> None:
    logits, targets = draw(articles=10)
    with pytest.raises(DataError, match=r"\(9, 1\).*\(10, 1\)"):
        fit(logits[:9], targets)
    with pytest.raises(DataError, match=r"groups of shape \(3,\)"):
        fit_calibration(logits, targets=targets, goals={"mines": Goal()}, groups=np.arange(3))
    logits[3] = np.nan
    with pytest.raises(DataError, match="1 logits are not finite"):
        fit(logits, targets)


def test_calibration_refuses_a_label_without_a_goal() -> None:
    logits, targets = draw(articles=10)
    with pytest.raises(ConfigError, match="mines"):
        fit_calibration(logits, targets=targets, goals={})
