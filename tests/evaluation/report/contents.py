"""Invented evaluations, with every section filled and with none, for reports."""

import math

from hawadith_evaluation.metrics_file import (
    ActorValues,
    CapabilityValues,
    CountValues,
    CurveValues,
    EstimateValues,
    EvidenceValues,
    FailureValues,
    GuaranteeValues,
    MeasureValues,
    ReliabilityValues,
    ReportValues,
    SliceValues,
)
from hawadith_evaluation.report import ReportContent

LABELS = ("arms", "mines", "deals")

ARTICLE = (
    "ضبطت دورية حدودية شاحنة محملة بالبنادق قرب المعبر.\n\nوقال ضابط إن سائقها فرّ نحو الوادي.\n\nوعاد الهدوء مساءً."
)


def estimate(value: float | None, spread: float = 0.05) -> EstimateValues:
    """A value with an interval of that half width; nothing where there is no value."""
    if value is None:
        return {"value": None, "low": None, "high": None}
    return {"value": value, "low": value - spread, "high": value + spread}


def measures(level: float) -> MeasureValues:
    """Four measures about a level."""
    return {
        "precision": estimate(level),
        "recall": estimate(level - 0.04),
        "f1": estimate(level - 0.02),
        "average_precision": estimate(level + 0.06),
    }


def bare_values(labels: tuple[str, ...] = LABELS) -> ReportValues:
    """The values that every evaluation has."""
    return {
        "labels": {
            label: {**measures(0.8 - 0.15 * position), "n": 90 - 30 * position, "judged": 640, "predicted": 85}
            for position, label in enumerate(labels)
        },
        "micro": measures(0.75),
        "macro": measures(0.65),
        "exact_match": estimate(0.86, 0.02),
        "false_alarms_per_1000": estimate(81.5, 12.0),
        "n": 640,
        "n_fully_judged": 630,
        "n_without_incidents": 480,
        "n_groups": 628,
        "bootstrap": {
            "resamples": 1000,
            "seed": 13,
            "confidence": 0.95,
            "method": "percentile",
            "unit": "near-duplicate group",
        },
        "model": "linear-0123456789ab",
        "data": {"path": "../shared/data/articles.dev.jsonl", "sha256": "ab" * 32},
        "unscored": {},
        "date": "2026-01-31 08:00 UTC",
        "command": "hawadith evaluate ../shared/data/articles.dev.jsonl --resamples 1000 --seed 13",
    }


def full_values() -> ReportValues:
    """Values with every section."""
    return {
        **bare_values(),
        "unscored": {"error": 2, "empty": 1},
        "warnings": ["The model was probably trained on these articles."],
        "operating": {
            label: [
                {"precision": 0.8, "recall": estimate(0.7 - 0.1 * position), "threshold": 0.41},
                {"precision": 0.95, "recall": estimate(None), "threshold": None},
            ]
            for position, label in enumerate(LABELS)
        },
        "counts": [count for label in LABELS for count in counts(label)],
        "slices": slices(),
        "reliability": [reliability(label, few=label == "deals") for label in LABELS],
        "guarantees": [guarantee(label, met=label != "deals") for label in LABELS],
        "abstain": [
            {
                "label": label,
                "budget": 0.05,
                "low": 0.21,
                "high": 0.62,
                "share": 0.049,
                "errors_inside": estimate(0.31),
                "precision_outside": estimate(0.9),
                "recall_outside": estimate(0.88),
            }
            for label in LABELS
        ],
        "evidence": [evidence(label) for label in LABELS],
        "robustness": {
            "capabilities": [
                capability("tashkeel added", flips=0.004),
                capability("numerals in another script", flips=0.0),
                capability("noise as of a scanner", flips=0.034, tolerance=0.03),
                capability("a denied rumour lowers it", flips=0.12, tolerance=0.1, directional=True),
            ],
            "actors": [
                actor(f"جماعة {number}", label=label, change=0.004 * (number - 4) * (position + 1))
                for position, label in enumerate(LABELS)
                for number in range(12)
            ],
            "n_articles": 240,
            "seconds": 71.0,
        },
    }


def full_content() -> ReportContent:
    """Everything that a report can hold."""
    kinds = ("false_alarm", "missed")
    return ReportContent(
        metrics=full_values(),
        curves={label: curve(0.8 - 0.15 * position, 0.76 - 0.15 * position) for position, label in enumerate(LABELS)},
        failures=[failure(label, kind=kind, id_=f"{label}-{kind}") for label in LABELS for kind in kinds],
    )


def bare_content() -> ReportContent:
    """What every report holds, and nothing else."""
    return ReportContent(metrics=bare_values())


def curve(precision: float = 0.8, recall: float = 0.76, *, points: int = 60) -> CurveValues:
    """A precision-recall curve that falls, through that precision at that recall."""
    found = [point / points for point in range(1, points + 1)]
    return {
        "thresholds": [1 - value for value in found],
        "precision": [1 - (1 - precision) * min(value / recall, 1.2) ** 3 for value in found],
        "recall": found,
    }


def counts(label: str, *, months: int = 12) -> list[CountValues]:
    """A year of counts, all of them, and those without a date."""
    periods = [f"{2024 + month // 12}-{month % 12 + 1:02}" for month in range(months)]
    rows: list[tuple[str, int, int]] = [
        (period, 6 + round(4 * math.sin(position)), 7 + round(3 * math.sin(position + 0.4)))
        for position, period in enumerate(periods)
    ]
    rows += [("undated", 3, 2)]
    rows = [("all", sum(row[1] for row in rows), sum(row[2] for row in rows)), *rows]
    return [
        {
            "label": label,
            "period": period,
            "n": 50,
            "true": true,
            "predicted": predicted,
            "bias": estimate(predicted - true, 2.0),
        }
        for period, true, predicted in rows
    ]


def slices() -> list[SliceValues]:
    """Slices of two dimensions, one of them small."""
    parts = [("source", "وكالة مخترعة", 40), ("source", "example-news", 25), ("length", "up to 200 words", 4)]
    return [
        {
            "dimension": dimension,
            "name": name,
            "n": 6 * positives,
            "positives": positives,
            "small": positives < 10,
            "f1": estimate(0.7, 2 / positives),
            "recall": estimate(0.68, 2 / positives),
            "average_precision": estimate(0.75, 2 / positives),
            "false_alarms_per_1000": estimate(90.0, 30.0),
        }
        for dimension, name, positives in parts
    ]


def reliability(label: str, *, few: bool = False) -> ReliabilityValues:
    """Ten bins that lean to one side."""
    centres = [0.05 + 0.1 * position for position in range(10)]
    return {
        "label": label,
        "n": 640,
        "positives": 12 if few else 90,
        "few": few,
        "bins": [{"predicted": centre, "observed": estimate(centre**1.3, 0.06), "n": 64} for centre in centres],
        "ece": estimate(0.021, 0.008),
        "brier": estimate(0.052, 0.01),
        "ece_before": 0.081,
        "brier_before": None if few else 0.07,
        "ece_if_true": estimate(0.018, 0.007),
        "log_loss": {"temperature": 0.21, "platt": 0.2},
        "method": "platt",
    }


def guarantee(label: str, *, met: bool = True) -> GuaranteeValues:
    """A promise that is kept, or cannot be."""
    return {
        "label": label,
        "goal": "recall",
        "at_least": 0.9,
        "confidence": 0.9,
        "threshold": 0.112 if met else None,
        "observed": 0.95 if met else None,
        "positives": 90 if met else 12,
        "why": None if met else "12 positive stories; at least 22 are needed.",
        "other": 0.41 if met else None,
        "needed": 22,
    }


def evidence(label: str) -> EvidenceValues:
    """Evidence that is better than chance."""
    return {
        "label": label,
        "n_marked": 20,
        "hit_at_1": estimate(0.85),
        "coverage": estimate(0.7),
        "n_marked_all": 24,
        "hit_at_1_all": estimate(0.8),
        "coverage_all": estimate(0.66),
        "n_given": 85,
        "n_erased": 50,
        "comprehensiveness": estimate(0.41),
        "sufficiency": estimate(0.06),
        "comprehensiveness_random": estimate(0.05),
        "sufficiency_random": estimate(0.45),
    }


def capability(name: str, *, flips: float, tolerance: float = 0.01, directional: bool = False) -> CapabilityValues:
    """A capability that passes where its flips are within tolerance."""
    passed = flips <= tolerance
    return {
        "name": name,
        "kind": "directional" if directional else "invariance",
        "n": 720,
        "flips": estimate(flips, min(flips, 0.004)),
        "shift": 0.013,
        "tolerance": tolerance,
        "passed": passed,
        "labels": {label: flips for label in LABELS},
        "articles": estimate(2 * flips, flips),
        "taken_back": estimate(3 * flips, flips),
        "given": estimate(0.7),
        "examples": [] if passed else [{"before": "انفجر لغم قرب القرية.", "after": "انفجر لعم قرب القرية."}],
    }


def actor(name: str, *, label: str, change: float) -> ActorValues:
    """An actor whose name moves a label by so much."""
    return {
        "actor": name,
        "kind": "group",
        "label": label,
        "n": 60,
        "mean_change": estimate(change, 0.01),
        "mean_absolute_change": abs(change) + 0.002,
        "flips": 0.017,
    }


def failure(
    label: str = "arms",
    *,
    kind: str = "false_alarm",
    id_: str = "a-1",
    text: str = ARTICLE,
    title: str = "شاحنة على المعبر",
) -> FailureValues:
    """An article that was read wrongly; its first sentence is the evidence."""
    end = text.find("\n")
    return {
        "label": label,
        "kind": "missed" if kind == "missed" else "false_alarm",
        "id": id_,
        "title": title,
        "text": text,
        "probability": 0.93,
        "threshold": 0.37,
        "evidence": [("text", 0, end if end > 0 else len(text))],
    }
