"""Whether the evidence is what the model goes by: what becomes of a probability without the sentences shown, and with them alone.

Two measures of ERASER (DeYoung et al. 2020, "ERASER: A Benchmark to Evaluate Rationalized NLP Models"), which need no marked sentences.
Comprehensiveness is p(article) - p(article without the evidence): high where nothing else carries the label. Sufficiency is p(article) -
p(evidence alone): near 0 where the evidence is enough, below it where the rest of the article speaks against the label. Neither has a scale
of its own, so the same is measured of other sentences of like length; a figure means something by its distance from that baseline.

Sentences are cut out of the raw record, by their offsets, and the rest is scored anew: whatever the kind of model, its own way of reading
is what is measured.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hawadith.classifier import IncidentClassifier
from hawadith.prediction import Prediction
from hawadith.records import Field, Record
from hawadith.text.article import TextProfile, prepare_article
from hawadith_evaluation.predictions import Predictions, predict_records

MAX_PAIRS = 100
"""Articles per label that are erased and scored again, at most four times each. They give a mean to about 0.06, in seconds."""

_LIKE_LENGTH = 3  # a random sentence is one of the three whose length comes nearest

Passage = tuple[Field, int, int]
"""A stretch of a raw record: field, first code point, one past the last."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Faithfulness:
    """Changes of probability, in [-1, 1], each of shape `(articles, labels)`; NaN where not measured.

    Attributes:
        comprehensiveness: What the probability loses without the evidence.
        sufficiency: What it loses where the evidence stands alone.
        comprehensiveness_random: What it loses without as many other sentences of like length; NaN where the article has no others.
        sufficiency_random: What it loses where those stand alone.
    """

    comprehensiveness: NDArray[np.float64]
    sufficiency: NDArray[np.float64]
    comprehensiveness_random: NDArray[np.float64]
    sufficiency_random: NDArray[np.float64]


def measure_faithfulness(
    records: Sequence[Record],
    predictions: Predictions,
    *,
    classifier: IncidentClassifier,
    seed: int,
    max_pairs: int = MAX_PAIRS,
) -> Faithfulness:
    """Measure how faithful the evidence of given labels is.

    Which articles and which random sentences are drawn depends on the seed, their ids and the label, not on the order of the articles.

    Args:
        records: The articles.
        predictions: What the classifier says of them, with evidence, in the same order.
        classifier: The classifier.
        seed: Seeds the draws.
        max_pairs: The most articles per label; the rest is left out at random.

    Returns:
        The changes. An article of which nothing is left has probability 0, as everywhere in evaluation.
    """
    erased: list[Record] = []
    places: list[tuple[int, int, int]] = []
    for column, label in enumerate(predictions.labels):
        for row, random in _draw_rows(records, predictions, column=column, seed=seed, max_pairs=max_pairs):
            evidence = find_passages(predictions.rows[row], label=label)
            others = _draw_others(
                records[row], evidence=evidence, profile=classifier.bundle.manifest.profile, random=random
            )
            for first, passages in ((0, evidence), (2, others)):
                if passages:
                    erased += [erase_passages(records[row], passages), keep_passages(records[row], passages)]
                    places += [(first, row, column), (first + 1, row, column)]
    changes = np.full((4, *predictions.probabilities.shape), np.nan)
    scored = predict_records(erased, classifier=classifier)
    for (measure, row, column), prediction, left in zip(places, scored.rows, scored.probabilities, strict=True):
        if prediction.scores or prediction.status == "empty":
            changes[measure, row, column] = predictions.probabilities[row, column] - left[column]
    return Faithfulness(
        comprehensiveness=changes[0],
        sufficiency=changes[1],
        comprehensiveness_random=changes[2],
        sufficiency_random=changes[3],
    )


def find_passages(prediction: Prediction, *, label: str) -> list[Passage]:
    """Where the evidence of a label stands, best first."""
    return [(shown.field, shown.start, shown.end) for shown in prediction.evidence if shown.label == label]


def erase_passages(record: Record, passages: Sequence[Passage]) -> Record:
    """The record without some passages; a line break takes the place of each, so that its neighbours stay two sentences."""
    return replace(record, title=_erase(record.title, passages, "title"), text=_erase(record.text, passages, "text"))


def keep_passages(record: Record, passages: Sequence[Passage]) -> Record:
    """The record of some passages alone, in the order in which they stand, one a line."""
    return replace(record, title=_keep(record.title, passages, "title"), text=_keep(record.text, passages, "text"))


def _erase(raw: str, passages: Sequence[Passage], field: Field) -> str:
    kept, cursor = [], 0
    for start, end in _spans(passages, field):
        kept.append(raw[cursor:start])
        cursor = max(cursor, end)
    return "\n".join([*kept, raw[cursor:]])


def _keep(raw: str, passages: Sequence[Passage], field: Field) -> str:
    return "\n".join(raw[start:end] for start, end in _spans(passages, field))


def _spans(passages: Sequence[Passage], field: Field) -> list[tuple[int, int]]:
    return sorted((start, end) for name, start, end in passages if name == field)


def _draw_rows(
    records: Sequence[Record], predictions: Predictions, *, column: int, seed: int, max_pairs: int
) -> list[tuple[int, np.random.Generator]]:
    """Articles that were given a label with evidence, at most so many of them, each with a source of chance of its own."""
    label = predictions.labels[column]
    lots = [
        (random.random(), row, random)
        for row in np.flatnonzero(predictions.decisions[:, column]).tolist()
        if find_passages(predictions.rows[row], label=label)
        for random in [np.random.default_rng([seed, zlib.crc32(records[row].id.encode()), column])]
    ]
    return [(row, random) for _, row, random in sorted(lots, key=lambda lot: lot[:2])[:max_pairs]]


def _draw_others(
    record: Record, *, evidence: Sequence[Passage], profile: TextProfile, random: np.random.Generator
) -> list[Passage]:
    """For each passage of the evidence another sentence of like length; none where the article has not as many."""
    free = [
        passage
        for passage in _list_sentences(record, profile=profile)
        if not any(_overlap(passage, shown) for shown in evidence)
    ]
    if len(free) < len(evidence):
        return []
    drawn = []
    for _, start, end in evidence:
        free.sort(key=lambda passage: abs((passage[2] - passage[1]) - (end - start)))
        drawn.append(free.pop(int(random.integers(min(_LIKE_LENGTH, len(free))))))
    return drawn


def _list_sentences(record: Record, *, profile: TextProfile) -> list[Passage]:
    article = prepare_article(record.title, record.text, profile=profile)
    titles: list[Passage] = [("title", start, end) for start, end in article.title.sentences.tolist()]
    return titles + [("text", start, end) for start, end in article.text.sentences.tolist()]


def _overlap(first: Passage, second: Passage) -> bool:
    return first[0] == second[0] and first[1] < second[2] and second[1] < first[2]
