"""The suite: every capability on one set of articles, as `metrics.json` holds it."""

import time
from collections.abc import Callable, Sequence

from hawadith.classifier import IncidentClassifier
from hawadith.records import Record
from hawadith_evaluation.metrics_file import RobustnessValues
from hawadith_evaluation.robustness.directions import measure_directions
from hawadith_evaluation.robustness.invariances import measure_invariances, measure_swaps
from hawadith_evaluation.robustness.run import SuiteRun, SuiteSettings


def run_suite(
    records: Sequence[Record],
    *,
    classifier: IncidentClassifier,
    seed: int = 13,
    settings: SuiteSettings | None = None,
    on_progress: Callable[[str], None] = lambda _: None,
) -> RobustnessValues:
    """Run every capability.

    A model does well on articles that it has learned from; measure on others, or read the figures as too kind.

    Args:
        records: Articles with ids of their own. Only the directional tests need labels: a report is put into articles that lack it.
        classifier: The model under test.
        seed: Seeds articles, changes and bootstrap.
        settings: How much to read; the defaults where None.
        on_progress: Told each capability as it begins.

    Returns:
        The values of `metrics.json`. A label without report sentences is left out of the directional tests.

    Raises:
        ConfigError: If a file that `settings` names is not laid out as the package's own.
    """
    started = time.monotonic()
    run = SuiteRun.begin(
        records, classifier=classifier, settings=settings or SuiteSettings(), seed=seed, on_progress=on_progress
    )
    invariances = list(measure_invariances(run))
    swaps, actors = measure_swaps(run)
    return {
        "capabilities": [*invariances, *swaps, *measure_directions(run)],
        "actors": actors,
        "n_articles": len(records),
        "seconds": time.monotonic() - started,
    }
