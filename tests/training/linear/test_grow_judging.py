"""Retraining from a bundle whose scouts judge, or shall: a judge keeps what marks taught it, and learns from nothing else."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.linear_builders import build_model, write_linear
from tests.training.linear.marked import LABELS, build_records, prepare

from hawadith.bundle import Bundle
from hawadith.linear.model import LinearModel
from hawadith_evaluation.targets import Targets
from hawadith_training.data.sentence_targets import build_sentence_targets
from hawadith_training.linear.config import LinearConfig
from hawadith_training.linear.fit import cross_fit_linear, fit_linear
from hawadith_training.linear.grow import empty_coefficients, grow_linear

DATA = prepare(build_records())
MARKED = build_sentence_targets(DATA)
CONFIG = LinearConfig(min_df=1, focus_sentences=1, scout_folds=4)
MINE = LABELS.index("mine")
UNJUDGED = replace(DATA.targets, judged=np.zeros_like(DATA.targets.judged), positive=DATA.targets.positive & False)


def grow(
    bundle: Bundle, *, targets: Targets = DATA.targets, marked: bool, config: LinearConfig = CONFIG
) -> LinearModel:
    marks = MARKED if marked else ()
    return fit_linear(DATA.articles, targets=targets, marked=marks, config=config, seed=1, init=bundle)


@pytest.fixture(scope="module")
def judging(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Its scout for `mine` learned from marked sentences."""
    model = fit_linear(DATA.articles, targets=DATA.targets, marked=MARKED, config=CONFIG, seed=1)
    return write_linear(model, tmp_path_factory.mktemp("judging") / "old")


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Its scouts learned from articles."""
    model = fit_linear(DATA.articles, targets=DATA.targets, config=CONFIG, seed=1)
    return write_linear(model, tmp_path_factory.mktemp("silent") / "old")


def test_judge_is_carried_to_other_labels(judging: Bundle) -> None:
    grown = grow_linear(judging, labels=("drugs", "arms", "mine"))
    assert grown.coefficients.judges.tolist() == [0.0, 0.0, 1.0]
    old = LinearModel.load(judging).score(DATA.articles).logits
    np.testing.assert_array_equal(grown.score(DATA.articles).logits[:, [2, 1]], old)


@pytest.mark.parametrize("judge_sentences", [True, False])
def test_judge_without_new_marks_stays_as_it_was(judging: Bundle, judge_sentences: bool) -> None:
    old = LinearModel.load(judging).coefficients
    new = grow(judging, marked=False, config=replace(CONFIG, judge_sentences=judge_sentences)).coefficients
    np.testing.assert_array_equal(new.scout[:, MINE], old.scout[:, MINE])
    assert new.scout_intercept[MINE] == old.scout_intercept[MINE]
    assert new.judges.tolist() == [1.0, 0.0]
    assert (new.whole[:, MINE] != old.whole[:, MINE]).any()


def test_judge_without_new_marks_is_heard_out_of_fold(judging: Bundle) -> None:
    crossed = cross_fit_linear(DATA.articles, targets=UNJUDGED, config=CONFIG, seed=1, init=judging)
    assert crossed.logits == pytest.approx(LinearModel.load(judging).score(DATA.articles).logits, abs=1e-4)


def test_judge_learns_on_from_new_marks(judging: Bundle) -> None:
    old = LinearModel.load(judging).coefficients.scout[:, MINE].astype(np.float32)
    moved = []
    for strength in (1e-4, 300.0):
        new = grow(judging, marked=True, config=replace(CONFIG, judge_strength=strength)).coefficients
        moved.append(float(np.abs(new.scout[:, MINE].astype(np.float32) - old).max()))
    assert moved[0] < 0.01 < 0.1 < moved[1]


def test_scout_that_learned_from_articles_starts_anew_where_sentences_are_marked(tmp_path: Path) -> None:
    drawn = build_model(DATA.articles)
    empty = LinearModel(
        LABELS,
        vocabulary=drawn.vocabulary,
        coefficients=empty_coefficients(len(drawn.vocabulary), n_labels=len(LABELS)),
        focus_sentences=drawn.focus_sentences,
    )
    first, second = (write_linear(model, tmp_path / name) for name, model in {"drawn": drawn, "empty": empty}.items())
    ours, theirs = (grow(bundle, marked=True).coefficients for bundle in (first, second))
    np.testing.assert_array_equal(ours.scout[:, MINE], theirs.scout[:, MINE])
    assert ours.scout_intercept[MINE] == theirs.scout_intercept[MINE]
    assert ours.judges.tolist() == [1.0, 0.0]
    assert np.abs(ours.scout - theirs.scout)[:, 1 - MINE].max() > 1


def test_scout_that_learned_from_articles_does_not_judge_where_nothing_is_marked(silent: Bundle) -> None:
    assert grow(silent, marked=False).coefficients.judges.tolist() == [0.0, 0.0]


def test_label_without_judged_negatives_stays_as_it_was_though_it_is_marked(silent: Bundle) -> None:
    """A judge would be new to its second regression, which nothing could fit."""
    targets = replace(DATA.targets, judged=DATA.targets.positive)
    model = grow(silent, targets=targets, marked=True)
    old = LinearModel.load(silent)
    np.testing.assert_array_equal(model.score(DATA.articles).logits, old.score(DATA.articles).logits)
    assert model.coefficients.judges.tolist() == [0.0, 0.0]
