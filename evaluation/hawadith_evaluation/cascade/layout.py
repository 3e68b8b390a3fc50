"""The layout of `cascade.json`, as types; what scoring reads of it is `hawadith.cascade.plan`'s."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from hawadith_evaluation.metrics_file import EstimateValues

ScoresOrigin = Literal["this bundle", "out of fold"]
"""Whose scores a promise rests on: the bundle's own, or those of models of its recipe that are not named."""


class ModelValues(TypedDict):
    """One of the two models: the id that rows name, the identity of its bundle, and whose scores stood for it."""

    model: str
    identity: str
    scores: ScoresOrigin


class PromiseValues(TypedDict):
    """At most that share of the large model's positives is lost, with that confidence; and under which assumptions."""

    at_most: float
    confidence: float
    assumes: Sequence[str]


class LossValues(TypedDict):
    """A count of positives of the large model, and how many of them are ruled out."""

    positives: int
    lost: int


class MeasuredValues(TypedDict):
    """What the thresholds do on the articles that they were chosen on.

    `by_story` counts stories in which the large model gives a label; `by_label` counts one for each label given in a story. `ruled_out` is
    the share of all articles, `ruled_out_of_rest` that of the articles without a label of the large model.
    """

    articles: int
    stories: int
    by_story: LossValues
    by_label: LossValues
    ruled_out: EstimateValues
    ruled_out_of_rest: EstimateValues


class DataValues(TypedDict):
    """Which articles it was: where they lay, and a SHA-256 over ids, texts and labels."""

    paths: Sequence[str]
    sha256: str


class CascadeValues(TypedDict):
    """The whole file."""

    cascade_version: int
    large: ModelValues
    small: ModelValues
    thresholds: Mapping[str, float]
    promise: PromiseValues
    measured: MeasuredValues
    data: DataValues
    warnings: Sequence[str]
    code_version: str
    date: str
    command: str
