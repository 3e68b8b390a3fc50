"""What a report is made of: the values of `metrics.json`, and what stays out of that file.

Curves are bulky and failures quote articles, so neither travels in a bundle; both are for whoever holds the data, on the page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hawadith_evaluation.metrics_file import CurveValues, FailureValues, MetricsValues, ReportValues, SectionValues


class SummaryValues(MetricsValues, SectionValues):
    """Figures with whatever sections there are: what a model card has, which knows no command and no date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """One evaluation, ready to be read.

    Attributes:
        metrics: The values of `metrics.json`; each optional section may be absent.
        curves: The precision-recall curve of each label, by label id; a label without one has no chart.
        failures: Articles that were read wrongly, with their texts, most confident mistakes of a label first.
    """

    metrics: ReportValues
    curves: Mapping[str, CurveValues] = field(default_factory=dict)
    failures: Sequence[FailureValues] = ()
