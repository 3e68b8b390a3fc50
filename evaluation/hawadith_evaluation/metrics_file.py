"""The layout of `metrics.json`, as types: what every report, comparison and model card reads."""

from collections.abc import Mapping
from typing import TypedDict


class EstimateValues(TypedDict):
    """A value and its interval; null where undefined."""

    value: float | None
    low: float | None
    high: float | None


class MeasureValues(TypedDict):
    """The four measures of a set of predictions."""

    precision: EstimateValues
    recall: EstimateValues
    f1: EstimateValues
    average_precision: EstimateValues


class LabelValues(MeasureValues):
    """One label: its measures, its positive, judged and predicted articles."""

    n: int
    judged: int
    predicted: int


class BootstrapValues(TypedDict):
    """How the intervals came about."""

    resamples: int
    seed: int
    confidence: float
    method: str
    unit: str


class MetricsValues(TypedDict):
    """What `compute_metrics` says; `Metrics` explains each."""

    labels: Mapping[str, LabelValues]
    micro: MeasureValues
    macro: MeasureValues
    exact_match: EstimateValues
    false_alarms_per_1000: EstimateValues
    n: int
    n_fully_judged: int
    n_without_incidents: int
    n_groups: int
    bootstrap: BootstrapValues


class DataValues(TypedDict):
    """Which articles were measured on: where they lay, and SHA-256 of their ids, texts and labels in the order of ids."""

    path: str
    sha256: str


class ReportValues(MetricsValues):
    """`metrics.json`: the metrics, and what they are of.

    `unscored` counts by status the articles that the model could not read: they count as given no label, at probability 0.
    """

    model: str
    data: DataValues
    unscored: Mapping[str, int]
    date: str
    command: str
