"""Which of a model's ranked sentences a reader is shown for a label.

One rule for every place that shows or measures evidence: the best sentence always, since a label without any would have to be believed;
further ones only while they come near it. A model ranks, this chooses, so that a measured fit shows what its bundle will show.
"""

from collections.abc import Mapping, Sequence

from hawadith.model import RankedSentence
from hawadith.prediction import Evidence
from hawadith.text.article import PreparedArticle

MAX_EVIDENCE = 3
"""Sentences shown per label."""

_WORTH_SHOWING = 0.5  # of the best sentence's score: a weaker sentence is no second witness


def select_evidence(
    article: PreparedArticle, *, ranked: Mapping[str, Sequence[RankedSentence]]
) -> tuple[Evidence, ...]:
    """Select the sentences that are shown.

    Args:
        article: The article that was ranked.
        ranked: By label id, sentences of it, best first.

    Returns:
        For each label in order its sentences, best first; none for a label without ranked sentences.
    """
    return tuple(
        _quote(article, sentence, label=label) for label, sentences in ranked.items() for sentence in _select(sentences)
    )


def _select(sentences: Sequence[RankedSentence]) -> list[RankedSentence]:
    """The best sentence always, further ones while they come near it."""
    return [
        s for s in sentences[:MAX_EVIDENCE] if s is sentences[0] or s.score >= _WORTH_SHOWING * sentences[0].score > 0
    ]


def _quote(article: PreparedArticle, sentence: RankedSentence, *, label: str) -> Evidence:
    field = article.title if sentence.field == "title" else article.text
    start, end = (int(bound) for bound in field.sentences[sentence.index])
    return Evidence(
        label=label, field=sentence.field, start=start, end=end, text=field.raw[start:end], score=sentence.score
    )
