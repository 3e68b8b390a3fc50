"""Auxiliary articles are learned from; what calibrates, for either kind of model, is measured articles alone."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.builders import CONFIGS, SAMPLES
from tests.training.linear.marked import build_records, prepare

from hawadith.errors import DataError
from hawadith.model import ArticleScores
from hawadith.readers import read_records
from hawadith.text.article import PreparedArticle, TextProfile
from hawadith.typology import load_typology
from hawadith_evaluation.duplicates import group_records
from hawadith_training.articles import LabelledArticles, prepare_records
from hawadith_training.config import TrainConfig, load_config
from hawadith_training.data.sentence_targets import build_sentence_targets
from hawadith_training.fitting import FitResult, FittedLinear, fit_model
from hawadith_training.linear.config import LinearConfig
from hawadith_training.linear.fit import cross_fit_linear, fit_linear

LINEAR = LinearConfig(min_df=1, focus_sentences=1, scout_folds=3)


def flag(articles: LabelledArticles, rows: Sequence[int]) -> LabelledArticles:
    return replace(articles, auxiliary=np.isin(np.arange(len(articles.records)), rows))


def configure(name: str) -> TrainConfig:
    config = load_config(CONFIGS / "train" / f"{name}.yaml", overrides=[f"typology={CONFIGS}/typology.yaml"])
    return replace(config, linear=LINEAR)


def fit(learned: LabelledArticles, *, held_out: LabelledArticles | None = None, name: str = "linear") -> FitResult:
    return fit_model(learned, held_out=held_out, config=configure(name), work=Path("unused"))


def ids(articles: LabelledArticles) -> list[str]:
    return [record.id for record in articles.records]


def test_linear_model_learns_from_auxiliary_articles_and_is_calibrated_on_the_others() -> None:
    data = flag(prepare(build_records()), [0, 5, 9, 23])
    result = fit(data)
    crossed = cross_fit_linear(
        data.articles,
        targets=data.targets,
        marked=build_sentence_targets(data),
        config=LINEAR,
        seed=13,
        groups=group_records(data.records),
    )
    assert ids(result.unseen) == [str(row) for row in range(24) if row not in (0, 5, 9, 23)]
    np.testing.assert_array_equal(result.logits, crossed.logits[data.measured])
    np.testing.assert_array_equal(result.groups, group_records(data.records)[data.measured])
    assert isinstance(result.fitted, FittedLinear)
    np.testing.assert_array_equal(result.fitted.model.coefficients.scout, crossed.model.coefficients.scout)
    np.testing.assert_array_equal(result.fitted.model.coefficients.whole, crossed.model.coefficients.whole)


def test_linear_model_with_held_out_articles_is_calibrated_on_these() -> None:
    data = prepare(build_records())
    held_out = data.select(np.array([1, 10, 20]))
    result = fit(flag(data.select(np.arange(10)), [0]), held_out=held_out)
    assert result.unseen is held_out
    assert result.logits.shape == (3, 2)


def test_linear_model_learns_from_marks_unless_it_shall_not() -> None:
    data = prepare(build_records())
    judging = fit(data)
    config = replace(configure("linear"), linear=replace(LINEAR, judge_sentences=False))
    silent = fit_model(data, held_out=None, config=config, work=Path("unused"))
    held_out = fit(data, held_out=data)
    judges = []
    for result in (judging, silent, held_out):
        assert isinstance(result.fitted, FittedLinear)
        judges.append(result.fitted.model.coefficients.judges.tolist())
    assert judges == [[1.0, 0.0], [0.0, 0.0], [1.0, 0.0]]


def test_linear_model_refuses_marks_that_cannot_be_read_where_it_learns_from_them() -> None:
    records = build_records()
    records[3] = replace(records[3], evidence=(), evidence_fault="a.jsonl:4: bad")
    with pytest.raises(DataError, match=r"a\.jsonl:4: bad"):
        fit(prepare(records))
    config = replace(configure("linear"), linear=replace(LINEAR, judge_sentences=False))
    assert fit_model(prepare(records), held_out=None, config=config, work=Path("unused")).logits.shape == (24, 2)


class SilentEncoder:
    """Scores everything 0."""

    def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
        """Zeros."""
        ones: NDArray[np.int32] = np.ones(len(articles), dtype=np.int32)
        return ArticleScores(
            logits=np.zeros((len(articles), 3), dtype=np.float32),
            n_tokens=ones,
            n_windows=ones,
            truncated=np.zeros(len(articles), dtype=np.bool_),
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_transformer_puts_no_auxiliary_article_aside(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    typology = load_typology(CONFIGS / "typology.yaml")
    samples = prepare_records(read_records(SAMPLES), typology=typology, profile=TextProfile())
    auxiliary = range(0, len(samples.records), 2)
    data = flag(samples, auxiliary)
    learned: list[list[PreparedArticle]] = []
    held_out: list[list[PreparedArticle]] = []

    def spy(articles: list[PreparedArticle], *, dev_articles: list[PreparedArticle], **_: object) -> SilentEncoder:
        learned.append(articles)
        held_out.append(dev_articles)
        return SilentEncoder()

    monkeypatch.setattr("hawadith_training.encoder.fit.fit_encoder", spy)
    config = replace(configure("smoke"), seed=seed)
    result = fit_model(data, held_out=None, config=config, work=Path("unused"))
    places = {id(article): row for row, article in enumerate(data.articles)}
    [rows], [aside] = ([[places[id(article)] for article in part] for part in parts] for parts in (learned, held_out))
    assert sorted(rows + aside) == list(range(len(data.records)))
    assert {*auxiliary} <= {*rows}
    assert 2 <= len(aside) <= 6
    assert ids(result.unseen) == [data.records[row].id for row in aside]
    assert result.groups.shape == (len(aside),)


def test_sentences_on_their_own_teach_the_scouts_and_no_regression_over_articles() -> None:
    data = flag(prepare(build_records()), range(12, 24))
    whole = fit(data).fitted
    cut = fit(replace(data, fragments=data.auxiliary)).fitted
    alone = fit_linear(
        data.articles,
        targets=replace(data.targets, judged=data.targets.judged & (np.arange(24) < 12)[:, None]),
        marked=build_sentence_targets(data),
        config=LINEAR,
        seed=13,
    )
    assert isinstance(whole, FittedLinear)
    assert isinstance(cut, FittedLinear)
    marked = cut.model.coefficients.judges > 0  # the scout of another label learns from articles, too
    assert marked.any()
    np.testing.assert_array_equal(cut.model.coefficients.scout[:, marked], whole.model.coefficients.scout[:, marked])
    assert (cut.model.coefficients.whole != whole.model.coefficients.whole).any()
    np.testing.assert_array_equal(cut.model.coefficients.scout, alone.coefficients.scout)


def test_articles_that_are_no_sentences_keep_their_labels() -> None:
    data = prepare(build_records())
    cut = fit(replace(data, auxiliary=np.zeros(24, dtype=np.bool_), fragments=np.zeros(24, dtype=np.bool_))).fitted
    assert isinstance(cut, FittedLinear)
    whole = fit(data).fitted
    assert isinstance(whole, FittedLinear)
    np.testing.assert_array_equal(cut.model.coefficients.whole, whole.model.coefficients.whole)
