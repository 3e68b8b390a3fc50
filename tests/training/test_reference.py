"""The reference figures of a bundle speak of unseen articles, and a stream of the same kind raises no alarm against them."""

from dataclasses import replace

import numpy as np
import pytest
from tests.linear_builders import build_corpus, build_model

from hawadith.calibration import uncalibrated
from hawadith.drift.findings import find_drift
from hawadith.model import ArticleScores
from hawadith.records import Record
from hawadith_training import reference
from hawadith_training.articles import LabelledArticles
from hawadith_training.fitting import FitResult, FittedLinear
from hawadith_training.reference import measure_reference

LABELS = ("mine", "arms")


def build_result(copies: int = 1) -> FitResult:
    articles, targets = build_corpus()
    rows = np.tile(np.arange(len(articles)), copies)
    records = [Record(id=str(n), text=articles[row].text.raw) for n, row in enumerate(rows.tolist())]
    unseen = LabelledArticles(
        records=records, articles=[articles[row] for row in rows.tolist()], targets=targets.select(rows)
    )
    model = build_model(articles)
    logits = np.where(unseen.targets.positive, 3.0, -3.0).astype(np.float32)
    return FitResult(
        fitted=FittedLinear(model=model), unseen=unseen, logits=logits, groups=np.arange(len(rows)), how="by hand"
    )


def test_reference_counts_unseen_scores_and_the_models_tokens() -> None:
    figures = measure_reference(build_result(), calibration=uncalibrated(LABELS), labels=LABELS)
    assert figures.articles == 16
    assert figures.labels == {"mine": 4, "arms": 4}
    assert figures.tokens > 200
    assert (figures.unknown, figures.foreign, figures.truncated) == (0, 0, 0)


def test_reference_is_measured_on_a_bounded_number_of_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference, "MOST_ARTICLES", 10)
    figures = measure_reference(build_result(copies=5), calibration=uncalibrated(LABELS), labels=LABELS)
    assert figures.articles == 10


def test_reference_of_a_model_that_counts_no_unknown_tokens_compares_none(monkeypatch: pytest.MonkeyPatch) -> None:
    result = build_result(copies=20)
    calibration = uncalibrated(LABELS)
    counted = measure_reference(result, calibration=calibration, labels=LABELS)
    score = FittedLinear.score

    def score_silently(self: FittedLinear, articles: object) -> ArticleScores:
        return replace(score(self, articles), n_unknown=None)  # type: ignore[arg-type]

    monkeypatch.setattr(FittedLinear, "score", score_silently)
    silent = measure_reference(result, calibration=calibration, labels=LABELS)
    assert silent.tokens == 0
    assert find_drift(replace(counted, unknown=counted.tokens // 2), silent, names={}) == []
    assert find_drift(replace(counted, unknown=counted.tokens // 2), counted, names={}) != []
