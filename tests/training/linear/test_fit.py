"""What a fit learns, and what it must not see."""

from dataclasses import fields, replace

import numpy as np
import pytest
from tests.linear_builders import ARMS, CALM, MINE, build_article, build_corpus

from hawadith.errors import DataError
from hawadith.linear.features import read_grams
from hawadith.linear.model import Coefficients, LinearModel
from hawadith_evaluation.targets import Targets
from hawadith_training.linear.config import LinearConfig
from hawadith_training.linear.fit import cross_fit_linear, fit_linear
from hawadith_training.linear.stages import FitStages

ARTICLES, TARGETS = build_corpus()
CONFIG = LinearConfig(min_df=2, focus_sentences=1, scout_folds=4)
FOLDS = np.arange(len(ARTICLES)) // 4


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return fit_linear(ARTICLES, targets=TARGETS, config=CONFIG, seed=1)


def prepare(targets: Targets = TARGETS) -> FitStages:
    return FitStages.prepare(
        ARTICLES, targets=targets, marked=(), n_originals=len(ARTICLES), config=CONFIG, init=None, typology=None
    )


def flip(row: int) -> Targets:
    positive = TARGETS.positive.copy()
    positive[row] = ~positive[row]
    return replace(TARGETS, positive=positive)


def test_fit_learns_what_each_label_says(model: LinearModel) -> None:
    new = [build_article(f"{calm} {story}") for calm in CALM[:2] for story in (MINE, ARMS, CALM[3])]
    logits = model.score(new).logits
    assert (logits > 0).tolist() == [[True, False], [False, True], [False, False]] * 2


def test_fit_finds_the_sentence_that_tells(model: LinearModel) -> None:
    [ranked] = model.rank_sentences(ARTICLES[0], labels=[0])
    assert (ranked[0].field, ranked[0].index) == ("text", 1)
    start, end = ARTICLES[0].text.sentences[1]
    assert ARTICLES[0].text.raw[start:end] == MINE


def test_fit_is_the_same_again(model: LinearModel) -> None:
    again = fit_linear(ARTICLES, targets=TARGETS, config=CONFIG, seed=1)
    for field in fields(Coefficients):
        np.testing.assert_array_equal(getattr(again.coefficients, field.name), getattr(model.coefficients, field.name))


def test_fit_does_not_learn_from_unjudged_cells() -> None:
    # Nobody judged the label "arms" on the last article, the only one with its words.
    articles = [*ARTICLES, build_article("زهور زهور بيضاء في الحديقة. زهور أخرى.")]
    judged = np.ones((17, 2), dtype=np.bool_)
    judged[16, 1] = False
    positive = np.concatenate([TARGETS.positive, [[False, False]]])
    config = replace(CONFIG, min_df=1)
    model = fit_linear(
        articles, targets=Targets(labels=TARGETS.labels, positive=positive, judged=judged), config=config, seed=1
    )
    known_before = np.concatenate([read_grams(article).words for article in ARTICLES])
    only_there = np.flatnonzero(~np.isin(model.vocabulary.words, known_before))
    assert len(only_there) > 3
    for learned in (model.coefficients.whole, model.coefficients.scout, model.coefficients.focus):
        assert (learned[only_there, 1] == 0).all()
    assert (model.coefficients.whole[only_there, 0] != 0).all()


def test_fit_copes_with_empty_articles_and_fewer_articles_than_folds() -> None:
    articles = [ARTICLES[0], ARTICLES[1], build_article("")]
    targets = TARGETS.select(np.arange(3))
    model = fit_linear(articles, targets=targets, config=replace(CONFIG, min_df=1), seed=1)
    assert np.isfinite(model.score(articles).logits).all()


@pytest.mark.parametrize(
    ("cell", "counts"), [(False, "arms: 0 articles that report it, 16 judged"), (True, "arms: 16 articles .* 0 judged")]
)
def test_fit_refuses_a_label_with_one_kind_of_articles(cell: bool, counts: str) -> None:
    positive = TARGETS.positive.copy()
    positive[:, 1] = cell
    with pytest.raises(DataError, match=f"(?s){counts}.*Bring labelled articles"):
        fit_linear(ARTICLES, targets=replace(TARGETS, positive=positive), config=CONFIG, seed=1)


@pytest.mark.parametrize("row", [0, 5, 15])
def test_scout_scores_sentences_without_their_articles_labels(row: int) -> None:
    honest = prepare().fit_scouts(folds=FOLDS).sentence_logits
    stages = prepare(flip(row))
    flipped = stages.fit_scouts(folds=FOLDS).sentence_logits
    own = stages.texts.owners == row
    same_fold = FOLDS[stages.texts.owners] == FOLDS[row]
    np.testing.assert_allclose(flipped[own], honest[own], atol=1e-4)
    assert np.abs(flipped[~same_fold] - honest[~same_fold]).max() > 0.1


@pytest.mark.parametrize("row", [0, 6])
def test_out_of_fold_logits_do_not_know_the_articles_own_label(row: int) -> None:
    scouts = prepare().fit_scouts(folds=FOLDS)
    honest = prepare().score_out_of_fold(scouts, folds=FOLDS)
    flipped = prepare(flip(row)).score_out_of_fold(scouts, folds=FOLDS)
    np.testing.assert_allclose(flipped[row], honest[row], atol=1e-3)
    assert np.abs(flipped[FOLDS[row] != FOLDS] - honest[FOLDS[row] != FOLDS]).max() > 0.1


def test_cross_fit_gives_the_same_model_and_humbler_logits() -> None:
    config = replace(CONFIG, strength=1.0)
    cross = cross_fit_linear(ARTICLES, targets=TARGETS, config=config, seed=1)
    model = fit_linear(ARTICLES, targets=TARGETS, config=config, seed=1)
    np.testing.assert_array_equal(cross.model.coefficients.whole, model.coefficients.whole)
    seen = model.score(ARTICLES).logits
    signs = np.where(TARGETS.positive, 1, -1)
    assert (cross.logits * signs).mean() < (seen * signs).mean()


def test_cross_fit_keeps_duplicate_groups_in_one_fold() -> None:
    # A text that stands four times and shares no word with others: apart, its copies would give its label away.
    articles = [*ARTICLES, *[build_article("كلمات نادرة جدا هنا.")] * 4]
    positive = np.concatenate([TARGETS.positive, [[True, False]] * 4])
    targets = Targets(labels=TARGETS.labels, positive=positive, judged=np.ones_like(positive))
    config = replace(CONFIG, min_df=1)
    together = cross_fit_linear(
        articles, targets=targets, config=config, seed=1, groups=np.array([*range(16), *[16] * 4])
    ).logits[16:, 0]
    assert (together < 0).all()
