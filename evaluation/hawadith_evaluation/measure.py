"""From articles and predictions to the figures of `metrics.json`."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hawadith.records import Record
from hawadith_evaluation.config import EvaluateConfig
from hawadith_evaluation.duplicates import group_records
from hawadith_evaluation.estimates import Resampling
from hawadith_evaluation.metrics import compute_metrics
from hawadith_evaluation.metrics_file import MetricsValues
from hawadith_evaluation.predictions import Predictions
from hawadith_evaluation.targets import Targets, label_targets


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """Articles, what is true of them, and what a model says of them: what every section of a report is measured on.

    Attributes:
        records: The articles, in the order of their ids, so that no interval depends on the order of a file.
        predictions: What a model says of them, in the same order.
        targets: What is true of them, in the same order.
        resampling: How they are resampled.
    """

    records: tuple[Record, ...]
    predictions: Predictions
    targets: Targets
    resampling: Resampling

    @property
    def groups(self) -> NDArray[np.int64]:
        """Near-duplicate group numbers, shape `(articles,)`."""
        return self.resampling.groups


def align_sample(
    records: Sequence[Record], predictions: Predictions, *, config: EvaluateConfig, strict_labels: bool = False
) -> Sample:
    """Bring articles, labels and predictions together, near duplicates in groups.

    Args:
        records: Labelled articles.
        predictions: What a model says of them, in the same order.
        config: How to measure.
        strict_labels: Refuse labels that the predictions lack, instead of dropping them with one warning.

    Returns:
        The sample, in the order of ids.
    """
    targets = label_targets(records, labels=predictions.labels, strict=strict_labels)
    order = np.array(sorted(range(len(records)), key=lambda row: records[row].id), dtype=np.intp)
    ordered = tuple(records[row] for row in order)
    return Sample(
        records=ordered,
        predictions=replace(
            predictions,
            probabilities=predictions.probabilities[order],
            decisions=predictions.decisions[order],
            rows=tuple(predictions.rows[row] for row in order) if predictions.rows else (),
        ),
        targets=targets.select(order),
        resampling=Resampling(
            groups=group_records(ordered, threshold=config.same_story),
            resamples=config.resamples,
            seed=config.seed,
            interval=config.interval,
        ),
    )


def measure_sample(sample: Sample) -> MetricsValues:
    """Measure predictions against the labels of their articles.

    Args:
        sample: The articles.

    Returns:
        The metrics.
    """
    resampling = sample.resampling
    return compute_metrics(
        sample.targets,
        probabilities=sample.predictions.probabilities,
        decisions=sample.predictions.decisions,
        groups=resampling.groups,
        resamples=resampling.resamples,
        seed=resampling.seed,
        interval=resampling.interval,
    ).to_mapping()


def fingerprint_records(records: Sequence[Record]) -> str:
    """SHA-256 over the ids, texts and labels of records, in the order of their ids: names what was measured on."""
    digest = hashlib.sha256()
    for record in sorted(records, key=lambda record: record.id):
        row = (record.id, record.title, record.text, sorted(record.labels), sorted(record.unknown))
        digest.update(json.dumps(row).encode() + b"\n")
    return digest.hexdigest()
