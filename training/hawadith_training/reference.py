"""The reference figures of a bundle: what later streams are compared to, measured on articles that the model has not learned from."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hawadith.calibration import Calibration
from hawadith.drift.figures import StreamFigures, measure_stream
from hawadith.model import ArticleScores
from hawadith.prediction import Prediction
from hawadith_training.fitting import FitResult

MOST_ARTICLES = 1_000
"""Articles looked at, evenly spaced: shares are then known to three points, and a transformer reads articles slowly."""


def measure_reference(result: FitResult, *, calibration: Calibration, labels: Sequence[str]) -> StreamFigures:
    """Measure the articles that a model was measured on.

    Probabilities and labels are those of the unseen articles. Unknown tokens are counted by the fitted model, which may have learned its
    vocabulary from them: on the articles of the bundled default that makes 2.2% of 2.9%, well inside what counts as drift.

    Args:
        result: The fit.
        calibration: Fitted on the same articles.
        labels: Label ids, in output order.

    Returns:
        Their figures. A model that does not count unknown tokens leaves no count of tokens either, so that none is compared.
    """
    rows = _spread(len(result.unseen.records), at_most=MOST_ARTICLES)
    part = result.unseen.select(rows)
    scores = result.fitted.score(part.articles)
    predictions = _predict(result.logits[rows], scores=scores, calibration=calibration, labels=labels)
    figures = measure_stream(part.records, predictions)
    return figures if scores.n_unknown is not None else replace(figures, tokens=0)


def _predict(
    logits: NDArray[np.float32], *, scores: ArticleScores, calibration: Calibration, labels: Sequence[str]
) -> list[Prediction]:
    probabilities = calibration.probabilities(logits)
    given = probabilities >= calibration.thresholds
    unknown = np.zeros(len(logits), dtype=np.int32) if scores.n_unknown is None else scores.n_unknown
    return [
        Prediction(
            id=str(row),
            status="ok",
            labels=tuple(label for label, positive in zip(labels, given[row], strict=True) if positive),
            scores=dict(zip(labels, probabilities[row].tolist(), strict=True)),
            n_tokens=int(scores.n_tokens[row]),
            n_unknown=int(unknown[row]),
            truncated=bool(scores.truncated[row]),
        )
        for row in range(len(logits))
    ]


def _spread(count: int, *, at_most: int) -> NDArray[np.intp]:
    return np.unique(np.linspace(0, count - 1, min(count, at_most)).round().astype(np.intp))
