"""Whether a model in another precision is still the same model: measured before it is written, on labelled articles.

Two bounds, because either alone can hide harm: ranking must not lose, and decisions must not change. The decisions are those of the
bundle's own thresholds, which were chosen on fp32 scores and stay.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import DataError, HawadithError
from hawadith_evaluation.cells import MEASURES, divide, measure_weighted, select_cells
from hawadith_evaluation.estimates import Estimate, Resampling, estimate_statistics
from hawadith_evaluation.targets import Targets

MAX_DROP = 0.005
"""Macro average precision that another precision may cost."""

MAX_CHANGED = 0.005
"""Share of the (article, label) decisions that it may change."""

MIN_DECISIONS = round(1 / MAX_CHANGED)
"""With fewer, a single changed decision would be beyond the bound, and none would say little."""

_AVERAGE_PRECISION = MEASURES.index("average_precision")


class GateError(HawadithError, ValueError):
    """A model whose precision would change what it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """What another precision costs.

    Attributes:
        reference: Macro average precision of the fp32 model.
        candidate: That of the model in the other precision.
        drop: The one minus the other; below 0 where the other is better.
        changed: Share of all (article, label) decisions that differ, in [0, 1].
        n_changed: How many.
        n_decisions: Of how many.
        largest_shift: The largest difference of a probability.
        n: Articles.
    """

    reference: Estimate
    candidate: Estimate
    drop: Estimate
    changed: Estimate
    n_changed: int
    n_decisions: int
    largest_shift: float
    n: int

    @property
    def faults(self) -> list[str]:
        """The bounds that do not hold, in words."""
        if self.drop.value is None or self.changed.value is None or not math.isfinite(self.largest_shift):
            return ["a probability is not a number, and nothing can be measured"]
        drop, changed = self.drop.value, self.changed.value
        found = []
        if drop > MAX_DROP:
            found.append(f"macro average precision falls by {drop:.4f}, more than {MAX_DROP}")
        if changed > MAX_CHANGED:
            found.append(
                f"{self.n_changed} of {self.n_decisions} decisions change, {changed:.2%}, more than {MAX_CHANGED:.1%}"
            )
        return found

    def to_mapping(self) -> Mapping[str, object]:
        """JSON-ready values, bounds included."""
        return {
            "average_precision_fp32": self.reference.to_mapping(),
            "average_precision": self.candidate.to_mapping(),
            "average_precision_drop": self.drop.to_mapping(),
            "changed_decisions": self.changed.to_mapping(),
            "n_changed": self.n_changed,
            "n_decisions": self.n_decisions,
            "largest_probability_shift": self.largest_shift,
            "n": self.n,
            "bounds": {"average_precision_drop": MAX_DROP, "changed_decisions": MAX_CHANGED},
        }


def measure_gate(
    targets: Targets,
    *,
    reference: NDArray[np.float64],
    candidate: NDArray[np.float64],
    thresholds: NDArray[np.float64],
    groups: NDArray[np.int64],
) -> GateResult:
    """Measure what another precision costs.

    Args:
        targets: What is true of the articles.
        reference: Probabilities of the fp32 model, shape `(articles, labels)`.
        candidate: Those of the model in the other precision, same shape.
        thresholds: Shape `(labels,)`.
        groups: Shape `(articles,)`: near-duplicate group numbers, the units of the bootstrap.

    Returns:
        The figures, with percentile intervals.

    Raises:
        DataError: If there are fewer decisions than `MIN_DECISIONS`, or no article carries a label.
    """
    if reference.size < MIN_DECISIONS or not targets.positive.any():
        raise DataError(
            f"The gate needs at least {MIN_DECISIONS} (article, label) decisions and an article that carries a label; the given articles "
            f"have {reference.size} and {int(targets.positive.any(axis=1).sum())}. Give a larger labelled file with --gate."
        )
    differs = (reference >= thresholds) != (candidate >= thresholds)
    changed = differs.mean(axis=1)

    def cost(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        before, after = (_average(targets, probabilities=scores, weights=weights) for scores in (reference, candidate))
        return np.stack([before, after, before - after, divide(changed @ weights, weights.sum(axis=0))])

    found = estimate_statistics(cost, resampling=Resampling(groups=groups))
    return GateResult(
        reference=found[0],
        candidate=found[1],
        drop=found[2],
        changed=found[3],
        n_changed=int(differs.sum()),
        n_decisions=differs.size,
        largest_shift=float(np.abs(reference - candidate).max()),
        n=len(reference),
    )


def _average(
    targets: Targets, *, probabilities: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Macro average precision under each set of weights, shape `(resamples,)`; labels without a positive count nowhere."""
    given = np.zeros(probabilities.shape, dtype=np.bool_)  # average precision asks for no decision
    per_label = np.stack(
        [
            measure_weighted(
                select_cells(targets, probabilities=probabilities, decisions=given, columns=slice(column, column + 1)),
                weights,
            )[_AVERAGE_PRECISION]
            for column in range(probabilities.shape[1])
        ]
    )
    defined = ~np.isnan(per_label)
    return divide(np.where(defined, per_label, 0.0).sum(axis=0), defined.sum(axis=0).astype(np.float64))
