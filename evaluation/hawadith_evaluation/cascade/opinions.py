"""What each of the two models says of the articles: scored now, or read from a file, and tied to the bundle that the cascade will name.

A bundle can be named for scores that are not its own: on articles that it was trained on, only out-of-fold scores are honest, and they come
from models of its recipe that each learned from the other folds. Their rows name no model. Rows that do name one must name the bundle.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hawadith.bundle import Bundle, read_bundle
from hawadith.classifier import IncidentClassifier, default_bundle
from hawadith.errors import DataError
from hawadith.records import Record
from hawadith_evaluation.cascade.layout import ModelValues
from hawadith_evaluation.exposure import find_exposure
from hawadith_evaluation.predictions import Predictions, load_predictions, predict_records
from hawadith_evaluation.scores_file import UNNAMED

Role = Literal["large", "small"]

_OUT_OF_FOLD = (
    "The {role} model's scores are out of fold: of models of its recipe that each learned from the other folds, not of the bundle itself. "
    "The bundle is taken to say of new articles what they say of articles that they had not seen."
)
_EXPOSED = (
    "The {role} model's bundle names {data} among the files that it {use}. If it is this one, the promise does not hold: give the "
    "out-of-fold scores of its recipe."
)
_USES = {"learned": "learned from", "tuned": "was calibrated on"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opinion:
    """One model's say.

    Attributes:
        role: Its part in the cascade.
        bundle: The bundle that will play it.
        predictions: What was said of the articles, in their order.
        is_own: Whether the bundle itself said it.
    """

    role: Role
    bundle: Bundle
    predictions: Predictions
    is_own: bool

    @property
    def assumptions(self) -> list[str]:
        """What has to be taken for granted of these scores."""
        return [] if self.is_own else [_OUT_OF_FOLD.format(role=self.role)]

    @property
    def peaks(self) -> NDArray[np.float64]:
        """Shape `(articles,)`: the highest probability of any label; 1 where the model did not read the article whole."""
        whole = np.array([row.status == "ok" for row in self.predictions.rows], dtype=np.bool_)
        return np.where(whole, self.predictions.probabilities.max(axis=1, initial=0.0), 1.0)

    def warn(self, data: Sequence[Path]) -> list[str]:
        """Say where the bundle scored files that it seems to have learned from.

        Args:
            data: Where the articles lie.

        Returns:
            A warning per file.
        """
        exposures = [(path, find_exposure(self.bundle.manifest, data=path)) for path in data if self.is_own]
        return [
            _EXPOSED.format(role=self.role, data=path.name, use=_USES[exposure])
            for path, exposure in exposures
            if exposure
        ]

    def to_mapping(self) -> ModelValues:
        """JSON-ready values."""
        return {
            "model": self.bundle.model_id,
            "identity": self.bundle.identity,
            "scores": "this bundle" if self.is_own else "out of fold",
        }


def read_opinion(
    role: Role,
    *,
    model: Path | None,
    scores: Path | None,
    records: Sequence[Record],
    on_progress: Callable[[int], None] = lambda _: None,
) -> Opinion:
    """Let a bundle score the articles, or read scores that stand for it.

    Args:
        role: The model's part in the cascade.
        model: The bundle's folder; the bundled default model where None.
        scores: A file or folder of scores; None lets the bundle score the articles.
        records: The articles, with ids of their own.
        on_progress: Told the number of articles each time the model has scored some.

    Returns:
        What is said of the articles.

    Raises:
        BundleError: If the folder is no whole bundle.
        DataError: If the scores are not of these articles, of other labels, or name another model.
    """
    if scores is None:
        classifier = IncidentClassifier.load(model)
        predictions = predict_records(records, classifier=classifier, on_progress=on_progress)
        return Opinion(role=role, bundle=classifier.bundle, predictions=predictions, is_own=True)
    bundle = read_bundle(default_bundle() if model is None else model)
    predictions = load_predictions(scores, records=records)
    if set(predictions.labels) != set(bundle.typology.ids):
        found, known = ", ".join(predictions.labels), ", ".join(bundle.typology.ids)
        raise DataError(f"{scores} holds scores of {found}; the {role} model {bundle.path} knows {known}.")
    if predictions.model not in (UNNAMED, bundle.model_id):
        raise DataError(
            f"{scores} was scored by {predictions.model}; the {role} model {bundle.path} is {bundle.model_id}. Score the articles with "
            "it, or give the out-of-fold scores of its recipe: `hawadith train CONFIG --cross-validate K`."
        )
    return Opinion(role=role, bundle=bundle, predictions=predictions, is_own=predictions.model == bundle.model_id)
