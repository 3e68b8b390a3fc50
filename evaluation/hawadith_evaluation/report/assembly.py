"""The order of a report: which sections it has, what it is of, and what it leaves out and says so."""

from collections.abc import Mapping

from hawadith_evaluation.metrics_file import EstimateValues, ReportValues
from hawadith_evaluation.report.content import ReportContent
from hawadith_evaluation.report.counts import describe_counts
from hawadith_evaluation.report.evidence import describe_evidence
from hawadith_evaluation.report.failures import describe_failures
from hawadith_evaluation.report.measures import describe_curves, describe_figures, describe_slices
from hawadith_evaluation.report.outline import Cell, Section, figure, name, words
from hawadith_evaluation.report.robustness import describe_actors, describe_robustness
from hawadith_evaluation.report.trust import (
    describe_abstention,
    describe_guarantees,
    describe_reliability,
)
from hawadith_evaluation.report.wording import spell_count

_LIMITS = (
    "A figure holds for articles like these: another period, dialect, outlet or style can differ widely, recall above all.",
    "An interval covers the luck of which articles were drawn, not mistakes in their labels nor a change in the news.",
    "A label says that an article reports an incident, not that it happened; counts of articles are not counts of incidents.",
    "Near duplicates count as one observation in every interval; the values themselves count each article.",
    "A difference between two reports is not a finding: `hawadith compare` tests two models on the same articles.",
)


_SECTIONS = {
    "operating": "recall at fixed precisions",
    "counts": "count bias",
    "slices": "slices",
    "reliability": "reliability of the probabilities",
    "guarantees": "thresholds with a promise",
    "abstain": "bands for a reader",
    "evidence": "quality of the evidence",
    "robustness": "robustness and actors",
}


def build_sections(content: ReportContent) -> tuple[Section, ...]:
    """Join the sections that the values can fill.

    Args:
        content: One evaluation.

    Returns:
        The sections in the order to read them.
    """
    metrics = content.metrics
    labels = tuple(metrics["labels"])
    sections = [describe_figures(metrics)]
    if content.curves or metrics.get("operating"):
        sections.append(describe_curves(metrics, curves=content.curves, operating=metrics.get("operating", {})))
    if counts := metrics.get("counts"):
        sections.append(describe_counts(counts, labels=labels))
    if slices := metrics.get("slices"):
        sections.append(describe_slices(slices))
    sections += _describe_trust(metrics, labels=labels)
    if robustness := metrics.get("robustness"):
        sections.append(describe_robustness(robustness))
        sections += [describe_actors(robustness["actors"], labels=labels)] if robustness["actors"] else []
    if content.failures:
        sections.append(describe_failures(content.failures))
    return (*sections, _describe_limits())


def describe_identity(metrics: ReportValues) -> tuple[tuple[str, Cell], ...]:
    """What was measured, on what, when and how.

    Args:
        metrics: The values of `metrics.json`.

    Returns:
        Terms with what they say, in the order to read them.
    """
    data = metrics["data"]
    lines = [
        ("Model", name(metrics["model"])),
        ("Data", name(data["path"])),
        ("Articles", words(f"{spell_count(metrics['n'], 'article')} in {metrics['n_groups']:,} near-duplicate groups")),
        ("SHA-256", name(data["sha256"])),
        ("Date", name(metrics["date"])),
        ("Command", name(metrics["command"])),
    ]
    if metrics["unscored"]:
        lines.append(("Not read", words(f"{_list_counts(metrics['unscored'])}; counted as given no label")))
    if absent := list_absent(metrics):
        lines.append(("Not measured", words("; ".join(absent))))
    return tuple(lines)


def list_warnings(metrics: ReportValues) -> tuple[str, ...]:
    """What a reader must know before any figure.

    Args:
        metrics: The values of `metrics.json`.

    Returns:
        A sentence each.
    """
    return tuple(metrics.get("warnings", ()))


def list_absent(metrics: ReportValues) -> tuple[str, ...]:
    """What the values leave out.

    Args:
        metrics: The values of `metrics.json`.

    Returns:
        The missing sections in words, with the reason where one was given.
    """
    reasons = metrics.get("left_out", {})
    explained = [f"{_SECTIONS.get(key, key)} ({reason})" for key, reason in reasons.items()]
    return (*explained, *(what for key, what in _SECTIONS.items() if key not in reasons and not metrics.get(key)))


def pick_headlines(metrics: ReportValues) -> tuple[tuple[str, Cell], ...]:
    """The four figures to remember.

    Args:
        metrics: The values of `metrics.json`.

    Returns:
        Names with their figures.
    """
    figures: tuple[tuple[str, EstimateValues, int], ...] = (
        ("macro F1", metrics["macro"]["f1"], 2),
        ("macro average precision", metrics["macro"]["average_precision"], 2),
        ("articles with all labels right", metrics["exact_match"], 2),
        ("false alarms per 1,000 articles without incidents", metrics["false_alarms_per_1000"], 0),
    )
    return tuple((what, figure(estimate, digits=digits)) for what, estimate, digits in figures)


def _describe_trust(metrics: ReportValues, *, labels: tuple[str, ...]) -> list[Section]:
    sections = []
    if reliability := metrics.get("reliability"):
        sections.append(describe_reliability(reliability, labels=labels))
    if guarantees := metrics.get("guarantees"):
        sections.append(describe_guarantees(guarantees))
    if bands := metrics.get("abstain"):
        sections.append(describe_abstention(bands))
    if evidence := metrics.get("evidence"):
        sections.append(describe_evidence(evidence))
    return sections


def _describe_limits() -> Section:
    return Section(
        anchor="limits",
        title="What the figures mean, and what they do not",
        reading="Read this before you quote a figure.",
        facts=_LIMITS,
    )


def _list_counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{status} {n}" for status, n in sorted(counts.items()))
