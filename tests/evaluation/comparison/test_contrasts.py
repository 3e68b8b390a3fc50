"""Comparisons as a whole: paired, exact where nothing differs, at their level where it does not matter, awake where it does."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.evaluation.comparison.comparison_builders import build_predictions, build_targets, draw_models

from hawadith_evaluation.cells import MEASURES
from hawadith_evaluation.comparison.contrasts import compare_predictions
from hawadith_evaluation.comparison.results import Comparison, Contrast
from hawadith_evaluation.comparison.significance import ALPHA
from hawadith_evaluation.comparison.verdicts import CONSERVATIVE_BELOW, judge
from hawadith_evaluation.metrics import compute_metrics
from hawadith_evaluation.predictions import Predictions
from hawadith_evaluation.targets import Targets


def compare_drawn(
    seed: int, *, measure: str = "average_precision", permutations: int = 400, resamples: int = 200, **drawn: float
) -> Comparison:
    """Compare two drawn models; the probabilities of the second lie on another scale."""
    targets, (a, b), groups = draw_models(seed, **drawn)  # type: ignore[arg-type]
    return compare_predictions(
        targets,
        a=[build_predictions(a)],
        b=[build_predictions(b, slope=0.3)],
        groups=groups,
        measure=measure,
        resamples=resamples,
        permutations=permutations,
        seed=seed,
    )


def all_contrasts(comparison: Comparison) -> list[Contrast]:
    return [*comparison.labels.values(), comparison.macro]


def noisy_runs(seed: int, *, spread: float) -> tuple[Targets, list[Predictions], list[Predictions], NDArray[np.int64]]:
    """Three runs of each of two equal recipes: how well a run separates positives from negatives varies by `spread`."""
    targets, (a, b), groups = draw_models(seed, articles=300, rate=0.2)
    random = np.random.default_rng(seed)
    runs = [
        [build_predictions(side + spread * random.normal() * targets.positive) for _ in range(3)] for side in (a, b)
    ]
    return targets, runs[0], runs[1], groups


@pytest.mark.parametrize("name", MEASURES)
def test_each_side_has_the_value_and_interval_of_an_evaluation(name: str) -> None:
    targets, (a, b), groups = draw_models(1, rate=0.2)
    sides = [build_predictions(a), build_predictions(b)]
    comparison = compare_predictions(
        targets, a=sides[:1], b=sides[1:], groups=groups, measure=name, resamples=100, permutations=10, seed=4
    )
    evaluated = [
        compute_metrics(
            targets,
            probabilities=side.probabilities,
            decisions=side.decisions,
            groups=groups,
            resamples=100,
            seed=4,
        )
        for side in sides
    ]
    for label, contrast in comparison.labels.items():
        expected = [metrics.labels[label].estimates[name] for metrics in evaluated]
        for got, one in zip((contrast.a, contrast.b), expected, strict=True):
            assert [got.value, got.low, got.high] == pytest.approx([one.value, one.low, one.high])
    assert comparison.macro.a.value == pytest.approx(evaluated[0].macro[name].value)
    assert comparison.macro.difference.value == pytest.approx(
        (evaluated[1].macro[name].value or 0) - (evaluated[0].macro[name].value or 0)
    )


@pytest.mark.parametrize("name", MEASURES)
def test_a_model_does_not_differ_from_itself_at_all(name: str) -> None:
    targets, (a, _), groups = draw_models(2)
    model = build_predictions(a)
    comparison = compare_predictions(
        targets, a=[model], b=[model], groups=groups, measure=name, resamples=100, permutations=200
    )
    for contrast in all_contrasts(comparison):
        difference = contrast.difference
        assert (difference.value, difference.low, difference.high) == (0.0, 0.0, 0.0)
        assert (contrast.p, contrast.p_holm, contrast.same) == (1.0, 1.0, True)
        assert judge(contrast) == "same"


def test_a_recalibrated_model_ranks_the_same() -> None:
    targets, (a, _), groups = draw_models(2)
    comparison = compare_predictions(
        targets,
        a=[build_predictions(a)],
        b=[build_predictions(a, slope=0.2)],
        groups=groups,
        resamples=50,
        permutations=50,
    )
    assert all(contrast.same and contrast.p == 1.0 for contrast in all_contrasts(comparison))


def test_trading_places_turns_the_difference_and_keeps_p() -> None:
    targets, (a, b), groups = draw_models(3, rate=0.2)
    sides = [build_predictions(a)], [build_predictions(b)]
    there, back = (
        compare_predictions(targets, a=first, b=second, groups=groups, resamples=200, permutations=300)
        for first, second in (sides, sides[::-1])
    )
    for one, other in zip(all_contrasts(there), all_contrasts(back), strict=True):
        assert one.difference.value == pytest.approx(-(other.difference.value or 0))
        assert one.difference.low == pytest.approx(-(other.difference.high or 0))
        assert one.p == other.p
        assert one.a == other.b


def test_the_same_seed_gives_the_same_comparison() -> None:
    assert compare_drawn(5) == compare_drawn(5)


@pytest.mark.parametrize("name", ["average_precision", "f1"])
def test_a_better_model_is_found_on_every_label(name: str) -> None:
    comparison = compare_drawn(1, measure=name, articles=400, rate=0.2, shift=2.0)
    assert [judge(contrast) for contrast in all_contrasts(comparison)] == ["better"] * 4
    for contrast in all_contrasts(comparison):
        assert contrast.difference.low is not None
        assert contrast.difference.low > 0


def test_a_label_without_positives_is_not_compared_and_not_asked() -> None:
    targets, (a, b), groups = draw_models(6, rate=0.2)
    positive = targets.positive.copy()
    positive[:, 1] = False
    comparison = compare_predictions(
        replace(targets, positive=positive),
        a=[build_predictions(a)],
        b=[build_predictions(b)],
        groups=groups,
        resamples=100,
        permutations=100,
    )
    empty, others = comparison.labels["label_1"], (comparison.labels["label_0"], comparison.labels["label_2"])
    assert (empty.difference.value, empty.p, empty.p_holm, empty.size, empty.detectable) == (None,) * 5
    assert judge(empty) == "undefined"
    assert comparison.macro.a.value == pytest.approx(np.mean([one.a.value for one in others]))
    first, second = sorted(other.p or 0 for other in others)
    assert [min(other.p_holm or 0 for other in others)] == pytest.approx([min(1.0, 2 * first)])
    assert second >= first


def test_the_mean_leaves_a_label_out_that_one_side_never_gives() -> None:
    targets = build_targets([[1, 1], [0, 0], [1, 0], [0, 1]])
    a = build_predictions(np.array([[1.0, -1.0], [1.0, -1.0], [-1.0, -1.0], [-1.0, -1.0]]))
    b = build_predictions(np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [-1.0, -1.0]]))
    comparison = compare_predictions(
        targets, a=[a], b=[b], groups=np.arange(4), measure="precision", resamples=50, permutations=50
    )
    assert comparison.labels["label_1"].a.value is None
    assert comparison.labels["label_1"].b.value == 0.5
    assert comparison.macro.difference.value == comparison.labels["label_0"].difference.value == 0.5


def test_without_any_comparable_label_nothing_is_said() -> None:
    targets = build_targets([[0], [0]])
    model = build_predictions(np.zeros((2, 1)))
    comparison = compare_predictions(targets, a=[model], b=[model], groups=np.arange(2), resamples=20, permutations=20)
    assert [judge(contrast) for contrast in all_contrasts(comparison)] == ["undefined", "undefined"]
    assert comparison.macro.p is None


def test_runs_that_differ_widen_interval_and_p() -> None:
    targets, a, b, groups = noisy_runs(7, spread=1.0)
    options = {"groups": groups, "resamples": 500, "permutations": 500}
    several = compare_predictions(targets, a=a, b=b, **options)  # type: ignore[arg-type]
    singles = [compare_predictions(targets, a=[one], b=[other], **options) for one, other in zip(a, b, strict=True)]  # type: ignore[arg-type]
    assert several.runs == (3, 3)
    values = [one.macro.a.value or np.nan for one in singles]
    assert several.macro.a.value == pytest.approx(np.mean(values))
    assert several.macro.spread_a == pytest.approx(np.std(values, ddof=1))
    assert singles[0].macro.spread_a is None
    plain = compare_predictions(targets, a=[a[0]] * 3, b=[b[0]] * 3, **options)  # type: ignore[arg-type]
    assert plain.macro.spread_a == 0.0
    assert several.macro.detectable is not None
    assert plain.macro.detectable is not None
    assert several.macro.detectable > plain.macro.detectable


def test_copies_of_a_story_are_swapped_together() -> None:
    targets, (a, b), _ = draw_models(3, articles=60, rate=0.2)
    copies = np.repeat(np.arange(60), 6)
    once, often = (
        compare_predictions(
            targets.select(rows),
            a=[build_predictions(a[rows])],
            b=[build_predictions(b[rows])],
            groups=rows,
            measure="f1",
            resamples=50,
            permutations=300,
        )
        for rows in (np.arange(60), copies)
    )
    assert once.n_groups == often.n_groups == 60
    for single, repeated in zip(all_contrasts(once), all_contrasts(often), strict=True):
        assert single.difference.value == pytest.approx(repeated.difference.value)
        assert single.p == repeated.p


def test_equal_runs_are_one_run() -> None:
    targets, (a, b), groups = draw_models(8, rate=0.2)
    sides = {"a": [build_predictions(a)], "b": [build_predictions(b)]}
    one, three = (
        compare_predictions(
            targets, a=sides["a"] * count, b=sides["b"] * 2, groups=groups, resamples=100, permutations=100
        )
        for count in (1, 3)
    )
    for single, repeated in zip(all_contrasts(one), all_contrasts(three), strict=True):
        assert single.difference.value == pytest.approx(repeated.difference.value)
        assert single.difference.low == pytest.approx(repeated.difference.low)
        assert single.p == repeated.p


def test_an_interval_of_two_runs_stays_within_what_a_measure_can_be() -> None:
    targets, a, b, groups = noisy_runs(9, spread=1.0)
    two = compare_predictions(targets, a=a[:2], b=b[:2], groups=groups, resamples=500, permutations=100)
    for contrast in all_contrasts(two):
        assert -1 <= (contrast.difference.low or 0) <= (contrast.difference.high or 0) <= 1
        assert 0 <= (contrast.a.low or 0) <= (contrast.a.high or 0) <= 1


def test_equal_recipes_with_runs_that_differ_are_seldom_told_apart() -> None:
    rejected = 0
    for seed in range(20):
        targets, a, b, groups = noisy_runs(seed, spread=0.8)
        comparison = compare_predictions(targets, a=a, b=b, groups=groups, resamples=1, permutations=100)
        rejected += sum((contrast.p or 1) <= ALPHA for contrast in comparison.labels.values())
    assert rejected / 60 <= 0.065


def draw_nulls(measure: str, *, rate: float, seeds: int) -> tuple[float, float]:
    """Share of rejections in 100 null comparisons per seed, and the share that the test itself expects.

    Each label is a comparison of its own: two equally good models, rare positives, ties, copies, two scales of probability.
    """
    contrasts = [
        contrast
        for seed in range(seeds)
        for contrast in compare_drawn(
            seed, measure=measure, articles=200, labels=100, rate=rate, resamples=1
        ).labels.values()
    ]
    rejected = [(contrast.p or 1.0) <= ALPHA for contrast in contrasts]
    return float(np.mean(rejected)), float(np.mean([contrast.size or 0.0 for contrast in contrasts]))


@pytest.mark.parametrize("name", ["average_precision", "f1"])
def test_of_a_thousand_equal_models_at_most_the_level_is_told_apart(name: str) -> None:
    (rare, expected_rare), (common, expected_common) = (draw_nulls(name, rate=rate, seeds=5) for rate in (0.03, 0.1))
    assert (rare + common) / 2 <= 0.065
    # Where the test is conservative, it says by how much.
    assert rare == pytest.approx(expected_rare, abs=0.025)
    assert common == pytest.approx(expected_common, abs=0.025)
    assert (expected_rare < CONSERVATIVE_BELOW) == (name == "f1")


@pytest.mark.slow
@pytest.mark.parametrize("name", MEASURES)
def test_a_thousand_equal_models_at_the_size_of_the_dev_set_keep_the_level(name: str) -> None:
    contrasts = [
        contrast
        for seed in range(20)
        for contrast in compare_drawn(
            seed, measure=name, articles=640, labels=50, rate=0.06, resamples=1, permutations=2_000
        ).labels.values()
    ]
    assert float(np.mean([(contrast.p or 1.0) <= ALPHA for contrast in contrasts])) <= 0.065
