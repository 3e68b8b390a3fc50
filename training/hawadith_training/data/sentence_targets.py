"""What marked sentences say of every sentence of an article, as arrays: evidence, no evidence, or nothing.

Marks are places in the raw text, and whoever made them cut sentences in a way of their own. A mark and a sentence belong together where
they share half of the shorter of the two: a clause marks the sentence around it, and a passage every sentence in it. (Evaluation asks
for half of the *longer*, because there a long sentence must not score for a short mark; here none may be taught as empty that holds one.)

What nobody can vouch for is 0, never -1: a wrong negative among sentences teaches a model to look away from a report.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from hawadith.errors import DataError
from hawadith.records import Mark, Record
from hawadith.text.article import PreparedArticle
from hawadith_training.articles import LabelledArticles

EVIDENCE, UNKNOWN, NO_EVIDENCE = 1, 0, -1

_SHOWN_FAULTS = 20


def build_sentence_targets(articles: LabelledArticles) -> list[NDArray[np.int8]]:
    """Read the marks of articles under the labels of their targets.

    A sentence is evidence of a label that holds where a mark says so; unknown where it only belongs to the report; and no evidence
    elsewhere. All sentences are unknown where a label was not judged, or holds without evidence in a sentence that is read (nobody marked
    it, the marks lie in what the text profile drops, or no sentence proves it alone). Where a label was judged and does not hold, no
    sentence is evidence. Marks of labels that do not hold are passed over, as evaluation does.

    Args:
        articles: Articles through the text profile.

    Returns:
        Per article shape `(sentences, labels)`, of `EVIDENCE`, `UNKNOWN` and `NO_EVIDENCE`; sentences of the title first, numbered as
        `hawadith.linear.features` does, labels in the order of the targets.

    Raises:
        DataError: If marks could not be read; names the first 20 articles.
    """
    _refuse_faults(articles.records)
    targets = articles.targets
    tables = []
    for row, (record, article) in enumerate(zip(articles.records, articles.articles, strict=True)):
        table = np.full((len(article.title.sentences) + len(article.text.sentences), len(targets.labels)), NO_EVIDENCE)
        for column, label in enumerate(targets.labels):
            if targets.positive[row, column]:
                table[:, column] = _judge_sentences(record, article, label=label)
            elif not targets.judged[row, column]:
                table[:, column] = UNKNOWN
        tables.append(table.astype(np.int8))
    return tables


def find_marked(article: PreparedArticle, *, marks: Iterable[Mark]) -> NDArray[np.bool_]:
    """Which sentences marks belong to.

    Args:
        article: The article.
        marks: Places in its raw fields, whatever their label.

    Returns:
        Shape `(sentences,)`, those of the title first: a mark and the sentence share at least half of the shorter one's code points.
    """
    n_title = len(article.title.sentences)
    marked = np.zeros(n_title + len(article.text.sentences), dtype=np.bool_)
    for mark in marks:
        spans = article.title.sentences if mark.field == "title" else article.text.sentences
        starts, ends = spans[:, 0].astype(np.int64), spans[:, 1].astype(np.int64)
        shared = np.minimum(ends, mark.end) - np.maximum(starts, mark.start)
        hit = 2 * shared >= np.minimum(ends - starts, mark.end - mark.start)
        first = 0 if mark.field == "title" else n_title
        marked[first : first + len(spans)] |= hit
    return marked


def _judge_sentences(record: Record, article: PreparedArticle, *, label: str) -> NDArray[np.int8]:
    """What the marks of a label that holds say of each sentence, shape `(sentences,)`."""
    evidence = find_marked(article, marks=(mark for mark in record.evidence if mark.label == label))
    if not evidence.any():
        return np.full(len(evidence), UNKNOWN, dtype=np.int8)
    context = find_marked(article, marks=(mark for mark in record.context if mark.label == label))
    return np.where(evidence, EVIDENCE, np.where(context, UNKNOWN, NO_EVIDENCE)).astype(np.int8)


def _refuse_faults(records: Sequence[Record]) -> None:
    faults = [record.evidence_fault for record in records if record.evidence_fault is not None]
    if faults:
        shown = "".join(f"\n  - {fault}" for fault in faults[:_SHOWN_FAULTS])
        raise DataError(
            f"The marks of {len(faults)} articles cannot be read; the first of them:{shown}\nMend or drop them."
        )
