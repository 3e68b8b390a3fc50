"""How good predictions are: precision, recall, F1 and average precision per label, pooled and averaged, with bootstrap intervals.

Values are scikit-learn's. A number whose denominator is empty (recall without positives, precision without predictions) is undefined: null
in JSON, never 0 and never NaN. Cells that nobody judged count nowhere.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import DataError
from hawadith_evaluation.cells import MEASURES, divide, measure, measure_weighted, select_cells
from hawadith_evaluation.estimates import Estimate as Estimate
from hawadith_evaluation.estimates import Resampling, estimate_statistics
from hawadith_evaluation.intervals import CONFIDENCE, IntervalMethod
from hawadith_evaluation.metrics_file import MeasureValues, MetricsValues
from hawadith_evaluation.shares import share_exact, share_false_alarms, share_several
from hawadith_evaluation.targets import Targets


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMetrics:
    """How good the predictions of one label are.

    Attributes:
        n: Positive articles.
        judged: Articles on which the label was judged.
        predicted: Judged articles that were given the label.
        estimates: By name, those of `MEASURES`.
    """

    n: int
    judged: int
    predicted: int
    estimates: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """How good predictions are.

    Attributes:
        labels: By label id, in typology order.
        micro: By name: over all judged cells pooled.
        macro: By name: mean over the labels that define it, each counting the same.
        exact_match: Share of fully judged articles whose labels are all right.
        false_alarms_per_1000: Of 1,000 fully judged articles without any incident, how many were given a label.
        several_recall: Of the pairs of an article and a type, where the article reports two or more types, the share that was given.
        several_all_found: Of those articles, the share that was given all its types.
        n: Articles.
        n_fully_judged: Articles on which every label was judged.
        n_without_incidents: Fully judged articles without any incident.
        n_several: Articles that report two or more types.
        n_several_pairs: Their pairs of an article and a type.
        n_groups: Near-duplicate groups, the units of the bootstrap.
        resamples: Bootstrap resamples behind each interval.
        seed: Their seed.
        interval: How the intervals were read off the resamples.
    """

    labels: Mapping[str, LabelMetrics]
    micro: Mapping[str, Estimate]
    macro: Mapping[str, Estimate]
    exact_match: Estimate
    false_alarms_per_1000: Estimate
    several_recall: Estimate
    several_all_found: Estimate
    n: int
    n_fully_judged: int
    n_without_incidents: int
    n_several: int
    n_several_pairs: int
    n_groups: int
    resamples: int
    seed: int
    interval: IntervalMethod

    def to_mapping(self) -> MetricsValues:
        """The values of `metrics.json`, without those that identify model and data."""
        return {
            "labels": {
                label: {
                    **_name_values(metrics.estimates),
                    "n": metrics.n,
                    "judged": metrics.judged,
                    "predicted": metrics.predicted,
                }
                for label, metrics in self.labels.items()
            },
            "micro": _name_values(self.micro),
            "macro": _name_values(self.macro),
            "exact_match": self.exact_match.to_mapping(),
            "false_alarms_per_1000": self.false_alarms_per_1000.to_mapping(),
            "n": self.n,
            "n_fully_judged": self.n_fully_judged,
            "n_without_incidents": self.n_without_incidents,
            "n_groups": self.n_groups,
            "bootstrap": {
                "resamples": self.resamples,
                "seed": self.seed,
                "confidence": CONFIDENCE,
                "method": self.interval,
                "unit": "near-duplicate group",
                "fallbacks": self._count_fallbacks(),
            },
            "several": {
                "n": self.n_several,
                "n_pairs": self.n_several_pairs,
                "recall": self.several_recall.to_mapping(),
                "all_found": self.several_all_found.to_mapping(),
            },
        }

    def _count_fallbacks(self) -> Mapping[str, int]:
        tables = (self.micro, self.macro, *(label.estimates for label in self.labels.values()))
        shares = (self.exact_match, self.false_alarms_per_1000, self.several_recall, self.several_all_found)
        estimates = (*shares, *(one for table in tables for one in table.values()))
        return Counter(one.fallback for one in estimates if one.fallback is not None)


def compute_metrics(
    targets: Targets,
    *,
    probabilities: NDArray[np.float64],
    decisions: NDArray[np.bool_],
    groups: NDArray[np.int64] | None,
    resamples: int = 1000,
    seed: int = 13,
    interval: IntervalMethod = "percentile",
) -> Metrics:
    """Measure predictions.

    Args:
        targets: What is true.
        probabilities: Shape `(articles, labels)`, finite; only their order within a label matters, and over all cells for micro.
        decisions: Same shape: the label was given.
        groups: Shape `(articles,)`: near-duplicate group numbers; None counts every article as its own.
        resamples: Bootstrap resamples; 0 leaves the intervals out.
        seed: Seeds the bootstrap.
        interval: How the intervals are read off the resamples.

    Returns:
        The metrics.

    Raises:
        DataError: If the shapes differ.
    """
    shape = targets.positive.shape
    if probabilities.shape != shape or decisions.shape != shape or (groups is not None and groups.shape != shape[:1]):
        found = f"probabilities {probabilities.shape}, decisions {decisions.shape}"
        raise DataError(f"Predictions do not fit the targets' shape {shape} (articles, labels): got {found}.")
    units = np.arange(shape[0], dtype=np.int64) if groups is None else groups
    # Each label's cells, then those of all labels together.
    cells = [
        select_cells(targets, probabilities=probabilities, decisions=decisions, columns=columns)
        for columns in (*(slice(column, column + 1) for column in range(shape[1])), slice(None))
    ]
    shares = (
        share_exact(targets, decisions=decisions),
        share_false_alarms(targets, decisions=decisions),
        *share_several(targets, decisions=decisions),
    )
    estimates = estimate_statistics(
        lambda weights: _stack(
            [measure_weighted(part, weights) for part in cells], [share.mean(weights) for share in shares]
        ),
        resampling=Resampling(groups=units, resamples=resamples, seed=seed, interval=interval),
        values=_stack([measure(part)[:, None] for part in cells], [share.mean() for share in shares])[:, 0],
    )
    of_labels, of_articles = estimates[: -len(shares)], estimates[-len(shares) :]
    *per_label, micro, macro = [
        dict(zip(MEASURES, of_labels[first:], strict=False)) for first in range(0, len(of_labels), len(MEASURES))
    ]
    return Metrics(
        labels={
            label: LabelMetrics(
                n=int(part.truth.sum()), judged=len(part.rows), predicted=int(part.given.sum()), estimates=estimated
            )
            for label, part, estimated in zip(targets.labels, cells[:-1], per_label, strict=True)
        },
        micro=micro,
        macro=macro,
        exact_match=of_articles[0],
        false_alarms_per_1000=of_articles[1],
        several_recall=of_articles[2],
        several_all_found=of_articles[3],
        n=shape[0],
        n_fully_judged=len(shares[0].rows),
        n_without_incidents=len(shares[1].rows),
        n_several=len(shares[3].rows),
        n_several_pairs=len(shares[2].rows),
        n_groups=len(np.unique(units)),
        resamples=resamples,
        seed=seed,
        interval=interval,
    )


def _stack(measured: Sequence[NDArray[np.float64]], shares: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """All statistics as one table `(statistics, resamples)`: each label's, micro, macro, then the shares."""
    labels = np.stack(measured[:-1]) if len(measured) > 1 else np.full((1, *measured[0].shape), np.nan)
    defined = ~np.isnan(labels)
    macro = divide(np.where(defined, labels, 0.0).sum(axis=0), defined.sum(axis=0).astype(np.float64))
    return np.concatenate([*measured, macro, *(share[None] for share in shares)])


def _name_values(estimates: Mapping[str, Estimate]) -> MeasureValues:
    return cast("MeasureValues", {name: estimates[name].to_mapping() for name in MEASURES})
