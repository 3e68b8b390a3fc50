"""How far a count of incidents is off: what analysts publish is the number of a month, not a decision on an article.

Misses and false alarms cancel in a count, and a model that is right on balance may still be wrong in every month; so the bias is given over
all and for each month. What is counted are articles that report an incident, copies of a story each for itself, as they come in.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hawadith.records import Record
from hawadith_evaluation.estimates import Resampling, estimate_statistics
from hawadith_evaluation.metrics_file import CountValues
from hawadith_evaluation.periods import read_month
from hawadith_evaluation.targets import Targets

ALL = "all"
"""The period of all articles, dated or not."""


def measure_counts(
    records: Sequence[Record], *, targets: Targets, decisions: NDArray[np.bool_], resampling: Resampling
) -> list[CountValues]:
    """Measure the bias of each label's counts.

    Every month that has an article is listed, also where nothing happened: a series with holes is misread. The interval is that of false
    alarms less misses when as many near-duplicate groups come in anew.

    Args:
        records: The articles, for their dates.
        targets: What is true of them.
        decisions: Shape `(articles, labels)`: the label was given.
        resampling: How the articles are resampled.

    Returns:
        Per label, in order: `all`, then the months in order, `undated` last. Only judged articles count.
    """
    months = np.array([read_month(record.date) for record in records], dtype=np.str_)
    periods = sorted(set(months.tolist()))  # `undated` sorts behind every year
    members = np.stack([np.ones(len(records), dtype=np.bool_), *(months == period for period in periods)])
    excess = np.where(targets.judged, decisions.astype(np.float64) - targets.positive, 0.0)
    signed = (members[None] * excess.T[:, None]).reshape(-1, len(records))  # (labels × periods, articles)
    estimates = iter(estimate_statistics(lambda weights: signed @ weights, resampling=resampling))
    return [
        {
            "label": label,
            "period": period,
            "n": int((member & targets.judged[:, column]).sum()),
            "true": int((member & targets.positive[:, column]).sum()),
            "predicted": int((member & decisions[:, column] & targets.judged[:, column]).sum()),
            "bias": next(estimates).to_mapping(),
        }
        for column, label in enumerate(targets.labels)
        for period, member in zip((ALL, *periods), members, strict=True)
    ]
