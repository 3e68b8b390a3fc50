"""The classifier: what becomes of ordinary, empty and non-finite articles, and where evidence points."""

from dataclasses import replace

import pytest
from tests.builders import KeywordModel, build_bundle

from hawadith.bundle import Bundle
from hawadith.calibration import Calibration
from hawadith.classifier import IncidentClassifier
from hawadith.errors import ConfigError
from hawadith.records import Record

KEYWORDS = ("لغم", "سلاح")


def build_classifier(bundle: Bundle | None = None) -> IncidentClassifier:
    return IncidentClassifier(bundle or build_bundle("mine", "arms"), model=KeywordModel(KEYWORDS))


def test_classifier_gives_labels_scores_and_evidence() -> None:
    text = "صباح هادئ في المدينة.\nانفجر لغم قرب القرية. وعاد الناس إلى بيوتهم."
    [prediction] = build_classifier().predict([Record(id="a", text=text)])
    assert prediction.status == "ok"
    assert prediction.labels == ("mine",)
    assert prediction.scores == pytest.approx({"mine": 0.982, "arms": 0.018}, abs=1e-3)
    [evidence] = prediction.evidence
    assert evidence.text == text[evidence.start : evidence.end] == "انفجر لغم قرب القرية."


def test_classifier_evidence_may_stand_in_the_title() -> None:
    [prediction] = build_classifier().predict([Record(id="a", title="انفجار لغم", text="لا شيء هنا.")])
    assert (prediction.evidence[0].field, prediction.evidence[0].text) == ("title", "انفجار لغم")


def test_classifier_ranks_evidence_of_a_label_that_it_does_not_give() -> None:
    record = Record(id="a", text="صباح هادئ في المدينة. انفجر لغم قرب القرية. وعاد الناس إلى بيوتهم.")
    classifier = build_classifier()
    [prediction] = classifier.predict([record])
    arms, *mine = classifier.rank_evidence(record, labels=["arms", "mine"])
    assert (prediction.labels, arms.label, arms.text) == (("mine",), "arms", "صباح هادئ في المدينة.")
    assert tuple(mine) == prediction.evidence


def test_classifier_ranks_no_evidence_in_an_empty_article_nor_for_no_label() -> None:
    assert build_classifier().rank_evidence(" ", labels=["mine"]) == ()
    assert build_classifier().rank_evidence("انفجر لغم.", labels=[]) == ()


def test_classifier_refuses_to_rank_for_a_label_that_it_lacks() -> None:
    with pytest.raises(ConfigError, match=r"does not know floods; ask for some of mine, arms\."):
        build_classifier().rank_evidence("انفجر لغم.", labels=["mine", "floods"])


def test_classifier_skips_evidence_on_request() -> None:
    [prediction] = build_classifier().predict(["انفجر لغم."], evidence=False)
    assert prediction.labels == ("mine",)
    assert prediction.evidence == ()


@pytest.mark.parametrize("text", ["", " \n\t", "ـــ", "😀😀", "\u200b\ufeff", "\ud800"])
def test_classifier_unreadable_article_is_empty_without_labels(text: str) -> None:
    [prediction] = build_classifier().predict([text])
    assert (prediction.status, prediction.labels, dict(prediction.scores)) == ("empty", (), {})


def test_classifier_keeps_order_around_empty_and_nonfinite_articles() -> None:
    predictions = build_classifier().predict(["", "لغم", "عدم", "سلاح", " "])
    assert [p.status for p in predictions] == ["empty", "ok", "nonfinite", "ok", "empty"]
    assert [p.labels for p in predictions] == [(), ("mine",), (), ("arms",), ()]
    assert predictions[2].error is not None
    assert [p.id for p in predictions] == ["0", "1", "2", "3", "4"]


def test_classifier_threshold_is_inclusive_and_per_label() -> None:
    bundle = build_bundle("mine", "arms")
    probability = build_classifier().predict(["لغم"])[0].scores["mine"]
    strict = tuple(
        replace(label, threshold=bound)
        for label, bound in zip(bundle.calibration.labels, (probability, 1.0), strict=True)
    )
    classifier = build_classifier(replace(bundle, calibration=Calibration(labels=strict)))
    assert classifier.predict(["لغم سلاح"])[0].labels == ("mine",)


def test_classifier_article_beyond_the_character_cap_is_truncated() -> None:
    bundle = build_bundle("mine", "arms")
    short = replace(bundle.manifest, profile=replace(bundle.manifest.profile, max_chars=50))
    [prediction] = build_classifier(replace(bundle, manifest=short)).predict(["انفجر لغم. " * 20])
    assert (prediction.status, prediction.truncated) == ("truncated", True)


def test_classifier_refuses_one_text_in_place_of_a_list() -> None:
    with pytest.raises(TypeError, match=r"give \[text\]"):
        build_classifier().predict("انفجر لغم")


def test_classifier_names_the_exact_model() -> None:
    assert build_classifier().model_id.startswith("linear-")
