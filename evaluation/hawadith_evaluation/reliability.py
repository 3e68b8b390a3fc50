"""How far a probability can be taken at its word: reliability bins, calibration error and Brier score, before and after calibration.

The calibration error is the usual one over bins of equally many articles (Naeini et al. 2015; Nguyen and O'Connor 2015), so that it can be
compared with other reports. It is a sum of absolute gaps, which chance alone keeps above 0. So beside it stands what probabilities that are
perfectly true would show on these very articles (Bröcker and Smith 2007): an error in that range is no evidence against the probabilities.

The bins of the diagram are others. Nine in ten articles of a rare label lie near 0, and equally many articles a bin would leave one point
for all that matters; so each bin of the diagram holds the same expected number of positives.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from hawadith.calibration import Calibration
from hawadith.errors import DataError
from hawadith_evaluation.calibration import FEWEST_TO_TRUST
from hawadith_evaluation.calibration_methods import choose_method, cross_validate_methods
from hawadith_evaluation.cells import divide
from hawadith_evaluation.estimates import Resampling, estimate_percentile, estimate_statistics
from hawadith_evaluation.intervals import CONFIDENCE
from hawadith_evaluation.metrics_file import BinValues, ReliabilityValues
from hawadith_evaluation.targets import Targets

_BINS = 10
_FEWEST_ARTICLES = 10  # a bin; below, its share of positives says nothing
_FEWEST_EXPECTED = 5  # positives expected in a bin of the diagram
_CHANCE_DRAWS = 500
_CELLS_PER_BLOCK = 2_000_000  # 16 MB: bounds the memory of the draws


def recover_logits(probabilities: NDArray[np.float64], *, calibration: Calibration) -> NDArray[np.float64]:
    """Undo a bundle's calibration, so that "before" needs no second scoring.

    Args:
        probabilities: Shape `(articles, labels)`, in [0, 1]; 0 for an article without scores.
        calibration: What gave them.

    Returns:
        Raw logits, same shape; infinite where a probability is 0 or 1.
    """
    slopes = np.array([label.slope for label in calibration.labels])
    intercepts = np.array([label.intercept for label in calibration.labels])
    return np.asarray((logit(probabilities) - intercepts) / slopes, dtype=np.float64)


def measure_reliability(
    targets: Targets,
    *,
    probabilities: NDArray[np.float64],
    raw: NDArray[np.float64] | None,
    resampling: Resampling,
) -> list[ReliabilityValues]:
    """Measure how true the probabilities of each label are, over the articles that it was judged on.

    Args:
        targets: What is true.
        probabilities: Shape `(articles, labels)`, calibrated, in [0, 1].
        raw: Same shape: logits before calibration, as `recover_logits` gives them; None where only probabilities are at hand.
        resampling: How articles are resampled for intervals.

    Returns:
        One entry per label that was judged on any article, in order.

    Raises:
        DataError: If the shapes differ.
    """
    shape = targets.positive.shape
    if probabilities.shape != shape or (raw is not None and raw.shape != shape):
        raise DataError(f"Probabilities or logits do not fit the targets' shape {shape} (articles, labels).")
    return [
        _measure_label(
            label,
            rows=np.flatnonzero(targets.judged[:, column]),
            truth=targets.positive[:, column],
            probabilities=probabilities[:, column],
            raw=None if raw is None else raw[:, column],
            resampling=resampling,
        )
        for column, label in enumerate(targets.labels)
        if targets.judged[:, column].any()
    ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Forecasts:
    """Judged articles of one label with their probabilities, in bins. Shapes `(n,)`, apart from `members`.

    Attributes:
        rows: Positions among all articles.
        truth: The label holds.
        probability: What was forecast.
        members: Shape `(bins, n)`: 1 where an article lies in a bin, 0 elsewhere.
    """

    rows: NDArray[np.intp]
    truth: NDArray[np.bool_]
    probability: NDArray[np.float64]
    members: NDArray[np.float64]

    def measure(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibration error and Brier score under weights `(articles, resamples)`: shape `(2, resamples)`."""
        chosen = weights[self.rows]
        total = chosen.sum(axis=0)
        # An empty bin has no gap; the bins' weights cancel: each gap counts by its articles.
        gaps = (self.members * (self.probability - self.truth)) @ chosen
        errors = np.square(self.probability - self.truth) @ chosen
        return np.stack([divide(np.abs(gaps).sum(axis=0), total), divide(errors, total)])


def _measure_label(
    label: str,
    *,
    rows: NDArray[np.intp],
    truth: NDArray[np.bool_],
    probabilities: NDArray[np.float64],
    raw: NDArray[np.float64] | None,
    resampling: Resampling,
) -> ReliabilityValues:
    after = _gather(rows, truth=truth, probabilities=probabilities)
    ece, brier = estimate_statistics(after.measure, resampling=resampling)
    positives = int(after.truth.sum())
    values: ReliabilityValues = {
        "label": label,
        "n": len(rows),
        "positives": positives,
        "few": positives < FEWEST_TO_TRUST,
        "bins": _describe_bins(after, groups=resampling.groups),
        "ece": ece.to_mapping(),
        "brier": brier.to_mapping(),
        "ece_before": None,
        "brier_before": None,
    }
    chance = _draw_chance(after, groups=resampling.groups, seed=resampling.seed)
    values["ece_if_true"] = estimate_percentile(float(np.median(chance)), chance).to_mapping()
    if raw is None:
        return values
    before = _gather(rows, truth=truth, probabilities=np.asarray(expit(raw), dtype=np.float64))
    values["ece_before"], values["brier_before"] = before.measure(np.ones((len(truth), 1)))[:, 0].tolist()
    scored = rows[np.isfinite(raw[rows])]
    losses = cross_validate_methods(raw[scored], truth=truth[scored], groups=resampling.groups[scored])
    if losses:
        values["log_loss"] = {str(method): loss for method, loss in losses.items()}
        values["method"] = choose_method(losses)
    return values


def _gather(rows: NDArray[np.intp], *, truth: NDArray[np.bool_], probabilities: NDArray[np.float64]) -> _Forecasts:
    probability = probabilities[rows]
    place = _place_in_bins(probability, mass=np.ones(len(rows)), fewest=_FEWEST_ARTICLES)
    members = (np.arange(int(place.max()) + 1)[:, None] == place).astype(np.float64)
    return _Forecasts(rows=rows, truth=truth[rows], probability=probability, members=members)


def _place_in_bins(probability: NDArray[np.float64], *, mass: NDArray[np.float64], fewest: float) -> NDArray[np.intp]:
    """Bin numbers from 0, lowest probability first, of bins that share out the mass evenly; equal probabilities share a bin."""
    order = np.argsort(probability, kind="stable")
    filled = np.cumsum(mass[order])
    n_bins = max(1, min(_BINS, int(filled[-1] / fewest)))
    ends = np.searchsorted(filled, filled[-1] * np.arange(1, n_bins) / n_bins)
    place = np.searchsorted(np.unique(probability[order][ends]), probability)
    _, numbers = np.unique(place, return_inverse=True)  # ties can leave a bin empty
    return np.asarray(numbers)


def _describe_bins(forecasts: _Forecasts, *, groups: NDArray[np.int64]) -> list[BinValues]:
    """The diagram's bins from the lowest probability up; intervals after Wilson (1927), stories in place of articles as their number."""
    place = _place_in_bins(forecasts.probability, mass=forecasts.probability, fewest=_FEWEST_EXPECTED)
    bins: list[BinValues] = []
    for members in (place == number for number in range(int(place.max()) + 1)):
        share = float(forecasts.truth[members].mean())
        low, high = wilson_interval(share, n=len(np.unique(groups[forecasts.rows[members]])))
        bins.append(
            {
                "predicted": float(forecasts.probability[members].mean()),
                "observed": {"value": share, "low": low, "high": high},
                "n": int(members.sum()),
            }
        )
    return bins


def wilson_interval(share: float, *, n: int) -> tuple[float, float]:
    """The score interval of a proportion (Wilson 1927): unlike the bootstrap's, it is no point where all or none are positive.

    Args:
        share: The observed proportion.
        n: How many independent observations it rests on, at least 1.

    Returns:
        Lower and upper bound, at the confidence of all intervals.
    """
    z = float(ndtri((1 + CONFIDENCE) / 2))
    centre = share + z**2 / (2 * n)
    half = z * float(np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)))
    scale = 1 + z**2 / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def _draw_chance(forecasts: _Forecasts, *, groups: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """Calibration errors, shape `(draws,)`, where labels are drawn from the probabilities; one draw a story, so that copies agree."""
    _, member = np.unique(groups[forecasts.rows], return_inverse=True)
    random = np.random.default_rng(seed)
    probability = forecasts.probability[:, None]
    block = max(1, _CELLS_PER_BLOCK // len(member))
    errors: list[NDArray[np.float64]] = []
    for start in range(0, _CHANCE_DRAWS, block):
        draws = random.random((int(member.max()) + 1, min(block, _CHANCE_DRAWS - start)))[member]
        gaps = forecasts.members @ (probability - (draws < probability))
        errors.append(np.abs(gaps).sum(axis=0) / len(member))
    return np.concatenate(errors)
