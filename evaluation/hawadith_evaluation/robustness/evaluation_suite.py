"""The suite as an `evaluate.EvaluationSuite`: `run` a model, get a list of results.

`evaluate`'s own suites load tasks from the hub and feed them to a pipeline that reads plain text. This one brings its articles along, needs
no network, and takes what scores articles here: a classifier, or the folder of a bundle. It stands apart because importing `evaluate` takes
seconds.
"""

from collections.abc import Sequence
from pathlib import Path

import evaluate

from hawadith.classifier import IncidentClassifier
from hawadith.errors import ConfigError
from hawadith.records import Record
from hawadith_evaluation.robustness.run import SuiteSettings
from hawadith_evaluation.robustness.suite import run_suite


class IncidentRobustness(evaluate.EvaluationSuite):  # type: ignore[misc]  # evaluate carries no types
    """The robustness suite, as `evaluate` runs suites.

    Args:
        records: Articles.
        seed: Seeds articles, changes and bootstrap.
        settings: How much to read; the defaults where None.
        name: Names the suite.
    """

    def __init__(
        self,
        records: Sequence[Record],
        *,
        seed: int = 13,
        settings: SuiteSettings | None = None,
        name: str = "incident_robustness",
    ) -> None:
        super().__init__(name)
        self.records = tuple(records)
        self.seed = seed
        self.settings = settings or SuiteSettings()
        self.suite = [f"{len(self.records)} articles"]

    def run(self, model_or_pipeline: IncidentClassifier | Path | str | None = None) -> list[dict[str, object]]:
        """Run every capability.

        Args:
            model_or_pipeline: A classifier, or the folder of a bundle; the bundled default where None.

        Returns:
            A result per capability: the values of `metrics.json`, and its name as `task_name`.

        Raises:
            ConfigError: If given neither a classifier nor a folder.
            BundleError: If the folder holds no whole bundle.
        """
        found = run_suite(self.records, classifier=_load(model_or_pipeline), seed=self.seed, settings=self.settings)
        return [{**capability, "task_name": capability["name"]} for capability in found["capabilities"]]


def _load(model: object) -> IncidentClassifier:
    if isinstance(model, IncidentClassifier):
        return model
    if model is None or isinstance(model, str | Path):
        return IncidentClassifier.load(None if model is None else Path(model))
    raise ConfigError(
        f"The suite runs a hawadith.IncidentClassifier or the folder of a bundle, not {type(model).__name__}: "
        "articles have titles, thresholds and several labels, which a text pipeline does not know."
    )
