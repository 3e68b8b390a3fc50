"""From articles and predictions to the figures of `metrics.json`."""

import hashlib
import json
from collections.abc import Sequence
from typing import cast

import numpy as np

from hawadith.records import Record
from hawadith_evaluation.config import EvaluateConfig
from hawadith_evaluation.duplicates import group_records
from hawadith_evaluation.metric import UNJUDGED, IncidentMetrics
from hawadith_evaluation.metrics_file import MetricsValues
from hawadith_evaluation.predictions import Predictions
from hawadith_evaluation.targets import label_targets


def measure_predictions(
    records: Sequence[Record], predictions: Predictions, *, config: EvaluateConfig, strict_labels: bool = False
) -> MetricsValues:
    """Measure predictions against the labels of their articles.

    The articles are put in the order of their ids first, so that the intervals do not depend on the order of a file.

    Args:
        records: Labelled articles.
        predictions: What a model says of them, in the same order.
        config: How to measure.
        strict_labels: Refuse labels that the predictions lack, instead of dropping them with one warning.

    Returns:
        The metrics.
    """
    targets = label_targets(records, labels=predictions.labels, strict=strict_labels)
    order = np.array(sorted(range(len(records)), key=lambda row: records[row].id), dtype=np.intp)
    groups = group_records([records[row] for row in order], threshold=config.same_story)
    references = np.where(targets.judged, targets.positive, UNJUDGED).astype(np.int8)
    metric = IncidentMetrics(
        labels=predictions.labels, resamples=config.resamples, seed=config.seed, interval=config.interval
    )
    computed = metric.compute(
        predictions=predictions.probabilities[order],
        references=references[order],
        decisions=predictions.decisions[order],
        groups=groups,
    )
    return cast("MetricsValues", computed)


def fingerprint_records(records: Sequence[Record]) -> str:
    """SHA-256 over the ids, texts and labels of records, in the order of their ids: names what was measured on."""
    digest = hashlib.sha256()
    for record in sorted(records, key=lambda record: record.id):
        row = (record.id, record.title, record.text, sorted(record.labels), sorted(record.unknown))
        digest.update(json.dumps(row).encode() + b"\n")
    return digest.hexdigest()
