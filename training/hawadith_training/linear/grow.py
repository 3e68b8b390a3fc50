"""Growing a linear model: what an older bundle learned, under a typology of other labels.

The first form of retraining. The vocabulary stays the old one, so that old coefficients keep their meaning; labels are matched by id,
through the renames that the new typology records, and a label that the bundle lacks starts from zeros. Before any training step the old
labels' scores are the old bundle's, bit for bit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields

import numpy as np

from hawadith.bundle import Bundle
from hawadith.linear.model import Coefficients, LinearModel


def grow_linear(bundle: Bundle, *, labels: Sequence[str], kept: Mapping[int, int] | None = None) -> LinearModel:
    """Carry a linear bundle over to other labels.

    Args:
        bundle: A linear bundle.
        labels: The label ids to know, in output order.
        kept: Old columns by new ones, as `match_labels` finds them; labels of equal ids when not given.

    Returns:
        A model whose labels score as the bundle's where it has them, and 0 where it has not.
    """
    old = LinearModel.load(bundle)
    grown = empty_coefficients(len(old.vocabulary), n_labels=len(labels))
    if kept is None:
        kept = {column: old.labels.index(label) for column, label in enumerate(labels) if label in old.labels}
    for field in fields(Coefficients):
        for new, former in kept.items():
            getattr(grown, field.name)[..., new] = getattr(old.coefficients, field.name)[..., former]
    return LinearModel(labels, vocabulary=old.vocabulary, coefficients=grown, focus_sentences=old.focus_sentences)


def empty_coefficients(n_features: int, *, n_labels: int) -> Coefficients:
    """Coefficients of a model that has learned nothing: every logit is 0."""
    return Coefficients(
        scout=np.zeros((n_features, n_labels), dtype=np.float16),
        scout_intercept=np.zeros(n_labels, dtype=np.float32),
        whole=np.zeros((n_features, n_labels), dtype=np.float16),
        focus=np.zeros((n_features, n_labels), dtype=np.float16),
        intercept=np.zeros(n_labels, dtype=np.float32),
        judges=np.zeros(n_labels, dtype=np.float32),
    )
