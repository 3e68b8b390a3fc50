"""A cascade: what the small model rules out is said so, all else is the large model's, word for word."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import KeywordModel
from tests.inference.cascade.pairs import (
    CALM,
    MINE,
    SHELL,
    SureModel,
    build_cascade,
    build_large,
    build_named_bundle,
    build_plan,
    build_small,
)

from hawadith.cascade.classifier import CascadeClassifier
from hawadith.classifier import IncidentClassifier
from hawadith.errors import BundleError, ConfigError
from hawadith.model import ArticleScores
from hawadith.prediction import Prediction
from hawadith.records import Record
from hawadith.text.article import PreparedArticle


class HastyModel(KeywordModel):
    """Reads no article to its end."""

    def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
        """Score the beginning."""
        return replace(super().score(articles), truncated=np.ones(len(articles), dtype=np.bool_))


articles = st.lists(st.sampled_from([MINE, SHELL, CALM, "", "ـــ", "عدم"]), max_size=12)


@given(articles)
def test_cascade_says_of_what_is_not_ruled_out_what_the_large_model_says(texts: list[str]) -> None:
    records = [Record(id=f"a{position}", text=text) for position, text in enumerate(texts)]
    alone = build_large().predict(records)
    for record, said, expected in zip(records, build_cascade().predict(records), alone, strict=True):
        if record.text == CALM:
            assert (said.id, said.status, said.scores) == (record.id, "screened_out", {})
            assert (said.labels, said.evidence) == ((), ())
            assert said.model == build_small().model_id
        else:
            assert said == replace(expected, model=build_large().model_id)


@given(articles)
def test_cascade_asks_the_large_model_only_where_it_must(texts: list[str]) -> None:
    large = SureModel()
    build_cascade(large=large).predict(texts)
    assert large.seen == sum(text in (MINE, SHELL, "عدم") for text in texts)


def test_cascade_tells_what_the_small_model_read_of_an_article_that_it_rules_out() -> None:
    [said] = build_cascade().predict([CALM])
    [small] = build_small().predict([CALM])
    assert (said.n_tokens, said.n_windows, said.error) == (small.n_tokens, small.n_windows, None)


@pytest.mark.parametrize(("threshold", "status"), [(0.017, "ok"), (0.019, "screened_out")])
def test_cascade_rules_out_below_the_threshold_alone(threshold: float, status: str) -> None:
    [said] = build_cascade(threshold=threshold).predict([CALM])  # the small model says 0.018
    assert said.status == status


@pytest.mark.parametrize(("text", "status"), [("بيع سلاح", "ok"), (SHELL, "ok"), (CALM, "screened_out")])
def test_cascade_rules_out_only_where_every_label_lies_below(text: str, status: str) -> None:
    small = IncidentClassifier(build_named_bundle("wide", "mine", "arms"), model=KeywordModel(["انفجر", "سلاح"]))
    plan = replace(build_plan(), small=small.bundle.identity, thresholds={"arms": 0.5, "mine": 0.5})
    [said] = CascadeClassifier(plan, large=build_large(), small=small).predict([text])
    assert said.status == status


def test_cascade_refuses_thresholds_of_other_labels() -> None:
    plan = replace(build_plan(), thresholds={"mine": 0.5, "arms": 0.01})
    with pytest.raises(ConfigError, match="thresholds for mine, arms; the small model knows mine"):
        CascadeClassifier(plan, large=build_large(), small=build_small())


@pytest.mark.parametrize("text", ["سم", "عدم", f"عدم {CALM}"])
def test_cascade_leaves_to_the_large_model_what_the_small_one_fails_on(text: str) -> None:
    said = build_cascade(large=SureModel()).predict([CALM, text, CALM])
    assert [p.status for p in said] == ["screened_out", "ok", "screened_out"]
    assert said[1].labels == ("mine",)
    assert said[1].model == build_large().model_id


def test_cascade_leaves_to_the_large_model_what_the_small_one_did_not_read_whole() -> None:
    [said] = build_cascade(small=HastyModel(["انفجر"])).predict([CALM])
    assert (said.status, said.model) == ("ok", build_large().model_id)


def test_cascade_without_anything_to_score_asks_nobody() -> None:
    assert build_cascade().predict([]) == []


def test_cascade_takes_texts_and_records_and_no_single_text() -> None:
    said = build_cascade().predict([CALM, Record(id="x", title=MINE, text="")])
    assert [p.id for p in said] == ["0", "x"]
    with pytest.raises(TypeError, match=r"give \[text\]"):
        build_cascade().predict(CALM)


def test_cascade_leaves_evidence_out_where_it_is_not_asked_for() -> None:
    found: list[Prediction] = build_cascade().predict([MINE])
    assert found[0].evidence
    assert build_cascade().predict([MINE], evidence=False)[0].evidence == ()


@pytest.mark.parametrize("role", ["large", "small"])
def test_cascade_takes_no_bundle_that_it_was_not_measured_for(role: str) -> None:
    changed = {"large": replace(build_plan(), large="0" * 64), "small": replace(build_plan(), small="0" * 64)}[role]
    with pytest.raises(
        BundleError, match=f"is not the {role} model .* the cascade names 000000000000. Name that bundle with --"
    ):
        CascadeClassifier(changed, large=build_large(), small=build_small())


def test_cascade_depends_on_both_bundles_and_its_thresholds() -> None:
    described = build_cascade(threshold=0.25).describe()
    assert described["bundle"] == build_large().bundle.identity
    assert described["cascade"] == {"small": build_small().describe(), "thresholds": {"mine": 0.25}}
    assert build_cascade().model_id == f"{build_large().model_id}+{build_small().model_id}"
