"""The layout of `comparison.json`, as types: what `hawadith compare` writes, and a release gate reads."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from hawadith_evaluation.exposure import Exposure
from hawadith_evaluation.metrics_file import BootstrapValues, DataValues, EstimateValues

Verdict = Literal["better", "worse", "no_evidence", "same", "undefined"]
"""What is said of B: two that the test supports, two that it does not, and one that nothing can be said of."""

GateRule = Literal["estimate", "proven", "safe"]
"""Which number must not lie below minus the tolerance: the difference itself, its upper bound, or its lower bound."""


class ContrastValues(TypedDict):
    """A and B on one label or on the mean of the labels; `Contrast` explains each."""

    a: EstimateValues
    b: EstimateValues
    difference: EstimateValues
    p: float | None
    p_holm: float | None
    size: float | None
    detectable: float | None
    spread_a: float | None
    spread_b: float | None
    verdict: Verdict
    words: str


class LabelContrastValues(ContrastValues):
    """One label: its contrast, its positive and its judged articles."""

    n: int
    judged: int


class SideValues(TypedDict):
    """A side: of each run its model, where it came from, the articles that it could not read, by status, and whether it has seen them.

    `exposure` is `learned` where the articles taught the model, `tuned` where they chose its calibration and thresholds, null where its
    bundle names no file of that name.
    """

    models: Sequence[str]
    origins: Sequence[str]
    unscored: Sequence[Mapping[str, int]]
    exposure: Sequence[Exposure | None]


class PermutationValues(TypedDict):
    """How the p values came about; `swapped` is `decisions` or `ranks within the label`."""

    permutations: int
    seed: int
    unit: str
    swapped: str
    correction: str


class RegressionValues(TypedDict):
    """Where B fell too far: the difference, null where it is undefined or B lacks the label, and whether the test supports the fall."""

    label: str
    difference: float | None
    significant: bool
    words: str


class GateValues(TypedDict):
    """What the release gate says."""

    rule: GateRule
    tolerance: float
    passed: bool
    regressions: Sequence[RegressionValues]


class ComparisonValues(TypedDict):
    """`comparison.json`."""

    measure: str
    a: SideValues
    b: SideValues
    labels: Mapping[str, LabelContrastValues]
    macro: ContrastValues
    only_a: Sequence[str]
    only_b: Sequence[str]
    gate: GateValues
    n: int
    n_groups: int
    bootstrap: BootstrapValues
    permutation: PermutationValues
    data: DataValues
    date: str
    command: str
