"""Reliability: errors by hand and by reference, what chance shows, bins that hold what they say, stories counted once."""

import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import binomtest
from sklearn.metrics import brier_score_loss

from hawadith.calibration import Calibration, Goal, LabelCalibration
from hawadith.errors import DataError
from hawadith_evaluation.estimates import Resampling
from hawadith_evaluation.metrics_file import ReliabilityValues
from hawadith_evaluation.reliability import measure_reliability, recover_logits, wilson_interval
from hawadith_evaluation.targets import Targets


def build_targets(positive: NDArray[np.bool_], judged: NDArray[np.bool_] | None = None) -> Targets:
    column = positive[:, None]
    return Targets(
        labels=("mines",), positive=column, judged=np.ones_like(column) if judged is None else judged[:, None]
    )


def draw(
    articles: int, *, sharpness: float = 1.0, seed: int = 0
) -> tuple[NDArray[np.bool_], NDArray[np.float64], NDArray[np.float64]]:
    """Truth, true probabilities, and logits that are `sharpness` times too sure."""
    drawn = np.random.default_rng(seed)
    logits = drawn.normal(-2, 2, size=articles)
    return drawn.random(articles) < expit(logits), expit(logits), sharpness * logits


def measure(
    positive: NDArray[np.bool_],
    probability: NDArray[np.float64],
    *,
    raw: NDArray[np.float64] | None = None,
    groups: NDArray[np.int64] | None = None,
    resamples: int = 0,
) -> ReliabilityValues:
    units = np.arange(len(positive)) if groups is None else groups
    [values] = measure_reliability(
        build_targets(positive),
        probabilities=probability[:, None],
        raw=None if raw is None else raw[:, None],
        resampling=Resampling(groups=units, resamples=resamples),
    )
    return values


def test_calibration_error_by_hand() -> None:
    # Two bins of ten: 0.1 forecast and 3 of 10 positive, 0.8 forecast and 7 of 10: mean gap 0.15.
    probability = np.repeat([0.1, 0.8], 10)
    positive = np.concatenate([np.arange(10) < 3, np.arange(10) < 7])
    assert measure(positive, probability)["ece"]["value"] == pytest.approx(0.15)


def test_calibration_error_of_many_articles_is_the_mean_gap() -> None:
    positive, truth, logits = draw(20_000, sharpness=2.0)
    values = measure(positive, expit(logits), raw=logits)
    # Within a bin of a tenth of the articles forecasts and truth differ in one direction, so that the gaps do not cancel out.
    assert values["ece"]["value"] == pytest.approx(np.abs(expit(logits) - truth).mean(), abs=0.006)
    assert values["ece_before"] == pytest.approx(values["ece"]["value"])


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10_000), articles=st.integers(1, 80))
def test_brier_score_is_that_of_scikit_learn(seed: int, articles: int) -> None:
    positive, _, logits = draw(articles, seed=seed)
    expected = brier_score_loss(positive, expit(logits), labels=[False, True])
    assert measure(positive, expit(logits))["brier"]["value"] == pytest.approx(expected)


@settings(deadline=None, max_examples=30)
@given(
    cells=st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=120),
    order=st.randoms(use_true_random=False),
)
def test_bins_hold_every_article_once_whatever_the_order(cells: list[tuple[int, bool]], order: random.Random) -> None:
    shuffled = list(cells)
    order.shuffle(shuffled)

    def describe(of: list[tuple[int, bool]]) -> ReliabilityValues:
        return measure(np.array([truth for _, truth in of]), np.array([score / 20 for score, _ in of]))

    values, again = describe(cells), describe(shuffled)
    assert sum(bin_["n"] for bin_ in values["bins"]) == values["n"] == len(cells)
    predicted = [bin_["predicted"] for bin_ in values["bins"]]
    assert predicted == sorted(set(predicted))
    assert predicted == pytest.approx([bin_["predicted"] for bin_ in again["bins"]])
    assert again["ece"]["value"] == pytest.approx(values["ece"]["value"])
    assert [bin_["observed"] for bin_ in again["bins"]] == [bin_["observed"] for bin_ in values["bins"]]


def test_bins_of_the_diagram_share_out_the_expected_positives() -> None:
    probability = np.concatenate([np.full(900, 0.01), np.linspace(0.3, 0.9, 100)])
    bins = measure(np.arange(1000) >= 950, probability)["bins"]
    assert len(bins) == 10
    expected = [bin_["predicted"] * bin_["n"] for bin_ in bins]
    # The 900 articles of one probability cannot be parted; the other bins are off by an article at either end.
    assert expected == pytest.approx([9.0] + [6.7] * 9, abs=1.8)


def test_true_probabilities_show_no_more_than_chance() -> None:
    inside = 0
    for seed in range(60):
        positive, truth, _ = draw(400, seed=seed)
        values = measure(positive, truth)
        ece, chance = values["ece"]["value"], values["ece_if_true"]
        assert ece is not None
        assert chance["low"] is not None
        assert chance["high"] is not None
        inside += chance["low"] <= ece <= chance["high"]
    assert inside >= 52  # 57 expected


def test_false_probabilities_show_more_than_chance() -> None:
    positive, _, logits = draw(600, sharpness=3.0)
    values = measure(positive, expit(logits))
    ece, chance = values["ece"]["value"], values["ece_if_true"]["high"]
    assert ece is not None
    assert chance is not None
    assert ece > chance


def test_chance_of_a_rare_label_lies_within_its_own_range() -> None:
    chance = measure(np.arange(100) < 0, np.full(100, 0.0001))["ece_if_true"]
    assert chance["value"] is not None
    assert chance["low"] is not None
    assert chance["high"] is not None
    assert chance["low"] <= chance["value"] <= chance["high"]


def test_chance_is_greater_where_articles_are_copies() -> None:
    positive, truth, _ = draw(200)
    copies = np.repeat(np.arange(200), 5)
    apart = measure(np.repeat(positive, 5), np.repeat(truth, 5))["ece_if_true"]["value"]
    together = measure(np.repeat(positive, 5), np.repeat(truth, 5), groups=copies)["ece_if_true"]["value"]
    assert apart is not None
    assert together is not None
    assert together > 1.5 * apart


def test_interval_of_a_bin_counts_stories() -> None:
    positive = np.array([True, False]).repeat(20)
    probability = np.full(40, 0.5)
    [apart] = measure(positive, probability)["bins"]
    [copies] = measure(positive, probability, groups=np.arange(40) // 4)["bins"]
    assert (apart["observed"]["low"], apart["observed"]["high"]) == wilson_interval(0.5, n=40)
    assert (copies["observed"]["low"], copies["observed"]["high"]) == wilson_interval(0.5, n=10)


@pytest.mark.parametrize(("hits", "n"), [(0, 7), (3, 7), (7, 7), (1, 1), (40, 500)])
def test_wilson_interval_is_that_of_scipy(hits: int, n: int) -> None:
    expected = binomtest(hits, n).proportion_ci(confidence_level=0.95, method="wilson")
    assert wilson_interval(hits / n, n=n) == pytest.approx((expected.low, expected.high))


def test_intervals_hold_the_values_and_widen_with_copies() -> None:
    positive, _, logits = draw(300, sharpness=2.0)
    apart = measure(positive, expit(logits), resamples=300)
    copies = measure(positive, expit(logits), resamples=300, groups=np.arange(300) // 6)
    for values in (apart, copies):
        for estimate in (values["ece"], values["brier"]):
            assert estimate["low"] is not None
            assert estimate["high"] is not None
            assert estimate["low"] <= (estimate["value"] or 0) <= estimate["high"]
    unresampled = measure(positive, expit(logits))
    assert unresampled["brier"]["low"] is None


def test_recovered_logits_are_those_before_calibration() -> None:
    calibration = Calibration(
        labels=tuple(
            LabelCalibration(label=label, slope=slope, intercept=shift, threshold=0.5, goal=Goal(), positives=9)
            for label, slope, shift in (("a", 0.5, -1.0), ("b", 2.0, 0.5))
        )
    )
    logits = np.random.default_rng(0).normal(scale=4, size=(50, 2)).astype(np.float32)
    recovered = recover_logits(calibration.probabilities(logits), calibration=calibration)
    assert recovered == pytest.approx(logits.astype(np.float64), abs=1e-6)


def test_articles_without_scores_count_as_certain_noes_before_and_after() -> None:
    positive, _, logits = draw(300)
    scored = np.arange(300) < 250
    probability = np.where(scored, expit(logits), 0.0)
    raw = np.where(scored, logits, -np.inf)
    values = measure(positive, probability, raw=raw)
    assert values["brier_before"] == pytest.approx(values["brier"]["value"])
    assert np.isfinite(list(values["log_loss"].values())).all()


def test_method_is_said_where_logits_are_at_hand() -> None:
    positive, _, logits = draw(600, sharpness=3.0)
    values = measure(positive, expit(logits / 3), raw=logits)
    assert values["ece_before"] is not None
    assert values["ece"]["value"] is not None
    assert values["ece_before"] > 2 * values["ece"]["value"]
    assert values["method"] in {"temperature", "platt"}
    assert set(values["log_loss"]) == {"temperature", "platt", "isotonic"}
    without = measure(positive, expit(logits))
    assert (without["ece_before"], without["brier_before"]) == (None, None)
    assert "method" not in without


@pytest.mark.parametrize(("positives", "few"), [(0, True), (29, True), (30, False)])
def test_few_positives_are_marked(positives: int, few: bool) -> None:
    values = measure(np.arange(60) < positives, np.linspace(0.9, 0.1, 60), raw=np.linspace(2, -2, 60))
    assert (values["positives"], values["few"]) == (positives, few)
    json.dumps(values, allow_nan=False)


def test_unjudged_articles_count_nowhere_and_an_unjudged_label_is_left_out() -> None:
    positive, truth, _ = draw(120)
    judged = np.arange(120) < 80
    resampling = Resampling(groups=np.arange(120), resamples=0)
    [masked] = measure_reliability(
        build_targets(positive, judged), probabilities=truth[:, None], raw=None, resampling=resampling
    )
    assert masked["ece"] == measure(positive[:80], truth[:80])["ece"]
    nobody = build_targets(positive, np.zeros(120, dtype=np.bool_))
    assert measure_reliability(nobody, probabilities=truth[:, None], raw=None, resampling=resampling) == []


def test_other_shapes_are_refused() -> None:
    positive, truth, _ = draw(10)
    with pytest.raises(DataError, match=r"\(10, 1\)"):
        measure_reliability(
            build_targets(positive), probabilities=truth, raw=None, resampling=Resampling(groups=np.arange(10))
        )
