"""The `evaluate` entry: the same values as the function, from a classifier or a bundle, and nothing else."""

import evaluate
import pytest
from tests.evaluation.robustness.suites import RECORDS, build_classifier

from hawadith.errors import BundleError, ConfigError
from hawadith_evaluation.robustness.evaluation_suite import IncidentRobustness
from hawadith_evaluation.robustness.run import SuiteSettings
from hawadith_evaluation.robustness.suite import run_suite

SETTINGS = SuiteSettings(articles=3, sentence_articles=1, resamples=0)
SUITE = IncidentRobustness(RECORDS, settings=SETTINGS)


def test_suite_is_one_of_evaluate_and_gives_the_values_of_the_function() -> None:
    assert isinstance(SUITE, evaluate.EvaluationSuite)
    classifier = build_classifier()
    expected = run_suite(RECORDS, classifier=classifier, settings=SETTINGS)["capabilities"]
    results = SUITE.run(classifier)
    assert [result.pop("task_name") for result in results] == [capability["name"] for capability in expected]
    assert results == expected
    assert "3 articles" in repr(SUITE)


def test_suite_runs_the_bundled_default() -> None:
    results = IncidentRobustness(RECORDS[:1], settings=SETTINGS).run(None)
    assert {result["kind"] for result in results} == {"invariance", "directional"}


def test_suite_refuses_a_folder_without_a_bundle_and_a_pipeline() -> None:
    with pytest.raises(BundleError):
        SUITE.run("nowhere")
    with pytest.raises(ConfigError, match="not function"):
        SUITE.run(lambda text: text)  # type: ignore[arg-type]
