"""Shown evidence: the best sentence always, others while they come near it, quoted where they stand."""

from collections.abc import Sequence

import pytest

from hawadith.evidence import MAX_EVIDENCE, select_evidence
from hawadith.model import RankedSentence
from hawadith.text.article import TextProfile, prepare_article

SENTENCES = ("صباح هادئ في المدينة.", "انفجر لغم قرب القرية.", "وعاد الناس.", "وأغلق الطريق.", "ثم فتح.")
ARTICLE = prepare_article("عنوان الخبر", "\n".join(SENTENCES), profile=TextProfile())


def rank(scores: Sequence[float]) -> list[RankedSentence]:
    return [RankedSentence(field="text", index=index, score=score) for index, score in enumerate(scores)]


@pytest.mark.parametrize(
    ("scores", "shown"),
    [
        ([0.9, 0.45, 0.44], 2),
        ([0.9, 0.9, 0.9, 0.9, 0.9], MAX_EVIDENCE),
        ([0.0, 0.0], 1),
        ([-1.0, -0.4], 1),
        ([], 0),
    ],
)
def test_evidence_is_the_best_sentence_and_those_near_it(scores: Sequence[float], shown: int) -> None:
    evidence = select_evidence(ARTICLE, ranked={"mine": rank(scores)})
    assert [item.text for item in evidence] == [*SENTENCES[:shown]]


def test_evidence_is_quoted_from_its_field_for_each_label_in_order() -> None:
    title = RankedSentence(field="title", index=0, score=1.0)
    first, second = select_evidence(ARTICLE, ranked={"mine": rank([0.5])[:1], "arms": [title]})
    assert (first.label, first.field, ARTICLE.text.raw[first.start : first.end]) == ("mine", "text", SENTENCES[0])
    assert (second.label, second.field, second.text, second.score) == ("arms", "title", "عنوان الخبر", 1.0)
