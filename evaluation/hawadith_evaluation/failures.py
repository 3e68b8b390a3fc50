"""Which mistakes a person should read first: the most confident misses and false alarms of each label.

A mistake near the threshold says little; one far from it is where the model, the typology or the label is wrong. Near duplicates are one
mistake, and a long article is cut around what matters, so that a page of failures stays a page. What is selected here never enters
`metrics.json`: article texts belong to their publishers, and a bundle carries that file along.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hawadith.classifier import IncidentClassifier
from hawadith.evidence import MAX_EVIDENCE
from hawadith.records import Field, Record
from hawadith.text.aligned import Span
from hawadith_evaluation.excerpts import cut_excerpt
from hawadith_evaluation.faithfulness import Passage, find_passages
from hawadith_evaluation.metrics_file import FailureValues
from hawadith_evaluation.predictions import Predictions
from hawadith_evaluation.targets import Targets

MAX_TITLE, MAX_TEXT = 300, 3000
"""Characters of a field that are shown whole; of a longer one at most about twice as many."""


Kind = Literal["missed", "false_alarm"]
"""The two ways of being wrong."""


def select_failures(
    records: Sequence[Record],
    predictions: Predictions,
    targets: Targets,
    *,
    groups: NDArray[np.int64],
    classifier: IncidentClassifier | None,
    per_label: int,
) -> list[FailureValues]:
    """Select the mistakes to read.

    Labels that nobody judged on an article, and articles that the model could not read, are no mistakes.

    Args:
        records: The articles.
        predictions: What a model says of them, in the same order; with evidence, false alarms show theirs, and so
            do missed articles where it is said of labels that were not given, too.
        targets: What is true of them.
        groups: Shape `(articles,)`: near-duplicate group numbers; of a group the most confident mistake of each kind is selected.
        classifier: The model. It shows where it would have looked in a missed article; without it thresholds are unknown, too.
        per_label: The most misses, and the most false alarms, of each label.

    Returns:
        The mistakes: label by label, its misses from the least probable up, then its false alarms from the most probable down.
    """
    read = np.array([bool(row.scores) for row in predictions.rows], dtype=np.bool_)
    alarms = read[:, None] & targets.judged & ~targets.positive & predictions.decisions
    missed = read[:, None] & targets.positive & ~predictions.decisions
    failures: list[FailureValues] = []
    for column, label in enumerate(targets.labels):
        scores = predictions.probabilities[:, column]
        threshold = None if classifier is None else float(classifier.bundle.calibration.thresholds[column])
        rows = _rank_rows(missed[:, column], order=scores, records=records, groups=groups)
        chosen: list[tuple[Kind, int]] = [("missed", row) for row in rows[:per_label]]
        rows = _rank_rows(alarms[:, column], order=-scores, records=records, groups=groups)
        chosen += [("false_alarm", row) for row in rows[:per_label]]
        for kind, row in chosen:
            passages = find_passages(predictions.rows[row], label=label)
            if kind == "missed" and classifier is not None:
                best = classifier.rank_evidence(records[row], labels=[label])
                passages = [(shown.field, shown.start, shown.end) for shown in best]
            shown_most = 1 if kind == "missed" else MAX_EVIDENCE
            title, text, evidence = _cut(records[row], passages[:shown_most])
            failures.append(
                FailureValues(
                    label=label,
                    kind=kind,
                    id=records[row].id,
                    title=title,
                    text=text,
                    probability=float(scores[row]),
                    threshold=threshold,
                    evidence=evidence,
                )
            )
    return failures


def _rank_rows(
    wrong: NDArray[np.bool_], *, order: NDArray[np.float64], records: Sequence[Record], groups: NDArray[np.int64]
) -> list[int]:
    """The rows of mistakes by ascending `order`, ties by id; of each group the first."""
    ranked = sorted(np.flatnonzero(wrong).tolist(), key=lambda row: (order[row], records[row].id))
    first_of = {int(groups[row]): row for row in reversed(ranked)}
    return [row for row in ranked if first_of[int(groups[row])] == row]


def _cut(record: Record, passages: Sequence[Passage]) -> tuple[str, str, list[Passage]]:
    """Title and text, cut around passages, and where these stand in them."""
    title = cut_excerpt(record.title, spans=_spans(passages, "title"), max_chars=MAX_TITLE)
    text = cut_excerpt(record.text, spans=_spans(passages, "text"), max_chars=MAX_TEXT)
    placed: list[Passage] = [("title", start, end) for start, end in title.spans]
    placed += [("text", start, end) for start, end in text.spans]
    return title.text, text.text, placed


def _spans(passages: Sequence[Passage], field: Field) -> list[Span]:
    return [(start, end) for name, start, end in passages if name == field]
