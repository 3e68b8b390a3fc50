"""The model card: what it must say, and that nothing of its figures is lost or invented."""

import numpy as np
import pytest
from tests.builders import build_manifest, build_typology
from tests.evaluation.report.contents import full_values

from hawadith.calibration import uncalibrated
from hawadith_evaluation.metrics import Metrics, compute_metrics
from hawadith_evaluation.metrics_file import SectionValues
from hawadith_evaluation.report import render_table
from hawadith_evaluation.targets import Targets
from hawadith_training.card import render_card
from hawadith_training.config import CardConfig

TYPOLOGY = build_typology("mine", "arms")


@pytest.fixture(scope="module")
def metrics() -> Metrics:
    positive = np.array([[1, 0], [1, 1], [0, 0], [0, 0]], dtype=np.bool_)
    scores = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.1], [0.7, 0.1]])
    targets = Targets(labels=TYPOLOGY.ids, positive=positive, judged=np.ones_like(positive))
    return compute_metrics(targets, probabilities=scores, decisions=scores > 0.5, groups=None, resamples=20)


def write_card(metrics: Metrics, *, sections: SectionValues | None = None) -> str:
    return render_card(
        manifest=build_manifest(),
        typology=TYPOLOGY,
        calibration=uncalibrated(TYPOLOGY.ids),
        learned="40 articles",
        measured_on="4 articles (invented)",
        metrics=metrics,
        config=CardConfig(data="Invented articles.", licence="CC0."),
        sections=sections,
    )


def test_card_says_what_the_model_is_made_of_and_not_for(metrics: Metrics) -> None:
    card = write_card(metrics)
    assert all(
        text in card for text in ("Learned from 40 articles", "Invented articles.", "CC0.", "On 4 articles (invented).")
    )
    assert "- `mine` (Mine, نوع mine): What counts." in card
    assert card.rstrip().endswith("to decide about anyone.")


def test_card_holds_the_table_of_the_report(metrics: Metrics) -> None:
    assert f"\n{render_table(metrics.to_mapping())}\n## Limits and misuse" in write_card(metrics)


def test_card_has_a_line_on_calibration_promises_and_robustness_where_they_were_measured(metrics: Metrics) -> None:
    values = full_values()
    sections: SectionValues = {
        "reliability": values["reliability"][:1],
        "guarantees": values["guarantees"][:1],
        "robustness": values["robustness"],
    }
    added = set(write_card(metrics, sections=sections).splitlines()) - set(write_card(metrics).splitlines())
    assert sorted(line.split()[1] for line in added) == ["Calibration", "Promise", "Robustness:"]
