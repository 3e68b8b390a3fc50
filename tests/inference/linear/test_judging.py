"""A scout that learned from sentences is heard on the article and ranks its evidence; labels without one score as ever."""

from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from tests.linear_builders import ARMS, CALM, MINE, build_article, build_model, write_linear

from hawadith.bundle import Bundle
from hawadith.errors import BundleError
from hawadith.linear.model import Coefficients, LinearModel, noisy_or
from hawadith.text.article import PreparedArticle

ARTICLES = [
    build_article(f"{CALM[0]} {MINE} {CALM[1]} {MINE}", title="حادث"),
    build_article(ARMS),
    build_article(f"{CALM[2]} {CALM[3]} {ARMS}", title=CALM[0]),
]
LABELS = ("mine", "arms")
SILENT = build_model(ARTICLES)
JUDGING = build_model(ARTICLES, judging=("mine",))

FLOOR = -27.0  # below it noisy-or tells nothing from nothing
LOGITS = arrays(
    np.float64,
    st.tuples(st.integers(1, 8), st.integers(1, 3)),
    elements=st.one_of(st.floats(FLOOR, 30.0), st.floats(-1e4, 1e4)),
)


def judge_alone(article: PreparedArticle) -> NDArray[np.float64]:
    """What the scout says of each sentence: the score of an article that is this sentence, by a model that knows nothing else."""
    learned = SILENT.coefficients
    scout = LinearModel(
        LABELS,
        vocabulary=SILENT.vocabulary,
        coefficients=Coefficients(
            scout=learned.scout,
            scout_intercept=learned.scout_intercept,
            whole=learned.scout,
            focus=np.zeros_like(learned.focus),
            intercept=learned.scout_intercept,
            judges=np.zeros_like(learned.judges),
        ),
        focus_sentences=1,
    )
    quotes = [field.raw[start:end] for field in (article.title, article.text) for start, end in field.sentences]
    return scout.score([build_article(quote) for quote in quotes]).logits.astype(np.float64)


def join(judged: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logit that at least one holds, by the formula for probabilities."""
    none_holds = np.prod(1 - 1 / (1 + np.exp(-judged)), axis=0)
    return np.asarray(np.log((1 - none_holds) / none_holds))


def change_judges(bundle: Bundle, judges: NDArray[np.float32] | None) -> None:
    """Put other judges into the weights, or none."""
    weights = load_file(bundle.path / "model.safetensors")
    del weights["judges"]
    save_file(weights if judges is None else {**weights, "judges": judges}, bundle.path / "model.safetensors")


@given(arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 3)), elements=st.floats(-8.0, 4.0)))
def test_noisy_or_is_the_probability_of_at_least_one(judged: NDArray[np.float64]) -> None:
    assert noisy_or(judged) == pytest.approx(join(judged), abs=1e-6)


@given(LOGITS, st.randoms(use_true_random=False))
def test_noisy_or_does_not_depend_on_the_order(judged: NDArray[np.float64], random: Random) -> None:
    order = list(range(len(judged)))
    random.shuffle(order)
    assert noisy_or(judged[order]) == pytest.approx(noisy_or(judged), rel=1e-9, abs=1e-9)


@given(LOGITS)
def test_noisy_or_is_at_least_the_most_likely_event(judged: NDArray[np.float64]) -> None:
    assert (noisy_or(judged) >= judged.max(axis=0) - 1e-9).all()


@given(LOGITS, st.data())
def test_noisy_or_never_falls_where_an_event_becomes_likelier(judged: NDArray[np.float64], data: st.DataObject) -> None:
    event = data.draw(st.integers(0, len(judged) - 1))
    raised = judged.copy()
    raised[event] += data.draw(st.floats(0.0, 100.0))
    assert (noisy_or(raised) >= noisy_or(judged) - 1e-9).all()


def test_noisy_or_rises_with_every_event() -> None:
    two, three = noisy_or(np.array([[-3.0], [-2.0]])), noisy_or(np.array([[-3.0], [-2.0], [-4.0]]))
    assert two[0] > -1.9
    assert three[0] > two[0] + 0.1


@given(st.floats(FLOOR, 1e4))
def test_noisy_or_of_one_event_is_that_event(logit: float) -> None:
    assert noisy_or(np.array([[logit]])) == pytest.approx([logit], rel=1e-9, abs=1e-6)


@pytest.mark.parametrize(
    ("judged", "low", "high"),
    [
        (np.full((3, 2), 1e4), 3e4, 3e4),
        (np.full((3, 2), -1e4), -40.0, FLOOR),
        (np.array([[1e4, 1e4], [-1e4, -1e4]]), 1e4, 1e4),
        (np.full((500, 2), -1e4), -40.0, FLOOR),
        (np.zeros((0, 2)), -40.0, FLOOR),
        (np.full((2, 2), 6e4, dtype=np.float16), 1e5, 2e5),
    ],
    ids=["certain", "impossible", "both", "many", "none", "half precision"],
)
def test_noisy_or_of_extremes_is_finite(judged: NDArray[np.floating], low: float, high: float) -> None:
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        found = noisy_or(judged)
    assert found.shape == (2,)
    assert ((found >= low) & (found <= high)).all()


@pytest.mark.parametrize("article", ARTICLES)
def test_score_adds_what_at_least_one_sentence_reports(article: PreparedArticle) -> None:
    judged, silent = (model.score([article]).logits[0] for model in (JUDGING, SILENT))
    assert judged[0] - silent[0] == pytest.approx(join(judge_alone(article))[0], abs=1e-4)


def test_score_of_labels_without_a_judge_is_as_before() -> None:
    judged, silent = (model.score(ARTICLES).logits for model in (JUDGING, SILENT))
    np.testing.assert_array_equal(judged[:, 1], silent[:, 1])
    assert (judged[:, 0] != silent[:, 0]).all()


def test_sentences_are_ranked_by_the_scout_where_it_judges() -> None:
    article = ARTICLES[0]
    expected = judge_alone(article)[:, 0]
    [ranked] = JUDGING.rank_sentences(article, labels=[0])
    [silent] = SILENT.rank_sentences(article, labels=[0])
    places = [0 if sentence.field == "title" else 1 + sentence.index for sentence in ranked]
    assert places == np.argsort(-expected, kind="stable").tolist()
    probabilities = 1 / (1 + np.exp(-expected[places]))
    assert [sentence.score for sentence in ranked] == pytest.approx(probabilities, abs=1e-4)
    assert [(s.field, s.index) for s in ranked] != [(s.field, s.index) for s in silent]


def test_sentences_are_ranked_by_both_views_where_no_scout_judges() -> None:
    for article in ARTICLES:
        arms, mine = JUDGING.rank_sentences(article, labels=[1, 0])
        assert arms == SILENT.rank_sentences(article, labels=[1])[0]
        assert mine == JUDGING.rank_sentences(article, labels=[0])[0]


def test_bundle_keeps_its_judges(tmp_path: Path) -> None:
    loaded = LinearModel.load(write_linear(JUDGING, tmp_path / "bundle"))
    assert loaded.coefficients.judges.tolist() == [1.0, 0.0]
    np.testing.assert_array_equal(loaded.score(ARTICLES).logits, JUDGING.score(ARTICLES).logits)


def test_bundle_from_before_there_were_judges_scores_as_before(tmp_path: Path) -> None:
    bundle = write_linear(JUDGING, tmp_path / "bundle")
    change_judges(bundle, None)
    loaded = LinearModel.load(bundle)
    assert loaded.coefficients.judges.tolist() == [0.0, 0.0]
    np.testing.assert_array_equal(loaded.score(ARTICLES).logits, SILENT.score(ARTICLES).logits)
    assert loaded.rank_sentences(ARTICLES[0], labels=[0, 1]) == SILENT.rank_sentences(ARTICLES[0], labels=[0, 1])


@pytest.mark.parametrize(
    ("judges", "shape"),
    [(np.ones(1), r"\(1,\)"), (np.ones((2, 1)), r"\(2, 1\)"), (np.array([1.0, np.nan]), r"\(2,\)")],
    ids=["too few", "a matrix", "not a number"],
)
def test_load_refuses_judges_that_do_not_fit(tmp_path: Path, judges: NDArray[np.float64], shape: str) -> None:
    bundle = write_linear(JUDGING, tmp_path / "bundle")
    change_judges(bundle, judges.astype(np.float32))
    with pytest.raises(BundleError, match=rf"judges has shape {shape}, expected \(2,\) of finite numbers"):
        LinearModel.load(bundle)
