"""Calibration: probabilities are bounded and ordered; faults are refused."""

import numpy as np
import pytest

from hawadith.calibration import Calibration, Goal, LabelCalibration, parse_calibration, uncalibrated
from hawadith.errors import BundleError


def build(slope: float = 2.0, intercept: float = -1.0, threshold: float = 0.4) -> LabelCalibration:
    goal = Goal(kind="recall", at_least=0.9)
    return LabelCalibration(
        label="mine", slope=slope, intercept=intercept, threshold=threshold, goal=goal, positives=50
    )


def test_calibration_is_platts_sigmoid() -> None:
    probabilities = Calibration(labels=(build(),)).probabilities(np.array([[0.5], [1e6], [-1e6]], dtype=np.float32))
    assert probabilities[:, 0] == pytest.approx([0.5, 1.0, 0.0])


def test_calibration_round_trips() -> None:
    calibration = Calibration(labels=(build(),))
    assert parse_calibration(calibration.to_mapping()) == calibration


def test_calibration_identity_has_threshold_one_half() -> None:
    assert uncalibrated(["a", "b"]).thresholds.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    ("values", "expected"),
    [({"slope": 0.0}, "slope 0.0"), ({"slope": float("nan")}, "slope nan"), ({"threshold": 1.5}, "threshold 1.5")],
)
def test_calibration_refuses_impossible_values(values: dict[str, float], expected: str) -> None:
    with pytest.raises(BundleError, match=expected):
        Calibration(labels=(build(**values),))


@pytest.mark.parametrize("raw", [[], {}, {"labels": [{}]}, {"labels": [{"goal": {}, "colour": 1}]}, {"labels": 3}])
def test_calibration_refuses_other_shapes(raw: object) -> None:
    with pytest.raises(BundleError, match="Export the bundle again"):
        parse_calibration(raw)
