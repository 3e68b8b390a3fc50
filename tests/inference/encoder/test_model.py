"""A transformer bundle scores whole articles, whatever their neighbours, and is refused when its parts disagree."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.inference.encoder.runtimes import FLOOR, build_weights, write_encoder_bundle

from hawadith.bundle import Bundle
from hawadith.classifier import IncidentClassifier
from hawadith.encoder.model import EncoderModel
from hawadith.errors import BundleError
from hawadith.text.article import PreparedArticle, TextProfile, prepare_article
from hawadith.typology import Pooling

LABELS: dict[str, Pooling] = {"mine": "max", "arms": "mean", "militia": "first"}
WEIGHTS = build_weights({"لغم": 4.0}, {"سلاح": 3.0}, {"ميليشيا": 2.0})
FILLER = "في القرية سوق قرب الجسر على النهر . "


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return write_encoder_bundle(tmp_path_factory.mktemp("bundle") / "tiny", weights=WEIGHTS, labels=LABELS)


@pytest.fixture(scope="module")
def model(bundle: Bundle) -> EncoderModel:
    return EncoderModel.load(bundle)


def prepare(text: str, *, title: str = "") -> PreparedArticle:
    return prepare_article(title, text, profile=TextProfile())


def test_score_finds_a_word_in_one_window(model: EncoderModel) -> None:
    logits = model.score([prepare("قرية لغم طريق"), prepare("قرية طريق")]).logits
    np.testing.assert_allclose(logits, [[4.0, FLOOR, FLOOR], [FLOOR, FLOOR, FLOOR]])


def test_score_finds_evidence_in_the_tail_of_a_long_article(model: EncoderModel) -> None:
    scores = model.score([prepare(FILLER * 40 + "لغم .")])
    assert scores.n_windows[0] > 10
    assert scores.logits[0, 0] > 0


def test_score_pools_by_the_rule_of_each_label(model: EncoderModel) -> None:
    logits = model.score([prepare("ميليشيا " + FILLER * 10 + "سلاح .")]).logits[0]
    assert FLOOR < logits[1] < 3.0  # mean: one window of several
    assert logits[2] == 2.0  # first


def test_score_of_an_article_does_not_depend_on_its_neighbours(model: EncoderModel) -> None:
    articles = [prepare(FILLER * n + "لغم سلاح") for n in (1, 30, 2, 7)]
    together = model.score(articles).logits
    alone = np.concatenate([model.score([article]).logits for article in articles])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_score_counts_tokens_and_windows(model: EncoderModel) -> None:
    scores = model.score([prepare("قرية لغم طريق", title="جسر")])
    assert (scores.n_tokens[0], scores.n_windows[0], scores.truncated[0]) == (4, 1, False)


def test_score_of_nothing_is_empty(model: EncoderModel) -> None:
    assert model.score([]).logits.shape == (0, 3)


def test_score_that_is_not_finite_stays_with_its_article(tmp_path: Path) -> None:
    weights = build_weights({"لغم": 4.0, "نهر": np.inf})
    model = EncoderModel.load(write_encoder_bundle(tmp_path / "b", weights=weights, labels={"mine": "max"}))
    logits = model.score([prepare("لغم"), prepare("نهر"), prepare("قرية")]).logits
    np.testing.assert_array_equal(np.isnan(logits[:, 0]), [False, True, False])


def test_rank_sentences_puts_the_carrying_sentence_first(model: EncoderModel) -> None:
    article = prepare("قرب الجسر سوق. انفجر لغم في طريق. في القرية مدرسة.", title="قرية")
    [mine] = model.rank_sentences(article, labels=[0])
    start, end = article.text.sentences[mine[0].index]
    assert mine[0].field == "text"
    assert article.text.raw[start:end] == "انفجر لغم في طريق."
    assert mine[0].score == pytest.approx(4.0 - FLOOR)
    assert [sentence.score for sentence in mine[1:]] == [0.0, 0.0, 0.0]


def test_rank_sentences_can_name_the_title(model: EncoderModel) -> None:
    article = prepare("قرب الجسر سوق.", title="لغم في طريق")
    [mine] = model.rank_sentences(article, labels=[0])
    assert (mine[0].field, mine[0].index) == ("title", 0)
    assert mine[0].score > 0


def test_rank_sentences_looks_into_the_best_window_of_each_label(model: EncoderModel) -> None:
    article = prepare("ميليشيا في قرية. " + FILLER * 20 + "لغم في طريق.")
    mine, militia = model.rank_sentences(article, labels=[0, 2])
    assert article.text.raw[slice(*article.text.sentences[mine[0].index])] == "لغم في طريق."
    assert article.text.raw[slice(*article.text.sentences[militia[0].index])] == "ميليشيا في قرية."


def test_rank_sentences_costs_a_bounded_number_of_windows(model: EncoderModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hawadith.encoder.evidence.MAX_OCCLUDED", 3)
    [mine] = model.rank_sentences(prepare("سوق. جسر. نهر. قرية. طريق. لغم عام مدرسة سوق."), labels=[0])
    assert len(mine) == 3
    assert mine[0].score > 0


def test_classifier_quotes_the_sentence_from_the_raw_text(bundle: Bundle) -> None:
    [prediction] = IncidentClassifier(bundle, model=EncoderModel.load(bundle)).predict(
        ["سوق القرية. قُتل رجل بانفجار لغم."]
    )
    assert prediction.labels == ("mine",)
    assert prediction.evidence[0].text == "قُتل رجل بانفجار لغم."


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"problem_type": None}, "problem_type"),
        ({"problem_type": "single_label_classification"}, "problem_type"),
        ({"id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}}, "LABEL_0"),
        ({"id2label": {"0": "mine", "1": "arms"}}, "labels its outputs mine, arms"),
        ({"id2label": {"0": "arms", "1": "mine", "2": "militia"}}, "arms, mine, militia"),
        ({"id2label": None}, "not at all"),
        ({"auto_map": {"AutoModel": "x.Y"}}, "auto_map"),
        ({"max_position_embeddings": 16}, "encoder reads 16"),
        ({"vocab_size": 7}, "encoder knows 7"),
    ],
)
def test_load_refuses_a_checkpoint_that_disagrees(tmp_path: Path, config: dict[str, object], message: str) -> None:
    bundle = write_encoder_bundle(tmp_path / "b", weights=WEIGHTS, labels=LABELS, config=config)
    with pytest.raises(BundleError, match=message):
        EncoderModel.load(bundle)


def test_load_refuses_a_runtime_of_another_width(tmp_path: Path) -> None:
    bundle = write_encoder_bundle(tmp_path / "b", weights=WEIGHTS[:, :2], labels=LABELS)
    with pytest.raises(BundleError, match="2 outputs"):
        EncoderModel.load(bundle)


def test_load_refuses_a_runtime_that_is_none(bundle: Bundle, tmp_path: Path) -> None:
    from hawadith.encoder.runtime import WindowScorer

    broken = tmp_path / "model.xml"
    broken.write_text("<net/>")
    with pytest.raises(BundleError, match="OpenVINO"):
        WindowScorer.load(broken, pad_id=0, longest=64)


def test_load_refuses_a_bundle_without_its_runtime(bundle: Bundle) -> None:
    files = {name: entry for name, entry in bundle.manifest.files.items() if not name.startswith("runtime/")}
    with pytest.raises(BundleError, match=r"does not list runtime/model\.xml, runtime/model\.bin"):
        EncoderModel.load(replace(bundle, manifest=replace(bundle.manifest, files=files)))


def test_score_and_evidence_of_an_article_without_a_token(model: EncoderModel) -> None:
    nothing = prepare("")
    scores = model.score([nothing])
    assert (scores.n_tokens[0], scores.n_windows[0]) == (0, 1)
    np.testing.assert_allclose(scores.logits[0], FLOOR)
    assert model.rank_sentences(nothing, labels=[0, 1]) == [[], []]
