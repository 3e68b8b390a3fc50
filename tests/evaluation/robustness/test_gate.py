"""The gate for releases: the bundled default keeps its decisions through spellings, invisible marks and exchanged actors."""

from pathlib import Path

import pytest
from tests.builders import SAMPLES, SHARED_DATA

from hawadith.classifier import IncidentClassifier
from hawadith.readers import read_records
from hawadith_evaluation.robustness.invariances import ACTOR_TOLERANCE
from hawadith_evaluation.robustness.perturbations import SPELLING_TOLERANCE
from hawadith_evaluation.robustness.run import SuiteSettings
from hawadith_evaluation.robustness.suite import run_suite

SPELLINGS = ("tashkeel", "tatweel", "spelling", "presentation_forms", "invisible_marks", "digits")
DEV = SHARED_DATA / "articles.dev.jsonl"


def check_gate(path: Path) -> None:
    settings = SuiteSettings(sentence_articles=1, resamples=0)
    values = run_suite(read_records(path), classifier=IncidentClassifier.load(), settings=settings)
    flips = {capability["name"]: capability["flips"]["value"] for capability in values["capabilities"]}
    for names, tolerance in ((SPELLINGS, SPELLING_TOLERANCE), (("actor_swap",), ACTOR_TOLERANCE)):
        for name in names:
            value = flips[name]
            assert value is not None, name
            assert value <= tolerance, name


def test_bundled_default_passes_the_gate_on_the_samples() -> None:
    check_gate(SAMPLES)


@pytest.mark.slow
@pytest.mark.skipif(not DEV.is_file(), reason="the labelled articles lie beside the repository")
def test_bundled_default_passes_the_gate_on_dev() -> None:
    check_gate(DEV)
