"""The metrics as a module of Hugging Face's `evaluate`, offline: usable in its loops and with `evaluate.combine`.

`evaluate` casts what it is given to its features without a word (0.9 becomes 0 where a feature is an integer) and lets NaN pass. So every
batch is checked here before `evaluate` sees it. It keeps its batches in memory: no cache folder, no hub, no network.
"""

from collections.abc import Sequence
from tempfile import TemporaryDirectory
from typing import Literal, cast

import datasets
import evaluate
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hawadith.errors import DataError
from hawadith_evaluation.intervals import IntervalMethod
from hawadith_evaluation.metrics import compute_metrics
from hawadith_evaluation.metrics_file import MetricsValues
from hawadith_evaluation.targets import Targets

UNJUDGED = -1
"""The reference of a cell that nobody judged."""

_KINDS = {"decisions": ("b", "booleans"), "groups": ("iu", "whole numbers, equal for near duplicates")}
_INPUTS = """
Args:
    predictions: Calibrated probabilities in [0, 1], floating point, one list per article with one number per label.
    references: 1 where the label holds, 0 where it does not, -1 where nobody judged; whole numbers, same shape.
    decisions: Booleans, same shape: the labels that were given, where thresholds alone do not say.
    groups: One near-duplicate group number per article.
Returns:
    The values of `metrics.json`.
"""


class IncidentMetrics(evaluate.Metric):  # type: ignore[misc]  # evaluate carries no types
    """Metrics of incident predictions, with intervals, as `evaluate` takes them.

    Args:
        labels: Label ids, in the order of the columns.
        thresholds: Probability from which each label counts as given; one half each when not given.
        resamples: Bootstrap resamples; 0 leaves the intervals out.
        seed: Seeds the bootstrap.
        interval: How the intervals are read off the resamples.

    Raises:
        DataError: If there are not as many thresholds as labels.

    Example:
        >>> metric = IncidentMetrics(labels=["mines"], resamples=0)
        >>> metric.compute(predictions=[[0.9], [0.2]], references=[[1], [0]])["macro"]["f1"]["value"]
        1.0
    """

    def __init__(
        self,
        *,
        labels: Sequence[str],
        thresholds: Sequence[float] | None = None,
        resamples: int = 1000,
        seed: int = 13,
        interval: IntervalMethod = "percentile",
    ) -> None:
        self.labels = tuple(labels)
        self.thresholds = np.full(len(self.labels), 0.5) if thresholds is None else np.asarray(thresholds, np.float64)
        if self.thresholds.shape != (len(self.labels),):
            raise DataError(
                f"thresholds have the shape {self.thresholds.shape} but there are {len(self.labels)} labels; give one each."
            )
        self.resamples = resamples
        self.interval: IntervalMethod = interval
        # The folder is made by `evaluate` at once and never used, because the batches stay in memory.
        with TemporaryDirectory() as folder:
            super().__init__(keep_in_memory=True, cache_dir=folder, seed=seed)

    def add_batch(
        self, *, predictions: ArrayLike | None = None, references: ArrayLike | None = None, **kwargs: object
    ) -> None:
        """Check a batch and keep it.

        Args:
            predictions: As `check_probabilities` takes them.
            references: As `check_references` takes them, as many.
            **kwargs: For `evaluate`.

        Raises:
            DataError: If there are not as many predictions as references, or either is refused.
        """
        checked = check_probabilities(predictions, labels=self.labels)
        truth = check_references(references, labels=self.labels)
        if len(checked) != len(truth):
            raise DataError(f"{len(checked)} predictions but {len(truth)} references; give one of each per article.")
        super().add_batch(predictions=checked, references=truth, **kwargs)

    def add(self, *, prediction: ArrayLike | None = None, reference: ArrayLike | None = None, **kwargs: object) -> None:
        """Check one article and keep it.

        Args:
            prediction: One number per label.
            reference: One number per label.
            **kwargs: For `evaluate`; a combination of metrics gives the article here, as `predictions` and `references`.
        """
        checked = check_probabilities([kwargs.pop("predictions", prediction)], labels=self.labels)
        truth = check_references([kwargs.pop("references", reference)], labels=self.labels)
        super().add(prediction=checked[0], reference=truth[0], **kwargs)

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description="Precision, recall, F1 and average precision per incident type, with bootstrap intervals.",
            citation="",
            inputs_description=_INPUTS,
            features=datasets.Features(
                {
                    "predictions": datasets.Sequence(datasets.Value("float64")),
                    "references": datasets.Sequence(datasets.Value("int8")),
                }
            ),
        )

    def _compute(
        self,
        *,
        predictions: Sequence[Sequence[float]],
        references: Sequence[Sequence[int]],
        decisions: ArrayLike | None = None,
        groups: ArrayLike | None = None,
    ) -> MetricsValues:
        probabilities = np.asarray(predictions, dtype=np.float64)
        truth = np.asarray(references, dtype=np.int8)
        chosen = probabilities >= self.thresholds if decisions is None else _check_kind(decisions, name="decisions")
        return compute_metrics(
            Targets(labels=self.labels, positive=truth == 1, judged=truth != UNJUDGED),
            probabilities=probabilities,
            decisions=chosen.astype(np.bool_),
            groups=None if groups is None else _check_kind(groups, name="groups").astype(np.int64),
            resamples=self.resamples,
            seed=self.seed,
            interval=self.interval,
        ).to_mapping()


def check_probabilities(values: object, *, labels: Sequence[str]) -> NDArray[np.float64]:
    """Check predictions.

    Args:
        values: Shape `(articles, labels)`, as lists or an array.
        labels: Label ids of the columns.

    Returns:
        The same as an array.

    Raises:
        DataError: If they are not floating-point numbers in [0, 1] of that shape.
    """
    array = _check_shape(values, name="predictions", labels=labels)
    if array.dtype.kind != "f":
        raise DataError(
            f"predictions are {array.dtype}; give calibrated probabilities as floats, not decisions: "
            "average precision needs their order."
        )
    probabilities = array.astype(np.float64)
    bad = ~((probabilities >= 0) & (probabilities <= 1))  # NaN fails both comparisons
    if bad.any():
        row, column = np.argwhere(bad)[0]
        found = f"{bad.sum()} are not, the first in row {row} for {labels[column]}: {probabilities[row, column]}"
        raise DataError(f"predictions must be probabilities in [0, 1]; {found}.")
    return probabilities


def check_references(values: object, *, labels: Sequence[str]) -> NDArray[np.int8]:
    """Check references.

    Args:
        values: Shape `(articles, labels)`, as lists or an array.
        labels: Label ids of the columns.

    Returns:
        The same as an array.

    Raises:
        DataError: If they are not booleans or whole numbers among 1, 0 and -1 of that shape.
    """
    array = _check_shape(values, name="references", labels=labels)
    if array.dtype.kind not in "biu":
        raise DataError(f"references are {array.dtype}; give 1, 0, or -1 where nobody judged, as whole numbers.")
    bad = ~np.isin(array, (1, 0, UNJUDGED))
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise DataError(f"references must be 1, 0 or -1; row {row} holds {array[row, column]} for {labels[column]}.")
    return array.astype(np.int8)


def _check_kind(values: ArrayLike, *, name: Literal["decisions", "groups"]) -> NDArray[np.generic]:
    """An array that a cast would not change: 0.9 is true as a decision, and 0 as a group.

    Args:
        values: Shape `(articles,)` or `(articles, labels)`.
        name: What they are.

    Returns:
        The same as an array.

    Raises:
        DataError: If they are of another kind.
    """
    array, (kinds, wanted) = np.asarray(values), _KINDS[name]
    if array.dtype.kind not in kinds:
        raise DataError(f"{name} are {array.dtype}; give {wanted}.")
    return cast("NDArray[np.generic]", array)


def _check_shape(values: object, *, name: str, labels: Sequence[str]) -> NDArray[np.generic]:
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise DataError(f"{name} are ragged: every article needs {len(labels)} numbers, one per label.") from error
    if array.ndim != 2 or array.shape[1] != len(labels):
        raise DataError(
            f"{name} have the shape {array.shape}; expected (articles, {len(labels)}), one column per label."
        )
    return cast("NDArray[np.generic]", array)
