"""Predictions to be measured: made by a classifier now, or read from what `hawadith score` wrote."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hawadith.classifier import IncidentClassifier
from hawadith.errors import DataError
from hawadith.prediction import Prediction
from hawadith.records import Record
from hawadith.scoring import score_rows
from hawadith_evaluation.scores_file import read_scores

_PROGRESS_ROWS = 32  # rows between two calls of `on_progress`
_SHOWN_IDS = 5
_ID_WIDTH = 60  # an address is an id, too, but one of a kilobyte would bury the message


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Predictions:
    """What a model says of a list of articles.

    Attributes:
        model: Names the model.
        labels: Label ids, in the order of the columns.
        probabilities: Shape `(articles, labels)`; 0 for articles without scores.
        decisions: Same shape: the label was given; false for articles without scores.
        unscored: Articles without scores, counted by status.
        rows: What was said of each article, one each: status, windows, and evidence where it was asked for or the file holds it.
    """

    model: str
    labels: tuple[str, ...]
    probabilities: NDArray[np.float64]
    decisions: NDArray[np.bool_]
    unscored: Mapping[str, int]
    rows: tuple[Prediction, ...]


def predict_records(
    records: Sequence[Record],
    *,
    classifier: IncidentClassifier,
    evidence: bool = False,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Predictions:
    """Let a classifier predict.

    Args:
        records: The articles.
        classifier: The classifier.
        evidence: Find the sentences that speak for each given label; it takes longer.
        on_progress: Told the number of articles each time some are done.

    Returns:
        Its predictions, in the order of the records.
    """
    predictions: list[Prediction] = []
    for shard in score_rows(records, predictor=classifier, evidence=evidence, shard_rows=_PROGRESS_ROWS):
        predictions += [prediction for _, prediction in shard]
        on_progress(len(shard))
    return _tabulate(predictions, model=classifier.model_id, labels=classifier.typology.ids)


def load_predictions(path: Path, *, records: Sequence[Record]) -> Predictions:
    """Read predictions from a file or folder that `hawadith score` wrote.

    Args:
        path: The file or folder.
        records: The articles that they must be of, all and no others; ids are unique among them.

    Returns:
        The predictions, in the order of the records.

    Raises:
        DataError: If the file is not of that form, or its ids are not those of the records, each once.
    """
    scores = read_scores(path)
    by_id = {prediction.id: prediction for prediction in scores.predictions}
    repeated = [id_ for id_, count in Counter(prediction.id for prediction in scores.predictions).items() if count > 1]
    known = {record.id for record in records}
    faults = {
        "ids occur more than once": repeated,
        "articles have no scores": [record.id for record in records if record.id not in by_id],
        "scores are of no article": [id_ for id_ in by_id if id_ not in known],
    }
    found = [f"{len(ids)} {fault}: {_list_ids(ids)}" for fault, ids in faults.items() if ids]
    if found:
        raise DataError(f"{path} is not of these articles; {'; '.join(found)}. Score the same data that you evaluate.")
    return _tabulate([by_id[record.id] for record in records], model=scores.model, labels=scores.labels)


def check_ids(records: Sequence[Record]) -> None:
    """Check that every article has an id of its own.

    Args:
        records: The articles.

    Raises:
        DataError: If two share one, or there are none.
    """
    if not records:
        raise DataError("There are no articles to evaluate.")
    repeated = [id_ for id_, count in Counter(record.id for record in records).items() if count > 1]
    if repeated:
        raise DataError(
            f"{len(repeated)} ids occur more than once: {_list_ids(repeated)}. Copies would count twice: drop or rename them."
        )


def _list_ids(ids: Sequence[str]) -> str:
    shown = [id_ if len(id_) <= _ID_WIDTH else f"{id_[:_ID_WIDTH]}…" for id_ in ids[:_SHOWN_IDS]]
    return ", ".join(shown) + (" ..." if len(ids) > _SHOWN_IDS else "")


def _tabulate(predictions: Sequence[Prediction], *, model: str, labels: tuple[str, ...]) -> Predictions:
    probabilities = np.zeros((len(predictions), len(labels)))
    decisions = np.zeros(probabilities.shape, dtype=np.bool_)
    for row, prediction in enumerate(predictions):
        if prediction.scores:
            probabilities[row] = [prediction.scores[label] for label in labels]
            decisions[row] = [label in prediction.labels for label in labels]
    return Predictions(
        model=model,
        labels=labels,
        probabilities=probabilities,
        decisions=decisions,
        unscored=Counter(prediction.status for prediction in predictions if not prediction.scores),
        rows=tuple(predictions),
    )
