"""All sections of a report, each measured on the same sample; what cannot be measured is left out, with the reason.

A section that needs the model itself (it erases sentences, perturbs articles, undoes the calibration) has nothing to stand on when only a
file of scores is given.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from hawadith.calibration import Goal
from hawadith.classifier import IncidentClassifier
from hawadith_evaluation.config import EvaluateConfig
from hawadith_evaluation.counts import measure_counts
from hawadith_evaluation.curves import measure_curves, measure_operating
from hawadith_evaluation.evidence import measure_evidence
from hawadith_evaluation.failures import select_failures
from hawadith_evaluation.guarantees.abstain import size_abstain_band
from hawadith_evaluation.guarantees.promise import promise_thresholds
from hawadith_evaluation.measure import Sample
from hawadith_evaluation.metrics_file import (
    CapabilityValues,
    CurveValues,
    FailureValues,
    ReportValues,
    RobustnessValues,
    SectionValues,
)
from hawadith_evaluation.reliability import measure_reliability, recover_logits
from hawadith_evaluation.robustness.run import SuiteSettings
from hawadith_evaluation.robustness.suite import run_suite
from hawadith_evaluation.slices import measure_slices

_EXCERPT = "excerpt"  # the key of an example under which the suite quotes an article
_NEED_MODEL = ("reliability before calibration", "bands for a reader", "faithfulness of the evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """What a report says beside the metrics.

    Attributes:
        values: Goes into `metrics.json`.
        curves: Precision-recall curves by label: for the page alone, as they are bulky.
        failures: Articles that were read wrongly, with their texts: for the page alone, as `metrics.json` travels in bundles.
    """

    values: SectionValues
    curves: Mapping[str, CurveValues]
    failures: Sequence[FailureValues]


def measure_sections(
    sample: Sample,
    *,
    classifier: IncidentClassifier | None,
    config: EvaluateConfig,
    with_robustness: bool = False,
    on_progress: Callable[[str], None] = lambda _: None,
) -> Sections:
    """Measure every section.

    Args:
        sample: The articles.
        classifier: The model that made the predictions; None where only its scores are at hand.
        config: How to measure.
        with_robustness: Run the robustness suite, too, which reads the articles many times over; needs the classifier.
        on_progress: Told each capability of the suite as it begins.

    Returns:
        The sections.
    """
    targets, predictions, resampling = sample.targets, sample.predictions, sample.resampling
    values = SectionValues(
        operating=measure_operating(targets, probabilities=predictions.probabilities, resampling=resampling),
        counts=measure_counts(sample.records, targets=targets, decisions=predictions.decisions, resampling=resampling),
        slices=measure_slices(
            sample.records,
            rows=predictions.rows,
            targets=targets,
            probabilities=predictions.probabilities,
            decisions=predictions.decisions,
            resampling=resampling,
        ),
        evidence=measure_evidence(
            sample.records, predictions, targets=targets, classifier=classifier, resampling=resampling
        ),
        left_out=_list_left_out(with_model=classifier is not None, with_robustness=with_robustness),
    )
    values |= _measure_trust(sample, classifier=classifier, config=config)
    if with_robustness and classifier is not None:
        values["robustness"] = _run_suite(sample, classifier=classifier, config=config, on_progress=on_progress)
    failures = select_failures(
        sample.records,
        predictions,
        targets,
        groups=sample.groups,
        classifier=classifier,
        per_label=config.failures_per_label,
    )
    curves = measure_curves(targets, probabilities=predictions.probabilities)
    return Sections(values=values, curves=curves, failures=failures)


def withhold_texts(report: ReportValues) -> ReportValues:
    """What may leave the house: the report without the excerpts of articles that the robustness suite shows as examples.

    Args:
        report: The values of a report.

    Returns:
        The same without article text; the values themselves where they hold none.
    """
    robustness = report.get("robustness")
    if robustness is None:
        return report
    capabilities: list[CapabilityValues] = [
        {
            **capability,
            "examples": [
                {key: value for key, value in example.items() if key != _EXCERPT} for example in capability["examples"]
            ],
        }
        for capability in robustness["capabilities"]
    ]
    return {**report, "robustness": {**robustness, "capabilities": capabilities}}


def _measure_trust(sample: Sample, *, classifier: IncidentClassifier | None, config: EvaluateConfig) -> SectionValues:
    """Reliability, promises and review bands: what says how far to rely on a probability."""
    targets, probabilities, resampling = sample.targets, sample.predictions.probabilities, sample.resampling
    calibration = None if classifier is None else classifier.bundle.calibration
    goals = [
        Goal(kind="recall", at_least=config.promise_recall),
        Goal(kind="precision", at_least=config.promise_precision),
    ]
    values = SectionValues(
        reliability=measure_reliability(
            targets,
            probabilities=probabilities,
            raw=None if calibration is None else recover_logits(probabilities, calibration=calibration),
            resampling=resampling,
        ),
        guarantees=promise_thresholds(
            targets,
            probabilities=probabilities,
            groups=resampling.groups,
            goals=goals,
            confidence=config.promise_confidence,
        ),
    )
    if calibration is not None:
        values["abstain"] = size_abstain_band(
            targets,
            probabilities=probabilities,
            thresholds=calibration.thresholds,
            resampling=resampling,
            budget=config.review_budget,
        )
    return values


def _run_suite(
    sample: Sample, *, classifier: IncidentClassifier, config: EvaluateConfig, on_progress: Callable[[str], None]
) -> RobustnessValues:
    return run_suite(
        sample.records,
        classifier=classifier,
        seed=config.seed,
        settings=SuiteSettings(resamples=config.resamples, interval=config.interval, same_story=config.same_story),
        on_progress=on_progress,
    )


def _list_left_out(*, with_model: bool, with_robustness: bool) -> dict[str, str]:
    """What is not measured, and why."""
    needed = {} if with_model else dict.fromkeys(_NEED_MODEL, "it needs the model, not its scores alone")
    if with_model and with_robustness:
        return needed
    asked = (
        "it needs the model, not its scores alone" if with_robustness else "it was not asked for; --robustness runs it"
    )
    return {**needed, "robustness": asked}
