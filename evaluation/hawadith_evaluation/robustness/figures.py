"""From probabilities before and after to the values of a report; intervals are over near-duplicate groups.

Where nothing flipped, no resample shows a flip either and the interval is [0, 0]: read it with `n`. The rule of three bounds such a rate by
`3 / n` at 95%.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hawadith_evaluation.cells import divide
from hawadith_evaluation.estimates import Resampling, estimate_statistics
from hawadith_evaluation.metrics_file import ActorValues, CapabilityValues, EstimateValues
from hawadith_evaluation.robustness.cases import Case

_EXAMPLES = 5

Numbers = NDArray[np.float64] | NDArray[np.int64] | NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shift:
    """What a model said of articles before and after a change.

    Attributes:
        labels: Label ids, in the order of the columns.
        resampling: How intervals come about; its groups are those of the cases' articles, shape `(cases,)`.
        before: Probabilities before, shape `(cases, labels)`.
        after: Probabilities after, same shape.
        given_before: Whether the label was given, same shape.
        given_after: The same, after.
    """

    labels: tuple[str, ...]
    resampling: Resampling
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    given_before: NDArray[np.bool_]
    given_after: NDArray[np.bool_]

    @property
    def flips(self) -> NDArray[np.bool_]:
        """Which decisions changed, shape `(cases, labels)`."""
        return np.asarray(self.given_before != self.given_after)

    def select(self, rows: NDArray[np.bool_]) -> "Shift":
        """The chosen cases."""
        return Shift(
            labels=self.labels,
            resampling=replace(self.resampling, groups=self.resampling.groups[rows]),
            before=self.before[rows],
            after=self.after[rows],
            given_before=self.given_before[rows],
            given_after=self.given_after[rows],
        )


def measure_invariance(name: str, shift: Shift, *, cases: Sequence[Case], tolerance: float) -> CapabilityValues:
    """Measure what must not have changed.

    Args:
        name: The capability.
        shift: Before and after, a row per case.
        cases: The cases.
        tolerance: Share of decisions that may flip.

    Returns:
        The capability's values; `passed` where nothing could be changed.
    """
    flips, ones = shift.flips, np.ones(len(cases))
    lost = shift.given_before & ~shift.given_after
    share, articles, taken_back = estimate_shares(
        parts=(flips.sum(axis=1), np.asarray(flips.any(axis=1)), lost.sum(axis=1)),
        wholes=(ones * len(shift.labels), ones, shift.given_before.sum(axis=1)),
        resampling=shift.resampling,
    )
    return {
        "name": name,
        "kind": "invariance",
        "n": len({case.row for case in cases}),
        "flips": share,
        "shift": _mean(np.abs(shift.after - shift.before)),
        "tolerance": tolerance,
        "passed": (share["value"] or 0.0) <= tolerance,
        "examples": _show_flips(shift, cases=cases),
        "labels": {label: _mean(flips[:, column]) for column, label in enumerate(shift.labels)},
        "articles": articles,
        "taken_back": taken_back,
    }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Directions:
    """What a model said of cases of which each concerns one label; all arrays of shape `(cases,)`.

    Attributes:
        ids: The article of each.
        labels: The label of each.
        resampling: How intervals come about; its groups are those of the cases' articles.
        before: Probability without the change.
        after: Probability with it.
        given: Whether the label is given with it.
        sign: 1 where the change must raise the probability, -1 where it must lower it.
    """

    ids: Sequence[str]
    labels: Sequence[str]
    resampling: Resampling
    before: NDArray[np.float64]
    after: NDArray[np.float64]
    given: NDArray[np.bool_]
    sign: int


def measure_direction(
    name: str,
    directions: Directions,
    *,
    notes: Sequence[Mapping[str, str]],
    tolerance: float,
) -> CapabilityValues:
    """Measure what must have moved one way; what did not move at all went the wrong way, too.

    Args:
        name: The capability.
        directions: The cases.
        notes: Of each, what was done.
        tolerance: Share of cases that may go the wrong way.

    Returns:
        The capability's values; `passed` where there are no cases.
    """
    moved = directions.sign * (directions.after - directions.before)
    wrong = moved <= 0
    share, given = estimate_shares(
        parts=(wrong, directions.given), wholes=(np.ones(len(wrong)),) * 2, resampling=directions.resampling
    )
    names = np.array(directions.labels)
    worst = [place for place in np.argsort(moved, kind="stable")[:_EXAMPLES].tolist() if wrong[place]]
    return {
        "name": name,
        "kind": "directional",
        "n": len(wrong),
        "flips": share,
        "shift": _mean(directions.after - directions.before),
        "tolerance": tolerance,
        "passed": (share["value"] or 0.0) <= tolerance,
        "examples": [
            {
                "id": directions.ids[place],
                "label": directions.labels[place],
                "before": f"{directions.before[place]:.3f}",
                "after": f"{directions.after[place]:.3f}",
                **notes[place],
            }
            for place in worst
        ],
        "labels": {label: _mean(wrong[names == label]) for label in dict.fromkeys(directions.labels)},
        "given": given,
    }


def measure_actor(actor: str, shift: Shift, *, kind: str) -> list[ActorValues]:
    """Measure what putting one actor in the place of others does.

    Args:
        actor: Who was put in.
        shift: Before and after, a row per case.
        kind: The actor's kind.

    Returns:
        Values per label.
    """
    changes = shift.after - shift.before
    means = estimate_shares(
        parts=list(changes.T), wholes=[np.ones(len(changes))] * len(shift.labels), resampling=shift.resampling
    )
    return [
        {
            "actor": actor,
            "kind": kind,
            "label": label,
            "n": len(changes),
            "mean_change": means[column],
            "mean_absolute_change": _mean(np.abs(changes[:, column])),
            "flips": _mean(shift.flips[:, column]),
        }
        for column, label in enumerate(shift.labels)
    ]


def estimate_shares(
    *, parts: Sequence[Numbers], wholes: Sequence[Numbers], resampling: Resampling
) -> list[EstimateValues]:
    """Sums of parts over sums of wholes.

    Args:
        parts: For each share, shape `(cases,)`.
        wholes: As many, same shapes, from 0.
        resampling: How the cases are resampled.

    Returns:
        Each share and its interval; null where its wholes sum to 0.
    """
    over, under = np.stack(parts).astype(np.float64), np.stack(wholes).astype(np.float64)
    estimates = estimate_statistics(lambda weights: divide(over @ weights, under @ weights), resampling=resampling)
    return [estimate.to_mapping() for estimate in estimates]


def _mean(values: Numbers) -> float:
    return float(np.mean(values)) if values.size else 0.0


def _show_flips(shift: Shift, *, cases: Sequence[Case]) -> list[Mapping[str, str]]:
    """The flips with the greatest changes of probability."""
    places = np.argwhere(shift.flips)
    sizes = np.abs(shift.after - shift.before)[shift.flips]
    return [
        {
            "id": cases[row].record.id,
            "label": shift.labels[column],
            "before": f"{shift.before[row, column]:.3f}",
            "after": f"{shift.after[row, column]:.3f}",
            **cases[row].notes,
        }
        for row, column in places[np.argsort(-sizes, kind="stable")[:_EXAMPLES]].tolist()
    ]
