"""The release gate: each rule on each side of its limit, and what is said of a fall."""

import math

import pytest
from tests.evaluation.comparison.comparison_builders import build_contrast

from hawadith.errors import ConfigError
from hawadith_evaluation.comparison.gate import Gate, check_gate
from hawadith_evaluation.comparison.layout import GateRule, GateValues
from hawadith_evaluation.comparison.results import Comparison, Contrast

EVEN = build_contrast(0.0, -0.01, 0.01, p=0.9)


def gate_of(contrast: Contrast, *, gate: Gate, macro: Contrast = EVEN, missing: tuple[str, ...] = ()) -> GateValues:
    comparison = Comparison(
        measure="f1",
        labels={"mine": contrast, "arms": EVEN},
        macro=macro,
        positives={"mine": 9, "arms": 9},
        judged={"mine": 90, "arms": 90},
        runs=(1, 1),
        n=90,
        n_groups=90,
        resamples=100,
        permutations=1000,
        seed=1,
    )
    return check_gate(comparison, gate=gate, missing=missing)


@pytest.mark.parametrize(
    ("rule", "tolerance", "passed"),
    [
        ("estimate", 0.049, False),
        ("estimate", 0.05, True),
        ("proven", 0.009, False),
        ("proven", 0.01, True),
        ("safe", 0.089, False),
        ("safe", 0.09, True),
    ],
)
def test_gate_fails_where_its_number_lies_below_the_tolerance(rule: GateRule, tolerance: float, passed: bool) -> None:
    found = gate_of(build_contrast(-0.05, -0.09, -0.01), gate=Gate(tolerance=tolerance, rule=rule))
    assert found["passed"] is passed
    assert [fall["label"] for fall in found["regressions"]] == ([] if passed else ["mine"])


def test_gate_lets_a_fall_of_just_the_tolerance_pass() -> None:
    assert gate_of(build_contrast(0.75 - 0.77), gate=Gate(tolerance=0.02))["passed"]


def test_gate_looks_at_the_mean_of_the_labels_too() -> None:
    found = gate_of(EVEN, macro=build_contrast(-0.05, -0.06, -0.03), gate=Gate(tolerance=0.02, rule="proven"))
    assert [fall["label"] for fall in found["regressions"]] == ["macro"]
    assert "Holm" not in found["regressions"][0]["words"]


@pytest.mark.parametrize(
    ("p", "significant", "words"),
    [(0.004, True, "The fall is significant (p = 0.004, Holm)"), (0.3, False, "No significant fall (p = 0.300, Holm)")],
)
def test_gate_says_whether_the_test_supports_the_fall(p: float, significant: bool, words: str) -> None:
    [fall] = gate_of(build_contrast(p=p), gate=Gate())["regressions"]
    assert fall["significant"] is significant
    assert fall["difference"] == -0.05
    assert words in fall["words"]
    assert fall["words"].startswith("B - A is -0.050 [-0.090, -0.010]; it must not lie below -0.020.")


def test_gate_counts_a_label_that_b_lacks_as_fallen() -> None:
    [fall] = gate_of(EVEN, gate=Gate(tolerance=1.0), missing=("fire",))["regressions"]
    assert (fall["label"], fall["difference"], fall["words"]) == ("fire", None, "B lacks this label of A.")


@pytest.mark.parametrize(("rule", "passed"), [("estimate", True), ("proven", True), ("safe", False)])
def test_gate_takes_what_could_not_be_measured_for_no_fall_and_no_safety(rule: GateRule, passed: bool) -> None:
    found = gate_of(build_contrast(None, None, None, p=None, a=None, b=None), gate=Gate(rule=rule))
    assert found["passed"] is passed
    assert all("Nothing could be measured" in fall["words"] for fall in found["regressions"])


@pytest.mark.parametrize(
    ("a", "b", "passed"), [(0.8, None, False), (0.021, None, False), (0.02, None, True), (None, 0.8, True)]
)
def test_gate_takes_a_label_that_b_no_longer_gives_for_a_fall(a: float | None, b: float | None, passed: bool) -> None:
    found = gate_of(build_contrast(None, None, None, p=None, a=a, b=b), gate=Gate(tolerance=0.02))
    assert found["passed"] is passed
    assert all("B gives this label to no article" in fall["words"] for fall in found["regressions"])


@pytest.mark.parametrize("rule", ["estimate", "proven", "safe"])
def test_gate_stays_shut_where_no_label_could_be_measured(rule: GateRule) -> None:
    nothing = build_contrast(None, None, None, p=None, a=None, b=None)
    found = gate_of(nothing, macro=nothing, gate=Gate(rule=rule))
    assert not found["passed"]
    assert found["regressions"][-1]["label"] == "macro"
    assert "Nothing could be measured" in found["regressions"][-1]["words"]


@pytest.mark.parametrize("tolerance", [-0.01, 1.01, math.nan, math.inf])
def test_gate_refuses_a_tolerance_that_no_measure_has(tolerance: float) -> None:
    with pytest.raises(ConfigError, match=r"\[0, 1\]"):
        Gate(tolerance=tolerance)
