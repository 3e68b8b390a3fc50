"""How well a model chooses the sentences that it shows for a label: against marked sentences, and by what the model loses without them.

Marks say whether a reader is shown the right sentence. They are read on two sets of articles: those that were given the label, which is
what a reader sees; and all that report it, because a label that is given rarely is given where the case is plain. Faithfulness needs no
marks and says something else: whether the sentence is what the model itself goes by (Jacovi and Goldberg 2020).
"""

import logging
import re
from collections import Counter
from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from hawadith.classifier import IncidentClassifier
from hawadith.prediction import Evidence, Prediction
from hawadith.records import Record
from hawadith.text.arabert import normalise
from hawadith_evaluation.cells import divide
from hawadith_evaluation.estimates import Resampling, estimate_statistics
from hawadith_evaluation.faithfulness import find_passages, measure_faithfulness
from hawadith_evaluation.metrics_file import EvidenceValues
from hawadith_evaluation.predictions import Predictions
from hawadith_evaluation.targets import Targets

SAME_SENTENCE = 0.5
"""Share of the words of the longer sentence from which two count as the same: writers and models cut sentences differently."""

_FIGURES = (
    "hit_at_1",
    "coverage",
    "hit_at_1_all",
    "coverage_all",
    "comprehensiveness",
    "sufficiency",
    "comprehensiveness_random",
    "sufficiency_random",
)
_WORD = re.compile(r"[^\W_]+")
_SHOWN_FAULTS = 5
_LOGGER = logging.getLogger("hawadith")


def measure_evidence(
    records: Sequence[Record],
    predictions: Predictions,
    *,
    targets: Targets,
    classifier: IncidentClassifier | None,
    resampling: Resampling,
) -> list[EvidenceValues]:
    """Measure the evidence of each label.

    Articles that the model could not read count nowhere. Warns on the logger `hawadith` of marks that could not be read.

    Args:
        records: The articles, marked or not.
        predictions: What a model says of them, with evidence, in the same order.
        targets: What is true of them.
        classifier: The model; without it faithfulness is left out, and so is the evidence of articles that were not given the label where
            the predictions do not say it.
        resampling: How the articles are resampled; its seed also draws what faithfulness erases.

    Returns:
        The figures of each label, in the targets' order.
    """
    _warn_of_faults(records)
    given = rate_given(records, predictions, targets=targets)
    every = rate_all(records, predictions, targets=targets, classifier=classifier)
    faithful = np.full((4, *targets.positive.shape), np.nan)
    if classifier is not None:
        changes = measure_faithfulness(records, predictions, classifier=classifier, seed=resampling.seed)
        faithful = np.stack([getattr(changes, name) for name in _FIGURES[4:]])
    table = np.concatenate([given, every, faithful])
    estimates = estimate_statistics(
        lambda weights: _mean_defined(table.transpose(2, 0, 1).reshape(-1, len(records)), weights),
        resampling=resampling,
    )
    n_given = [sum(_is_shown(row, label=label) for row in predictions.rows) for label in targets.labels]
    n_marked, _, n_marked_all, _, n_erased, *_ = (~np.isnan(table)).sum(axis=1).tolist()
    values = []
    for column, label in enumerate(targets.labels):
        figures = estimates[column * len(_FIGURES) : (column + 1) * len(_FIGURES)]
        sizes = {
            "n_marked": n_marked[column],
            "n_marked_all": n_marked_all[column],
            "n_given": n_given[column],
            "n_erased": n_erased[column],
        }
        named = {name: figure.to_mapping() for name, figure in zip(_FIGURES, figures, strict=True)}
        values.append(cast("EvidenceValues", {"label": label, **sizes, **named}))
    return values


def rate_given(records: Sequence[Record], predictions: Predictions, *, targets: Targets) -> NDArray[np.float64]:
    """Rate the evidence shown on articles that report an incident, have it marked, and were given the label.

    Args:
        records: The articles.
        predictions: What a model says of them. Where no row at all carries evidence none was asked for, and nothing is rated.
        targets: What is true of them.

    Returns:
        Shape `(2, articles, labels)`: hit@1 and coverage as `rate_sentences` gives them; NaN elsewhere.
    """
    rated = np.full((2, *targets.positive.shape), np.nan)
    if any(row.evidence for row in predictions.rows):
        for row, column in np.argwhere(targets.positive & predictions.decisions).tolist():
            rated[:, row, column] = _rate(
                records[row], label=targets.labels[column], shown=predictions.rows[row].evidence
            )
    return rated


def rate_all(
    records: Sequence[Record], predictions: Predictions, *, targets: Targets, classifier: IncidentClassifier | None
) -> NDArray[np.float64]:
    """Rate the evidence of all articles that report an incident and have it marked, as `rate_given` does.

    Args:
        records: The articles.
        predictions: What a model says of them. Without a classifier its rows are rated, where some of them say evidence of a label that
            holds and was not given, or none was missed; other predictions never do, and the given ones alone would not be all.
        targets: What is true of them.
        classifier: Ranks the sentences for the labels that hold.

    Returns:
        Shape `(2, articles, labels)`: hit@1 and coverage; NaN elsewhere.
    """
    rated = np.full((2, *targets.positive.shape), np.nan)
    marked = _find_marked(records, predictions, targets=targets)
    if classifier is None and not _says_of_missed(predictions, marked=marked):
        return rated
    for row in np.flatnonzero(marked.any(axis=1)).tolist():
        labels = [label for label, holds in zip(targets.labels, marked[row], strict=True) if holds]
        shown: Sequence[Evidence] = predictions.rows[row].evidence
        if classifier is not None:
            shown = classifier.rank_evidence(records[row], labels=labels)
        for label in labels:
            rated[:, row, targets.labels.index(label)] = _rate(records[row], label=label, shown=shown)
    return rated


def rate_sentences(shown: Sequence[str], *, marked: Sequence[str]) -> tuple[float, float]:
    """Compare the sentences shown with the marked ones.

    Args:
        shown: Sentences, best first.
        marked: Sentences, at least one.

    Returns:
        1 where the first one shown is a marked one, else 0; and the share of the marked ones that are among those shown.

    Example:
        >>> rate_sentences(["انفجر لغم في حقل."], marked=["انفجر لغم في حقل", "قتل مزارع"])
        (1.0, 0.5)
    """
    read, sought = [_count_words(text) for text in shown], [_count_words(text) for text in marked]
    hit = bool(read) and any(_is_same(read[0], words) for words in sought)
    covered = [any(_is_same(sentence, words) for sentence in read) for words in sought]
    return float(hit), sum(covered) / len(covered)


def _rate(record: Record, *, label: str, shown: Sequence[Evidence]) -> tuple[float, float]:
    """`rate_sentences` of one article; NaN where it has no marks of the label."""
    marked = [getattr(record, mark.field)[mark.start : mark.end] for mark in record.evidence if mark.label == label]
    if not marked:
        return np.nan, np.nan
    return rate_sentences([getattr(record, e.field)[e.start : e.end] for e in shown if e.label == label], marked=marked)


def _find_marked(records: Sequence[Record], predictions: Predictions, *, targets: Targets) -> NDArray[np.bool_]:
    """Which labels hold and are marked, in articles that the model could read; shape `(articles, labels)`."""
    marked = np.zeros_like(targets.positive)
    for row, record in enumerate(records):
        if predictions.rows[row].scores:
            named = {mark.label for mark in record.evidence}
            marked[row] = [label in named for label in targets.labels]
    return marked & targets.positive


def _says_of_missed(predictions: Predictions, *, marked: NDArray[np.bool_]) -> bool:
    """Whether the rows say evidence of the marked labels that were not given, too."""
    missed = np.argwhere(marked & ~predictions.decisions).tolist()
    if not missed:
        return any(row.evidence for row in predictions.rows)
    return any(find_passages(predictions.rows[row], label=predictions.labels[column]) for row, column in missed)


def _is_shown(prediction: Prediction, *, label: str) -> bool:
    return label in prediction.labels and bool(find_passages(prediction, label=label))


def _count_words(sentence: str) -> Counter[str]:
    return Counter(_WORD.findall(normalise(sentence)))


def _is_same(first: Counter[str], second: Counter[str]) -> bool:
    longer = max(first.total(), second.total())
    return longer > 0 and (first & second).total() >= SAME_SENTENCE * longer


def _mean_defined(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weighted means over the articles that define each value, shape `(values, resamples)`; NaN where none does."""
    defined = ~np.isnan(values)
    return divide(np.where(defined, values, 0.0) @ weights, defined.astype(np.float64) @ weights)


def _warn_of_faults(records: Sequence[Record]) -> None:
    faults = [record.evidence_fault for record in records if record.evidence_fault is not None]
    if faults:
        more = f"\n  - and {len(faults) - _SHOWN_FAULTS} more" if len(faults) > _SHOWN_FAULTS else ""
        listing = "".join(f"\n  - {fault}" for fault in faults[:_SHOWN_FAULTS])
        _LOGGER.warning("The marks of %d articles cannot be read and are left out:%s%s", len(faults), listing, more)
