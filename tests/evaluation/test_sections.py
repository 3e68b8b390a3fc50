"""Sections: what leaves the house holds no article, and measuring takes neither torch nor the evaluate library."""

import subprocess
import sys
from pathlib import Path

import numpy as np
from tests.builders import KeywordModel, build_bundle

from hawadith.classifier import IncidentClassifier
from hawadith.records import Record
from hawadith_evaluation.config import EvaluateConfig
from hawadith_evaluation.measure import Sample, align_sample, measure_sample
from hawadith_evaluation.metrics_file import CapabilityValues, ReportValues
from hawadith_evaluation.predictions import predict_records
from hawadith_evaluation.sections import measure_sections, withhold_texts

CLASSIFIER = IncidentClassifier(build_bundle("mine", "arms"), model=KeywordModel(["لغم", "سلاح"]))
CONFIG = EvaluateConfig(resamples=20)
TEXTS = ("أصيب راع بانفجار لغم.", "انفجر لغم في حقل خال.", "ضبط سلاح مهرب.", "معرض كتاب جديد في العاصمة.")
LABELS = (("mine",), (), ("arms",), ())


def build_sample() -> Sample:
    records = [Record(id=f"{row}", text=text, labels=LABELS[row]) for row, text in enumerate(TEXTS)]
    predictions = predict_records(records, classifier=CLASSIFIER, evidence=True)
    return align_sample(records, predictions, config=CONFIG)


def build_report() -> ReportValues:
    capability: CapabilityValues = {
        "name": "tatweel",
        "kind": "invariance",
        "n": 1,
        "flips": {"value": 1.0, "low": None, "high": None},
        "shift": 0.5,
        "tolerance": 0.01,
        "passed": False,
        "examples": [{"id": "0", "label": "mine", "excerpt": TEXTS[0]}],
    }
    sample = build_sample()
    return {
        **measure_sample(sample),
        **measure_sections(sample, classifier=CLASSIFIER, config=CONFIG).values,
        "model": "m",
        "data": {"path": "d", "sha256": "0"},
        "unscored": {},
        "date": "",
        "command": "",
        "robustness": {"capabilities": [capability], "actors": [], "n_articles": 4, "seconds": 1.0},
    }


def test_report_that_leaves_the_house_names_articles_but_quotes_none() -> None:
    report = build_report()
    public = withhold_texts(report)
    assert public["robustness"]["capabilities"][0]["examples"] == [{"id": "0", "label": "mine"}]
    assert report["robustness"]["capabilities"][0]["examples"][0]["excerpt"] == TEXTS[0]
    assert {**public, "robustness": None} == {**report, "robustness": None}


def test_report_without_robustness_leaves_the_house_as_it_is() -> None:
    report = build_report()
    del report["robustness"]
    assert withhold_texts(report) is report


def test_sections_of_a_model_hold_curves_and_failures_apart_from_the_values() -> None:
    sections = measure_sections(build_sample(), classifier=CLASSIFIER, config=CONFIG)
    assert set(sections.curves) == {"mine", "arms"}
    assert [(failure["id"], failure["kind"]) for failure in sections.failures] == [("1", "false_alarm")]
    assert "robustness" not in sections.values
    assert not any(text in str(sections.values) for text in TEXTS)


def test_sections_take_as_many_failures_as_configured() -> None:
    config = EvaluateConfig(resamples=0, failures_per_label=0)
    assert measure_sections(build_sample(), classifier=CLASSIFIER, config=config).failures == []


def test_sections_use_the_thresholds_of_the_bundle_for_the_bands() -> None:
    bands = measure_sections(build_sample(), classifier=CLASSIFIER, config=CONFIG).values["abstain"]
    assert [band["label"] for band in bands] == ["mine", "arms"]
    assert all(band["low"] <= 0.5 <= band["high"] for band in bands)
    assert np.isclose(CLASSIFIER.bundle.calibration.thresholds, 0.5).all()


def test_measuring_imports_neither_torch_nor_the_evaluate_library() -> None:
    code = (
        "import sys, hawadith_evaluation.sections; print(sorted({'torch', 'evaluate', 'datasets'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path.cwd(), check=True)
    assert done.stdout.strip() == "[]"
