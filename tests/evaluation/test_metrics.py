"""The numbers of metrics.json: equal to scikit-learn, masked, null where undefined, with intervals."""

import json
import math
import time
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, average_precision_score, precision_recall_fscore_support

from hawadith.errors import DataError
from hawadith_evaluation.metrics import Estimate, Metrics, compute_metrics
from hawadith_evaluation.targets import Targets


def make_targets(positive: object, *, judged: object = None) -> Targets:
    truth = np.array(positive, dtype=np.bool_)
    labels = tuple(f"label_{column}" for column in range(truth.shape[1]))
    mask = np.ones_like(truth) if judged is None else np.array(judged, dtype=np.bool_)
    return Targets(labels=labels, positive=truth, judged=mask)


def random_case(seed: int, *, articles: int = 60, labels: int = 3) -> tuple[Targets, NDArray[np.float64]]:
    random = np.random.default_rng(seed)
    positive = random.random((articles, labels)) < 0.3
    # Rounded, so that scores tie.
    return make_targets(positive), np.round(np.clip(random.random((articles, labels)) * 0.8 + positive * 0.2, 0, 1), 1)


def values(estimates: Mapping[str, Estimate]) -> dict[str, float]:
    return {name: math.nan if one.value is None else one.value for name, one in estimates.items()}


def measure(targets: Targets, scores: NDArray[np.float64], **options: object) -> Metrics:
    arguments = {"groups": None, "resamples": 0, **options}
    return compute_metrics(targets, probabilities=scores, decisions=scores >= 0.5, **arguments)  # type: ignore[arg-type]


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1), articles=st.integers(1, 30))
def test_metrics_equal_scikit_learn_on_whole_tables(seed: int, articles: int) -> None:
    targets, scores = random_case(seed, articles=articles)
    metrics = measure(targets, scores)
    for average, got in (("micro", metrics.micro), ("macro", metrics.macro)):
        expected = precision_recall_fscore_support(
            targets.positive, scores >= 0.5, average=average, zero_division=np.nan
        )
        assert [values(got)[name] for name in ("precision", "recall", "f1")] == pytest.approx(
            list(expected[:3]), nan_ok=True
        )
    if targets.positive.any(axis=0).all():
        for average, got in (("micro", metrics.micro), ("macro", metrics.macro)):
            found = average_precision_score(targets.positive, scores, average=average)
            assert got["average_precision"].value == pytest.approx(found)
    assert metrics.exact_match.value == accuracy_score(targets.positive, scores >= 0.5)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32 - 1))
def test_metrics_do_not_depend_on_row_order(seed: int) -> None:
    targets, scores = random_case(seed)
    order = np.random.default_rng(seed).permutation(len(scores))
    plain, shuffled = measure(targets, scores), measure(targets.select(order), scores[order])
    for label in targets.labels:
        assert values(shuffled.labels[label].estimates) == pytest.approx(
            values(plain.labels[label].estimates), nan_ok=True
        )
    assert shuffled.exact_match == plain.exact_match
    assert shuffled.false_alarms_per_1000 == plain.false_alarms_per_1000


def test_metrics_leave_unjudged_cells_out() -> None:
    targets = make_targets(
        [[1, 0], [0, 0], [0, 1], [0, 0]], judged=[[True, True], [True, False], [True, True], [True, True]]
    )
    scores = np.array([[0.9, 0.1], [0.1, 0.99], [0.1, 0.8], [0.1, 0.9]])
    metrics = measure(targets, scores)
    second = metrics.labels["label_1"]
    assert (second.n, second.judged, second.predicted) == (1, 3, 2)
    assert second.estimates["precision"].value == 0.5
    assert second.estimates["average_precision"].value == 0.5
    assert (metrics.n, metrics.n_fully_judged, metrics.n_without_incidents) == (4, 3, 1)
    assert metrics.exact_match.value == pytest.approx(2 / 3)
    assert metrics.false_alarms_per_1000.value == 1000.0
    assert metrics.micro["precision"].value == pytest.approx(2 / 3)


def test_false_alarms_count_articles_not_labels() -> None:
    targets = make_targets([[0, 0], [0, 0], [0, 0], [0, 0], [1, 0]])
    scores = np.array([[0.9, 0.9], [0.1, 0.1], [0.1, 0.1], [0.1, 0.1], [0.9, 0.9]])
    assert measure(targets, scores).false_alarms_per_1000.value == 250.0


def test_articles_of_several_types_are_measured_by_pair_and_whole() -> None:
    positive = [[1, 1, 0], [1, 1, 1], [0, 1, 1], [1, 0, 0], [0, 0, 0]]
    judged = [[1, 1, 0], [1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 1, 1]]
    scores = np.array([[0.9, 0.9, 0.9], [0.9, 0.1, 0.1], [0.9, 0.9, 0.9], [0.1, 0.1, 0.1], [0.9, 0.9, 0.9]])
    several = measure(make_targets(positive, judged=judged), scores, resamples=200).to_mapping()["several"]
    assert (several["n"], several["n_pairs"]) == (3, 7)
    assert several["recall"]["value"] == pytest.approx(5 / 7)
    assert several["all_found"]["value"] == pytest.approx(2 / 3)
    assert several["recall"]["low"] == pytest.approx(1 / 3)
    assert (several["all_found"]["low"], several["all_found"]["high"]) == (0, 1)


def test_articles_of_one_type_make_no_figures_of_several() -> None:
    several = measure(make_targets([[1, 0], [0, 1]]), np.array([[0.9, 0.1], [0.1, 0.9]]), resamples=20).to_mapping()
    bare = {"value": None, "low": None, "high": None}
    assert several["several"] == {"n": 0, "n_pairs": 0, "recall": bare, "all_found": bare}


def test_metrics_without_positives_are_null_and_warn_nothing() -> None:
    metrics = measure(make_targets([[0], [0]]), np.array([[0.1], [0.2]]), resamples=20)
    mapping = metrics.to_mapping()
    assert json.loads(json.dumps(mapping, allow_nan=False)) == mapping
    assert metrics.labels["label_0"].estimates["f1"] == Estimate(value=None)
    assert metrics.macro["average_precision"] == Estimate(value=None)
    assert metrics.false_alarms_per_1000 == Estimate(value=0.0, low=0.0, high=0.0)


def test_macro_averages_the_labels_that_define_a_measure() -> None:
    metrics = measure(make_targets([[1, 0], [0, 0]]), np.array([[0.9, 0.1], [0.6, 0.1]]))
    assert metrics.labels["label_1"].estimates["recall"].value is None
    assert metrics.macro["precision"].value == 0.5
    assert metrics.macro["recall"].value == 1.0


def test_metrics_of_no_articles_are_null() -> None:
    metrics = measure(make_targets(np.zeros((0, 2))), np.zeros((0, 2)), resamples=5)
    assert metrics.exact_match == Estimate(value=None)
    assert metrics.micro["f1"] == Estimate(value=None)


def test_intervals_hold_the_value_and_follow_the_seed() -> None:
    targets, scores = random_case(0, articles=200)
    first, again, other = (measure(targets, scores, resamples=200, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    for estimate in (*first.macro.values(), *first.micro.values(), first.exact_match, first.false_alarms_per_1000):
        assert estimate.low is not None
        assert estimate.value is not None
        assert estimate.high is not None
        assert estimate.low < estimate.value < estimate.high


def test_intervals_by_bca_are_named_and_their_fallbacks_counted() -> None:
    targets, scores = random_case(0, articles=80)
    plain, corrected = (measure(targets, scores, resamples=200, interval=method) for method in ("percentile", "bca"))
    assert corrected.macro["f1"].value == plain.macro["f1"].value
    assert corrected.macro["f1"].low != plain.macro["f1"].low
    assert plain.to_mapping()["bootstrap"]["method"] == "percentile"
    assert plain.to_mapping()["bootstrap"]["fallbacks"] == {}
    alone = measure(make_targets([[1], [0], [0]]), np.array([[0.9], [0.1], [0.1]]), resamples=50, interval="bca")
    bootstrap = alone.to_mapping()["bootstrap"]
    assert bootstrap["method"] == "bca"
    assert sum(bootstrap["fallbacks"].values()) == 14


def test_intervals_of_ten_thousand_resamples_are_quick() -> None:
    targets, scores = random_case(0, articles=600, labels=5)
    start = time.process_time()
    measure(targets, scores, resamples=10_000)
    # 1.3 s of one core when written; generous, because other work shares the machine.
    assert time.process_time() - start < 15


def test_intervals_widen_when_articles_are_copies_of_each_other() -> None:
    targets, scores = random_case(4, articles=50)
    copies = np.repeat(np.arange(50), 8)
    repeated = targets.select(copies)
    apart = measure(repeated, scores[copies], resamples=300).macro["f1"]
    together = measure(repeated, scores[copies], resamples=300, groups=copies).macro["f1"]
    assert together.value == apart.value
    assert together.high is not None
    assert together.low is not None
    assert apart.high is not None
    assert apart.low is not None
    assert together.high - together.low > 2 * (apart.high - apart.low)


def test_metrics_mapping_has_the_contract_keys() -> None:
    targets, scores = random_case(1)
    mapping = measure(targets, scores, resamples=10).to_mapping()
    assert {"labels", "macro", "micro", "exact_match", "false_alarms_per_1000", "n"} <= mapping.keys()
    labels = mapping["labels"]
    assert list(labels) == ["label_0", "label_1", "label_2"]
    assert labels["label_0"]["f1"].keys() == {"value", "low", "high"}
    assert {"f1", "average_precision", "precision", "recall", "n"} <= labels["label_0"].keys()


@pytest.mark.parametrize("groups", [None, np.zeros(3, dtype=np.int64)])
def test_metrics_refuse_predictions_of_another_shape(groups: NDArray[np.int64] | None) -> None:
    width = 3 if groups is None else 2
    scores = np.zeros((2, width))
    with pytest.raises(DataError, match=r"\(2, 2\).*probabilities"):
        compute_metrics(make_targets(np.zeros((2, 2))), probabilities=scores, decisions=scores > 0, groups=groups)
