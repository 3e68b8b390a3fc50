"""The comparison itself: arrays in; for each label and their mean both values, the difference with its interval, and a permutation test.

One measure is compared at a time: four measures would be four chances to find a difference. Holm's correction runs over the labels; their
mean is one question, asked once, and is not corrected.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hawadith_evaluation.cells import MEASURES
from hawadith_evaluation.comparison.resampling import mean_labels, permute_sides, resample_sides
from hawadith_evaluation.comparison.results import Comparison, Contrast
from hawadith_evaluation.comparison.runs import draw_run_errors, spread_runs
from hawadith_evaluation.comparison.sides import Side, build_side
from hawadith_evaluation.comparison.significance import (
    attained_size,
    correct_holm,
    detectable_difference,
    permutation_p,
)
from hawadith_evaluation.comparison.swapping import rank_scores
from hawadith_evaluation.estimates import Estimate, estimate_percentile
from hawadith_evaluation.predictions import Predictions
from hawadith_evaluation.targets import Targets

_STREAM = 2  # sets the errors of runs apart from bootstrap and swaps, which draw from the same seed


def compare_predictions(
    targets: Targets,
    *,
    a: Sequence[Predictions],
    b: Sequence[Predictions],
    groups: NDArray[np.int64],
    measure: str = "average_precision",
    resamples: int = 10_000,
    permutations: int = 10_000,
    seed: int = 13,
) -> Comparison:
    """Compare two models, or several training runs of each of two recipes, on the same articles.

    Args:
        targets: What is true, of the labels that are compared.
        a: Runs of A, at least one: predictions for the articles of the targets, in their order, that know all of their labels.
        b: Runs of B, the same.
        groups: Shape `(articles,)`: near-duplicate group numbers.
        measure: One of `MEASURES`.
        resamples: Bootstrap resamples, at least 1.
        permutations: Permutations, at least 1.
        seed: Seeds both.

    Returns:
        The comparison.
    """
    sides = (build_side(targets, a, measure=measure), build_side(targets, b, measure=measure))
    plain = [side.measure() for side in sides]
    compared = np.asarray(~np.isnan(np.concatenate(plain)).any(axis=0))
    runs = [np.column_stack([values, mean_labels(values.T, compared=compared)]) for values in plain]
    random = np.random.default_rng([seed, _STREAM])
    samples = resample_sides(sides, groups=groups, resamples=resamples, seed=seed)
    permuted = permute_sides(sides, groups=groups, compared=compared, permutations=permutations, seed=seed)
    for sampled, values in zip(samples, runs, strict=True):
        sampled += draw_run_errors(values, draws=resamples, random=random)
        permuted += draw_run_errors(values, draws=permutations, random=random)
    contrasts = _contrast(runs, samples=samples, permuted=permuted, same=_find_same(sides))
    return Comparison(
        measure=measure,
        labels=dict(zip(targets.labels, contrasts[:-1], strict=True)),
        macro=contrasts[-1],
        positives=dict(zip(targets.labels, targets.positive.sum(axis=0).tolist(), strict=True)),
        judged=dict(zip(targets.labels, targets.judged.sum(axis=0).tolist(), strict=True)),
        runs=(len(a), len(b)),
        n=len(targets.positive),
        n_groups=len(np.unique(groups)),
        resamples=resamples,
        permutations=permutations,
        seed=seed,
    )


def _find_same(sides: tuple[Side, Side]) -> list[bool]:
    """For each label, then for all: whether every run of both sides says what the first says, as far as it is measured."""
    ranked = MEASURES[sides[0].line] == "average_precision"
    same = []
    for cells in zip(*(run for side in sides for run in side.cells), strict=True):
        said = [rank_scores(one.probability) if ranked else one.given for one in cells]
        same.append(all(np.array_equal(one, said[0]) for one in said))
    return [*same, all(same)]


def _contrast(
    runs: Sequence[NDArray[np.float64]],
    *,
    samples: Sequence[NDArray[np.float64]],
    permuted: NDArray[np.float64],
    same: Sequence[bool],
) -> list[Contrast]:
    """Put together what was measured, resampled and permuted: a contrast for each label, then one for their mean."""
    values_a, values_b = (side.mean(axis=0) for side in runs)
    spreads_a, spreads_b = (spread_runs(side) for side in runs)
    p, corrected, questions = _test(values_b - values_a, permuted=permuted)
    contrasts = []
    for line, sampled in enumerate(samples[1] - samples[0]):
        difference = _estimate(values_b[line] - values_a[line], sampled, least=-1.0)
        contrasts.append(
            Contrast(
                a=_estimate(values_a[line], samples[0][line], least=0.0),
                b=_estimate(values_b[line], samples[1][line], least=0.0),
                difference=difference,
                p=p[line],
                p_holm=corrected[line],
                size=None if p[line] is None else attained_size(permuted[line]),
                detectable=detectable_difference(difference, questions=questions[line]),
                same=same[line],
                spread_a=None if spreads_a is None else _drop_nan(spreads_a[line]),
                spread_b=None if spreads_b is None else _drop_nan(spreads_b[line]),
            )
        )
    return contrasts


def _test(
    differences: NDArray[np.float64], *, permuted: NDArray[np.float64]
) -> tuple[list[float | None], list[float | None], list[int]]:
    """For each label, then their mean: p, p after Holm over the labels, and how many questions were asked together."""
    p = [
        None if np.isnan(difference) else permutation_p(difference, permuted=swapped)
        for difference, swapped in zip(differences.tolist(), permuted, strict=True)
    ]
    asked = [value for value in p[:-1] if value is not None]
    answers = iter(correct_holm(asked))
    corrected = [None if value is None else next(answers) for value in p[:-1]]
    return p, [*corrected, p[-1]], [*(len(asked) for _ in corrected), 1]


def _estimate(value: float, samples: NDArray[np.float64], *, least: float) -> Estimate:
    """The value with its interval; errors of runs have long tails, but no measure leaves `[least, 1]`."""
    return estimate_percentile(float(value), np.clip(samples, least, 1.0))


def _drop_nan(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
