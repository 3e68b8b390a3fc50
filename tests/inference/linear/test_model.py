"""Scores follow their definition, sentences add up to them where all are read twice, and a damaged bundle says so."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file
from tests.builders import build_manifest, build_typology
from tests.linear_builders import ARMS, CALM, MINE, build_article, build_model

from hawadith.bundle import Bundle, read_bundle, write_bundle, write_json
from hawadith.calibration import uncalibrated
from hawadith.errors import BundleError
from hawadith.linear.features import read_grams
from hawadith.linear.model import LinearModel, choose_focus
from hawadith.text.article import PreparedArticle

ARTICLES = [
    build_article(f"{CALM[0]} {MINE} {CALM[1]} {MINE}", title="حادث"),
    build_article(ARMS),
    build_article(f"{CALM[2]} {CALM[3]}", title=CALM[0]),
    build_article(f"{MINE} {ARMS} كلمات لم يعرفها النموذج قط."),
]
MODEL = build_model(ARTICLES[:3])
SENTENCES = st.lists(st.sampled_from([MINE, ARMS, *CALM, "غريب تماما!", "😀."]), max_size=8)


def write(model: LinearModel, path: Path, *, labels: tuple[str, ...] = ("mine", "arms")) -> Bundle:
    with write_bundle(
        path, manifest=build_manifest(), typology=build_typology(*labels), calibration=uncalibrated(labels)
    ) as folder:
        model.save(folder)
    return read_bundle(path)


def reference_logits(model: LinearModel, article: PreparedArticle) -> list[float]:
    """The logits by the definition, one n-gram at a time."""
    grams = read_grams(article)
    vocabulary, learned = model.vocabulary, model.coefficients
    n_words = len(vocabulary.words)
    place = {("word", int(key)): row for row, key in enumerate(vocabulary.words)}
    place |= {("char", int(key)): n_words + row for row, key in enumerate(vocabulary.chars)}
    keyed = [("word", int(k), int(s)) for k, s in zip(grams.words, grams.word_sentences, strict=True)]
    keyed += [("char", int(k), int(s)) for k, s in zip(grams.chars, grams.char_sentences, strict=True)]
    found = [(place[kind, key], sentence) for kind, key, sentence in keyed if (kind, key) in place]

    def vector(sentences: set[int]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        counts = np.zeros(len(vocabulary))
        for feature, sentence in found:
            counts[feature] += sentence in sentences
        values = np.where(counts > 0, (1 + np.log(np.maximum(counts, 1))) * vocabulary.idf, 0.0)
        for block in (slice(None, n_words), slice(n_words, None)):
            values[block] /= np.sqrt(2 * (values[block] ** 2).sum()) or 1.0
        return values

    logits = []
    for label in range(len(model.labels)):
        scores = [float(vector({s}) @ learned.scout[:, label]) for s in range(grams.n_sentences)]
        best = sorted(range(grams.n_sentences), key=lambda s: -scores[s])[: model.focus_sentences]
        whole = vector(set(range(grams.n_sentences))) @ learned.whole[:, label]
        logits.append(float(whole + vector(set(best)) @ learned.focus[:, label] + learned.intercept[label]))
    return logits


@pytest.mark.parametrize("article", ARTICLES)
def test_score_follows_the_definition(article: PreparedArticle) -> None:
    assert MODEL.score([article]).logits[0] == pytest.approx(reference_logits(MODEL, article), abs=1e-5)


@settings(deadline=None, max_examples=40)
@given(title=st.sampled_from(["", MINE, CALM[0]]), sentences=SENTENCES)
def test_sentences_add_up_to_the_logit_where_all_are_in_focus(title: str, sentences: list[str]) -> None:
    article = build_article(" ".join(sentences), title=title)
    model = LinearModel(
        MODEL.labels, vocabulary=MODEL.vocabulary, coefficients=MODEL.coefficients, focus_sentences=len(sentences) + 1
    )
    logits = model.score([article]).logits[0]
    for label, ranked in enumerate(MODEL.rank_sentences(article, labels=[0, 1])):
        total = sum(sentence.score for sentence in ranked) + MODEL.coefficients.intercept[label]
        assert total == pytest.approx(logits[label], abs=1e-5)
        assert [s.score for s in ranked] == sorted((s.score for s in ranked), reverse=True)
        places = {(s.field, s.index) for s in ranked}
        assert places == {("title", i) for i in range(len(article.title.sentences))} | {
            ("text", i) for i in range(len(article.text.sentences))
        }


@settings(deadline=None, max_examples=25)
@given(bodies=st.lists(SENTENCES, min_size=1, max_size=5))
def test_score_of_an_article_does_not_depend_on_its_batch(bodies: list[list[str]]) -> None:
    articles = [build_article(" ".join(sentences)) for sentences in bodies]
    together = MODEL.score(articles).logits
    alone = np.concatenate([MODEL.score([article]).logits for article in articles])
    np.testing.assert_array_equal(together, alone)


def test_score_says_what_was_read() -> None:
    cut = replace(ARTICLES[1], truncated=True)
    scores = MODEL.score([ARTICLES[2], cut])
    assert scores.n_tokens.tolist() == [23, 9]
    assert scores.n_windows.tolist() == [1, 1]
    assert scores.truncated.tolist() == [False, True]


def test_score_of_nothing_is_empty() -> None:
    assert MODEL.score([]).logits.shape == (0, 2)


def test_score_of_unknown_words_is_the_intercept() -> None:
    scores = MODEL.score([build_article("xyzzy qwop.")])
    np.testing.assert_array_equal(scores.logits[0], MODEL.coefficients.intercept)


def test_rank_sentences_answers_for_the_asked_labels_in_their_order() -> None:
    both = MODEL.rank_sentences(ARTICLES[0], labels=[0, 1])
    assert MODEL.rank_sentences(ARTICLES[0], labels=[1, 0]) == both[::-1]


def test_rank_sentences_gives_the_scouts_choice_no_place_of_its_own() -> None:
    """Whatever the scout prefers, an article of one sentence twice says the same for a label by either."""
    article = build_article(f"{MINE} {CALM[0]} {CALM[1]}\n{MINE}")
    narrow = LinearModel(MODEL.labels, vocabulary=MODEL.vocabulary, coefficients=MODEL.coefficients, focus_sentences=1)
    for ranked in narrow.rank_sentences(article, labels=[0, 1]):
        first, second = (next(s.score for s in ranked if s.index == index) for index in (0, 3))
        assert first == pytest.approx(second)


def test_choose_focus_takes_the_best_and_of_equals_the_earlier() -> None:
    scout = np.array([[1.0, 5.0], [3.0, 5.0], [1.0, 5.0], [2.0, 9.0]])
    chosen = choose_focus(scout, focus_sentences=2)
    assert chosen.T.tolist() == [[False, True, False, True], [True, False, False, True]]


def test_choose_focus_of_many_equals_takes_the_first() -> None:
    chosen = choose_focus(np.arange(200.0)[:, None] % 2, focus_sentences=30)
    assert np.flatnonzero(chosen[:, 0]).tolist() == list(range(1, 60, 2))


def test_choose_focus_takes_all_of_a_short_article() -> None:
    assert choose_focus(np.zeros((1, 2)), focus_sentences=3).all()


def test_bundle_scores_as_the_model_that_was_saved(tmp_path: Path) -> None:
    loaded = LinearModel.load(write(MODEL, tmp_path / "bundle"))
    np.testing.assert_array_equal(loaded.score(ARTICLES).logits, MODEL.score(ARTICLES).logits)


def test_load_refuses_weights_of_other_labels(tmp_path: Path) -> None:
    bundle = write(MODEL, tmp_path / "bundle", labels=("arms", "mine"))
    with pytest.raises(BundleError, match="weights are of labels"):
        LinearModel.load(bundle)


@pytest.mark.parametrize(
    ("settings_", "message"),
    [
        ({"features_version": 2, "labels": ["mine", "arms"], "focus_sentences": 2}, "n-grams of version 2"),
        ({"features_version": 1, "labels": ["mine", "arms"]}, "no linear model"),
        ([], "n-grams of version None"),
    ],
)
def test_load_refuses_settings_it_cannot_follow(tmp_path: Path, settings_: object, message: str) -> None:
    bundle = write(MODEL, tmp_path / "bundle")
    write_json(bundle.path / "linear.json", settings_)
    with pytest.raises(BundleError, match=message):
        LinearModel.load(bundle)


@pytest.mark.parametrize("name", ["idf", "scout", "whole", "focus", "intercept", "scout_intercept", "judges"])
@pytest.mark.parametrize("fault", ["cut", "nan"])
def test_load_refuses_weights_that_do_not_fit(tmp_path: Path, name: str, fault: str) -> None:
    bundle = write(MODEL, tmp_path / "bundle")
    arrays = load_file(bundle.path / "model.safetensors")
    arrays[name] = arrays[name][1:].copy() if fault == "cut" else np.full_like(arrays[name], np.nan)
    save_file(arrays, bundle.path / "model.safetensors")
    with pytest.raises(BundleError, match=name):
        LinearModel.load(bundle)


@pytest.mark.parametrize("name", ["words", "chars"])
def test_load_refuses_keys_out_of_order(tmp_path: Path, name: str) -> None:
    bundle = write(MODEL, tmp_path / "bundle")
    arrays = load_file(bundle.path / "model.safetensors")
    arrays[name] = arrays[name][::-1].copy()
    save_file(arrays, bundle.path / "model.safetensors")
    with pytest.raises(BundleError, match=name):
        LinearModel.load(bundle)


def test_load_refuses_a_torn_or_foreign_weight_file(tmp_path: Path) -> None:
    bundle = write(MODEL, tmp_path / "bundle")
    weights = bundle.path / "model.safetensors"
    save_file({**load_file(weights), "extra": np.zeros(1)}, weights)
    with pytest.raises(BundleError, match="no linear model"):
        LinearModel.load(bundle)
    weights.write_bytes(weights.read_bytes()[:-10])
    with pytest.raises(BundleError, match="no linear model"):
        LinearModel.load(bundle)
