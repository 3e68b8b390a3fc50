"""Calibrated probabilities and thresholds per label, as a bundle stores them.

Fitted by the training package on held-out articles; applied here with numpy alone. Every threshold carries the goal that it was chosen for,
so that a reader of a bundle knows what "positive" was meant to promise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import BundleError

GoalKind = Literal["f1", "recall", "precision"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a threshold was chosen for.

    Attributes:
        kind: `f1` maximises F1; `recall` and `precision` reach at least `at_least`, and are as good as possible in the other.
        at_least: In (0, 1]; only for `recall` and `precision`.
    """

    kind: GoalKind = "f1"
    at_least: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCalibration:
    """One label's way from logit to decision: `p = sigmoid(slope * logit + intercept)`, positive from `threshold` on.

    A temperature is the special case `slope = 1 / T`, `intercept = 0`; the two-parameter form is Platt (1999).

    Attributes:
        label: The label id.
        slope: Positive, so that calibration never reorders articles.
        intercept: In logits.
        threshold: Probability in [0, 1] from which the label is given.
        goal: What the threshold was chosen for.
        positives: How many positive articles calibration and threshold rest on.
    """

    label: str
    slope: float
    intercept: float
    threshold: float
    goal: Goal
    positives: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The calibrations of all labels, in typology order.

    Raises:
        BundleError: If a slope is not positive and finite, or a threshold is outside [0, 1].
    """

    labels: tuple[LabelCalibration, ...]

    def __post_init__(self) -> None:
        for label in self.labels:
            if not (np.isfinite(label.slope) and label.slope > 0 and np.isfinite(label.intercept)):
                found = f"slope {label.slope}, intercept {label.intercept}"
                raise BundleError(f"Calibration of {label.label}: {found}; a slope is positive, both are finite.")
            if not 0 <= label.threshold <= 1:
                raise BundleError(f"Calibration of {label.label}: threshold {label.threshold} is outside [0, 1].")

    def probabilities(self, logits: NDArray[np.float32]) -> NDArray[np.float64]:
        """Calibrate logits of shape `(articles, labels)` to probabilities of the same shape."""
        slopes = np.array([label.slope for label in self.labels])
        intercepts = np.array([label.intercept for label in self.labels])
        z = np.clip(logits.astype(np.float64) * slopes + intercepts, -500.0, 500.0)
        return np.asarray(1.0 / (1.0 + np.exp(-z)), dtype=np.float64)

    @property
    def thresholds(self) -> NDArray[np.float64]:
        """Shape `(labels,)`."""
        return np.array([label.threshold for label in self.labels])

    def to_mapping(self) -> dict[str, object]:
        """JSON-ready values; `parse_calibration` reads them back."""
        return {"labels": [asdict(label) for label in self.labels]}


def uncalibrated(labels: Sequence[str]) -> Calibration:
    """The identity: plain sigmoid, threshold one half. For models that no held-out articles were kept for."""
    return Calibration(
        labels=tuple(
            LabelCalibration(label=label, slope=1.0, intercept=0.0, threshold=0.5, goal=Goal(), positives=0)
            for label in labels
        )
    )


def parse_calibration(raw: object) -> Calibration:
    """Build a calibration from the values of `calibration.json`.

    Args:
        raw: What `Calibration.to_mapping` gave.

    Returns:
        The calibration.

    Raises:
        BundleError: If the values are not of that form.
    """
    if not isinstance(raw, Mapping):
        raise BundleError(f"calibration.json holds {type(raw).__name__}, not an object. Export the bundle again.")
    try:
        return Calibration(
            labels=tuple(LabelCalibration(**{**label, "goal": Goal(**label["goal"])}) for label in raw["labels"])
        )
    except (TypeError, KeyError) as error:
        raise BundleError(f"calibration.json is not a calibration: {error!r}. Export the bundle again.") from error
