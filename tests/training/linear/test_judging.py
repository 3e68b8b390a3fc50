"""What a scout learns from marked sentences, what it must not learn from, and that nobody judges an article with its own marks."""

from dataclasses import fields, replace

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from tests.linear_builders import ARMS, CALM, build_article
from tests.training.linear.marked import HINT, LABELS, PROOFS, UNSEEN_PROOF, build_records, prepare

from hawadith.linear.model import Coefficients, LinearModel
from hawadith.text.article import PreparedArticle
from hawadith_training.articles import LabelledArticles
from hawadith_training.data.sentence_targets import EVIDENCE, NO_EVIDENCE, UNKNOWN, build_sentence_targets
from hawadith_training.linear.config import LinearConfig
from hawadith_training.linear.fit import CrossFit, cross_fit_linear, fit_linear
from hawadith_training.linear.stages import FitStages

Marked = list[NDArray[np.int8]]

DATA = prepare(build_records())
MARKED = build_sentence_targets(DATA)
CONFIG = LinearConfig(min_df=1, focus_sentences=1, scout_folds=4)
FOLDS = np.arange(len(DATA.records)) % 4
MINE, ARMS_LABEL = (LABELS.index(label) for label in ("mine", "arms"))


def fit(
    marked: Marked | tuple[()] = (),
    *,
    data: LabelledArticles = DATA,
    config: LinearConfig = CONFIG,
    copies: list[PreparedArticle | None] | None = None,
) -> LinearModel:
    return fit_linear(data.articles, targets=data.targets, marked=marked, config=config, seed=1, copies=copies or ())


def cross_fit(marked: Marked | tuple[()], *, config: LinearConfig = CONFIG) -> CrossFit:
    return cross_fit_linear(DATA.articles, targets=DATA.targets, marked=marked, config=config, seed=1)


def stage(
    marked: Marked | tuple[()] = (), *, data: LabelledArticles = DATA, config: LinearConfig = CONFIG
) -> FitStages:
    return FitStages.prepare(
        data.articles,
        targets=data.targets,
        marked=marked,
        n_originals=len(data.articles),
        config=config,
        init=None,
        typology=None,
    )


def mark_anew(row: int, column: list[int]) -> Marked:
    """The marks of the label `mine` as they are, but for one article."""
    changed = [table.copy() for table in MARKED]
    changed[row][:, MINE] = column
    return changed


def assert_equal(first: LinearModel, second: LinearModel, *, label: int | None = None) -> None:
    """Both learned the same, bit for bit: of one label or of all."""
    for field in fields(Coefficients):
        ours, theirs = (getattr(model.coefficients, field.name) for model in (first, second))
        columns = slice(None) if label is None else label
        np.testing.assert_array_equal(ours[..., columns], theirs[..., columns], err_msg=field.name)


def rank_first(model: LinearModel, article: PreparedArticle) -> str:
    """The sentence that says most for the label `mine`."""
    start, end = article.text.sentences[model.rank_sentences(article, labels=[MINE])[0][0].index]
    return article.text.raw[start:end]


def test_scout_that_judges_ranks_what_proves_first_and_one_that_does_not_what_stands_by() -> None:
    judging, silent = fit(MARKED), fit()
    for proof, article in zip(PROOFS, DATA.articles, strict=False):
        assert rank_first(judging, article) == proof
        assert rank_first(silent, article) == HINT


def test_scout_that_judges_finds_what_it_has_not_seen() -> None:
    article = build_article(f"{HINT} {CALM[3]} {UNSEEN_PROOF} {HINT} {CALM[0]}")
    assert rank_first(fit(MARKED), article) == UNSEEN_PROOF
    assert rank_first(fit(), article) == HINT


def test_judge_speaks_against_what_stands_by_and_for_what_proves() -> None:
    articles = [build_article(f"{CALM[0]} {sentence} {CALM[1]}") for sentence in (HINT, UNSEEN_PROOF)]
    moved = fit(MARKED).score(articles).logits[:, MINE] - fit().score(articles).logits[:, MINE]
    assert moved[0] < -2 < 2 < moved[1]


def test_scout_is_scikit_learns_regression_over_the_known_sentences() -> None:
    config = replace(CONFIG, judge_strength=2.0, judge_balance=0.5)
    stages = stage(MARKED, config=config)
    [ours, _] = stages.fit_scouts(folds=FOLDS).final
    known = stages.marked[:, MINE] != UNKNOWN
    evidence = stages.marked[known, MINE] == EVIDENCE
    balance = np.where(evidence, np.sqrt((~evidence).sum() / evidence.sum()), 1.0)
    theirs = LogisticRegression(C=2.0, solver="liblinear", tol=1e-8, max_iter=1000)
    sentences = stages.texts.weigh_sentences()[known]
    theirs.fit(sentences, evidence, sample_weight=balance)
    assert ours.score(sentences) == pytest.approx(theirs.decision_function(sentences), abs=0.02)
    assert ours.intercept == pytest.approx(theirs.intercept_[0], abs=0.02)


def test_labels_without_marks_are_learned_as_if_there_were_none() -> None:
    judging, silent = fit(MARKED), fit()
    assert_equal(judging, silent, label=ARMS_LABEL)
    assert judging.coefficients.judges.tolist() == [1.0, 0.0]
    assert silent.coefficients.judges.tolist() == [0.0, 0.0]


def test_fit_that_shall_not_judge_sentences_is_one_without_marks() -> None:
    assert_equal(fit(MARKED, config=replace(CONFIG, judge_sentences=False)), fit())


def test_fit_with_marks_is_the_same_again() -> None:
    assert_equal(fit(MARKED), fit(MARKED))
    np.testing.assert_array_equal(cross_fit(MARKED).logits, cross_fit(MARKED).logits)
    assert_equal(cross_fit(MARKED).model, fit(MARKED))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [(0, 0), (0, 1), (0, 2), (9, 1), (20, 0)],
    ids=["calm", "stands by", "proof", "another label's", "calm in a negative"],
)
def test_unknown_sentences_teach_a_scout_nothing(row: int, sentence: int) -> None:
    """Whatever an unknown sentence says, the scout is that of the other sentences alone; called empty, it would count."""
    known = MARKED[row][:, MINE].copy()
    if row == 0:
        known[4] = EVIDENCE  # the article keeps some
    unknown, empty = known.copy(), known.copy()
    unknown[sentence], empty[sentence] = UNKNOWN, NO_EVIDENCE
    stages = stage(mark_anew(row, unknown.tolist()))
    rest = np.delete(np.arange(len(stages.texts.owners)), np.flatnonzero(stages.texts.owners == row)[sentence])
    alone = replace(
        stages,
        texts=replace(stages.texts, counts=stages.texts.counts[rest], owners=stages.texts.owners[rest]),
        marked=stages.marked[rest],
    )
    [ours, _], [theirs, _] = (part.fit_scouts(folds=FOLDS).final for part in (stages, alone))
    np.testing.assert_array_equal(ours.coefficients, theirs.coefficients)
    assert ours.intercept == theirs.intercept
    [taught, _] = stage(mark_anew(row, empty.tolist())).fit_scouts(folds=FOLDS).final
    assert np.abs(taught.coefficients - ours.coefficients).max() > 1e-3


def test_copies_teach_a_judge_nothing() -> None:
    copies: list[PreparedArticle | None] = [None] * len(DATA.articles)
    copies[0] = build_article(f"{CALM[0]} {ARMS} {HINT}")
    copies[20] = build_article(f"{UNSEEN_PROOF} {PROOFS[0]}")
    with_copies, without = fit(MARKED, copies=copies).coefficients, fit(MARKED).coefficients
    np.testing.assert_array_equal(with_copies.scout[:, MINE], without.scout[:, MINE])
    assert with_copies.scout_intercept[MINE] == without.scout_intercept[MINE]
    assert (with_copies.whole[:, MINE] != without.whole[:, MINE]).any()


@pytest.mark.parametrize(
    ("row", "column"), [(0, [1, -1, -1, 1, 1]), (0, [0] * 5), (9, [1] * 4), (20, [1] * 3), (20, [0] * 3)]
)
def test_out_of_fold_logits_do_not_know_the_articles_own_marks(row: int, column: list[int]) -> None:
    everything = replace(CONFIG, focus_sentences=9)  # so that what the final regressions read is no scout's choice
    honest, changed = (cross_fit(marked, config=everything) for marked in (MARKED, mark_anew(row, column)))
    np.testing.assert_array_equal(changed.logits[row], honest.logits[row])
    assert np.abs(changed.logits[:, MINE] - honest.logits[:, MINE]).max() > 0.01
    assert (changed.model.coefficients.scout[:, MINE] != honest.model.coefficients.scout[:, MINE]).any()


@pytest.mark.parametrize("row", [0, 7, 20])
def test_judged_sentences_do_not_know_their_articles_label(row: int) -> None:
    records = build_records()
    records[row] = replace(records[row], labels=() if records[row].labels else ("mine",), evidence=())
    flipped = prepare(records)
    honest = stage(MARKED).fit_scouts(folds=FOLDS).sentence_logits
    changed = stage(build_sentence_targets(flipped), data=flipped).fit_scouts(folds=FOLDS).sentence_logits
    owners = stage().texts.owners
    np.testing.assert_array_equal(changed[owners == row], honest[owners == row])
    assert np.abs(changed - honest)[FOLDS[owners] != FOLDS[row], MINE].max() > 0.01


def test_out_of_fold_logits_are_heard_from_the_judge_too() -> None:
    stages = stage(MARKED)
    scouts = stages.fit_scouts(folds=FOLDS)
    silent = replace(stages, config=replace(CONFIG, judge_sentences=False))
    added = stages.score_out_of_fold(scouts, folds=FOLDS) - silent.score_out_of_fold(scouts, folds=FOLDS)
    judged = stages.texts.pool_sentences(scouts.sentence_logits)
    assert added[:, MINE] == pytest.approx(judged[:, MINE], abs=1e-5)
    assert (added[:, ARMS_LABEL] == 0).all()


def test_folds_without_evidence_expect_none() -> None:
    """One marked article of its label: where it is held out, its scout has seen empty sentences only."""
    lone = prepare(build_records(marked=1))
    stages = stage(build_sentence_targets(lone), data=lone)
    logits = stages.fit_scouts(folds=FOLDS).sentence_logits[FOLDS[stages.texts.owners] == FOLDS[0], MINE]
    assert logits.max() < -3


@pytest.mark.parametrize(
    "settings",
    [
        (LinearConfig(judge_strength=0.1), LinearConfig(judge_strength=100.0)),
        (LinearConfig(judge_balance=0.0), LinearConfig(judge_balance=1.0)),
    ],
    ids=["strength", "balance"],
)
def test_settings_of_a_judge_are_heeded(settings: tuple[LinearConfig, LinearConfig]) -> None:
    models = [fit(MARKED, config=replace(config, min_df=1, scout_folds=4)) for config in settings]
    timid, bold = (model.rank_sentences(DATA.articles[0], labels=[MINE])[0][0].score for model in models)
    assert 1 - bold < 0.7 * (1 - timid)  # both are near 1: what is left to it shrinks
