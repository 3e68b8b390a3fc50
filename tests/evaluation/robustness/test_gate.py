"""The gate for releases: the bundled default keeps its decisions through spellings, invisible marks and exchanged actors."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.builders import SAMPLES, SHARED_DATA

from hawadith.classifier import IncidentClassifier
from hawadith.readers import read_records
from hawadith_evaluation.robustness.invariances import ACTOR_TOLERANCE
from hawadith_evaluation.robustness.perturbations import SPELLING_TOLERANCE
from hawadith_evaluation.robustness.run import SuiteSettings
from hawadith_evaluation.robustness.suite import run_suite

MARKS = ("tashkeel", "tatweel", "presentation_forms", "invisible_marks", "digits")
DEV = SHARED_DATA / "articles.dev.jsonl"
RARE_SPELLINGS_COUNT = pytest.mark.xfail(
    strict=True,
    reason="A final hamza left out and the seat of a hamza before waw are not folded in the n-grams: 3 of 219 decisions flip, "
    "in articles near a threshold. A folding there needs a new FEATURES_VERSION.",
)


def measure_flips(path: Path) -> Mapping[str, float | None]:
    settings = SuiteSettings(sentence_articles=1, resamples=0)
    values = run_suite(read_records(path), classifier=IncidentClassifier.load(), settings=settings)
    return {capability["name"]: capability["flips"]["value"] for capability in values["capabilities"]}


def is_within(value: float | None, tolerance: float) -> bool:
    return value is not None and value <= tolerance


@pytest.fixture(scope="module")
def on_samples() -> Mapping[str, float | None]:
    return measure_flips(SAMPLES)


@pytest.mark.parametrize("name", [*MARKS, pytest.param("spelling", marks=RARE_SPELLINGS_COUNT)])
def test_bundled_default_reads_other_spellings_of_the_samples_alike(
    name: str, on_samples: Mapping[str, float | None]
) -> None:
    assert is_within(on_samples[name], SPELLING_TOLERANCE)


def test_bundled_default_reads_other_actors_in_the_samples_alike(on_samples: Mapping[str, float | None]) -> None:
    assert is_within(on_samples["actor_swap"], ACTOR_TOLERANCE)


@pytest.mark.slow
@pytest.mark.skipif(not DEV.is_file(), reason="the labelled articles lie beside the repository")
def test_bundled_default_passes_the_gate_on_dev() -> None:
    flips = measure_flips(DEV)
    assert [name for name in (*MARKS, "spelling") if not is_within(flips[name], SPELLING_TOLERANCE)] == []
    assert is_within(flips["actor_swap"], ACTOR_TOLERANCE)
