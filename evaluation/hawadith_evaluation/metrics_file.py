"""The layout of `metrics.json`, as types: what every report, comparison and model card reads."""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict


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
    """How the intervals came about; `fallbacks` counts by reason those that are not BCa's although it was asked for."""

    resamples: int
    seed: int
    confidence: float
    method: str
    unit: str
    fallbacks: NotRequired[Mapping[str, int]]


class SeveralValues(TypedDict):
    """Articles that report two or more types (`n`) and their pairs of an article and a type (`n_pairs`).

    `recall` is the share of the pairs that were given, `all_found` the share of the articles that were given all their types.
    """

    n: int
    n_pairs: int
    recall: EstimateValues
    all_found: EstimateValues


class MetricsValues(TypedDict):
    """What `compute_metrics` says; `Metrics` explains each. Files written before 2026-11-26 lack `several`."""

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
    several: NotRequired[SeveralValues]


class CurveValues(TypedDict):
    """A precision-recall curve: at each distinct threshold, from the highest down; shape `(points,)` each, thinned to a few hundred."""

    thresholds: Sequence[float]
    precision: Sequence[float]
    recall: Sequence[float]


class OperatingValues(TypedDict):
    """The greatest recall among cuts that reach a precision; the estimate is null where no cut reaches it."""

    precision: float
    recall: EstimateValues
    threshold: float | None


class CountValues(TypedDict):
    """Incidents of a label counted in a period, and the bias of the count: predicted minus true, with its interval.

    `period` is a month (`2024-05`), `all`, or `undated`.
    """

    label: str
    period: str
    n: int
    true: int
    predicted: int
    bias: EstimateValues


class SliceValues(TypedDict):
    """Figures of a part of the articles. `small` says that there are too few positives for the figures to mean much."""

    dimension: str
    name: str
    n: int
    positives: int
    small: bool
    f1: EstimateValues
    recall: EstimateValues
    average_precision: EstimateValues
    false_alarms_per_1000: EstimateValues


class BinValues(TypedDict):
    """One bin of a reliability diagram: mean predicted probability, observed share of positives with its interval, articles."""

    predicted: float
    observed: EstimateValues
    n: int


class ReliabilityValues(TypedDict):
    """How far the probabilities of a label can be taken at their word; `few` warns that it rests on few positives.

    `n` and `positives` count judged articles. `before` and `after` are the errors of the uncalibrated sigmoid and of the calibrated
    probabilities; `before` is null where only probabilities are at hand. `ece_if_true` is the calibration error that probabilities which
    are perfectly true would show on these articles, by chance alone: median and central 95%. `log_loss` is what each way of calibrating
    reaches on articles of these that it was not fitted on, `method` the least of those a bundle can hold; both absent without logits or
    with too few positives.
    """

    label: str
    n: int
    positives: int
    few: bool
    bins: Sequence[BinValues]
    ece: EstimateValues
    brier: EstimateValues
    ece_before: float | None
    brier_before: float | None
    ece_if_true: NotRequired[EstimateValues]
    log_loss: NotRequired[Mapping[str, float]]
    method: NotRequired[str]


class GuaranteeValues(TypedDict):
    """A threshold with a finite-sample promise; `threshold` is null where the articles cannot support it, and `why` says so.

    All counts are of stories (near-duplicate groups): a story is found when each of its positive articles is, and given rightly when none
    of its articles is given wrongly. `observed` is the promised measure at the threshold, `other` the other one of recall and precision;
    `positives` are the positive stories; `needed` are the stories without a single fault (positive ones for recall, given ones for
    precision) below which no threshold can be promised.
    """

    label: str
    goal: Literal["recall", "precision"]
    at_least: float
    confidence: float
    threshold: float | None
    observed: float | None
    positives: int
    why: str | None
    other: NotRequired[float | None]
    needed: NotRequired[int]


class AbstainValues(TypedDict):
    """The band of probabilities that goes to a reader: articles with `low <= p < high`, sized to a review budget.

    `share` is the part of the articles that lies in the band, `errors_inside` the part of the wrong decisions that does.
    """

    label: str
    budget: float
    low: float
    high: float
    share: float
    precision_outside: EstimateValues
    recall_outside: EstimateValues
    errors_inside: NotRequired[EstimateValues]


class EvidenceValues(TypedDict):
    """How well the evidence of a label is chosen.

    `hit_at_1` and `coverage` are means over the articles that report the incident, have it marked, and were given the label
    (`n_marked`); with `_all` over all that report it and have it marked, given or not (`n_marked_all`; they need the model, or scores that
    say evidence of labels that were not given, as a cross-validation writes them). Null without marked sentences. Comprehensiveness and
    sufficiency (DeYoung et al. 2020, ERASER), in probability, need no marks: means over `n_erased` articles drawn from the `n_given` that
    were given the label with evidence; with `_random` the same of other sentences of like length. Null without the model.
    """

    label: str
    n_marked: int
    hit_at_1: EstimateValues
    coverage: EstimateValues
    n_marked_all: int
    hit_at_1_all: EstimateValues
    coverage_all: EstimateValues
    n_given: int
    n_erased: int
    comprehensiveness: EstimateValues
    sufficiency: EstimateValues
    comprehensiveness_random: EstimateValues
    sufficiency_random: EstimateValues


class FailureValues(TypedDict):
    """An article that was read wrongly, for a reader: the most confident mistakes of a label first.

    `title` and `text` are cut around the evidence where they are long; `evidence` is (field, start, end) in code points of them as they
    stand here. `threshold` is null where only a file of scores is at hand.
    """

    label: str
    kind: Literal["missed", "false_alarm"]
    id: str
    title: str
    text: str
    probability: float
    threshold: float | None
    evidence: Sequence[tuple[Literal["title", "text"], int, int]]


class CapabilityValues(TypedDict):
    """One capability of the robustness suite.

    For an invariance `flips` is the share of (article, label) decisions that changed and `shift` the mean absolute change of
    probability; for a directional test `flips` is the share of cases that moved the wrong way and `shift` the mean change. `n` counts
    changed articles (an article that a change leaves as it was says nothing), or cases. `passed` compares `flips` with `tolerance`.
    `labels` is `flips` by label. Most decisions are negative by far and hard to flip, so three figures are stricter: `articles`, the share
    of changed articles with any flip; `taken_back`, of the labels given before, the share not given after; and, of a directional test,
    `given`, the share of cases that end with the label.
    """

    name: str
    kind: Literal["invariance", "directional"]
    n: int
    flips: EstimateValues
    shift: float
    tolerance: float
    passed: bool
    examples: Sequence[Mapping[str, str]]
    labels: NotRequired[Mapping[str, float]]
    articles: NotRequired[EstimateValues]
    taken_back: NotRequired[EstimateValues]
    given: NotRequired[EstimateValues]


class ActorValues(TypedDict):
    """What putting one actor in another's place does: mean change of probability towards `actor`, its size, and the flips."""

    actor: str
    kind: str
    label: str
    n: int
    mean_change: EstimateValues
    mean_absolute_change: float
    flips: float


class RobustnessValues(TypedDict):
    """What the robustness suite found."""

    capabilities: Sequence[CapabilityValues]
    actors: Sequence[ActorValues]
    n_articles: int
    seconds: float


class DataValues(TypedDict):
    """Which articles were measured on: where they lay, and SHA-256 of their ids, texts and labels in the order of ids."""

    path: str
    sha256: str


class SectionValues(TypedDict, total=False):
    """The sections of a report beside the metrics; one is absent where it was not measured, and `left_out` says what and why.

    `warnings` are what a reader must know before any figure.
    """

    operating: Mapping[str, Sequence[OperatingValues]]
    counts: Sequence[CountValues]
    slices: Sequence[SliceValues]
    reliability: Sequence[ReliabilityValues]
    guarantees: Sequence[GuaranteeValues]
    abstain: Sequence[AbstainValues]
    evidence: Sequence[EvidenceValues]
    robustness: RobustnessValues
    left_out: Mapping[str, str]
    warnings: Sequence[str]


class ReportValues(MetricsValues, SectionValues):
    """`metrics.json`: the metrics and the sections, and what they are of.

    `unscored` counts by status the articles that the model could not read: they count as given no label, at probability 0.
    """

    model: str
    data: DataValues
    unscored: Mapping[str, int]
    date: str
    command: str
