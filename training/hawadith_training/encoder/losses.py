"""Losses over articles and labels, with the labels that nobody judged left out."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from hawadith_evaluation.targets import Targets
from hawadith_training.encoder.config import LossConfig

UNJUDGED = -100.0
"""Stands in label tensors for "nobody judged"; the value that the Trainer leaves out when it counts a step's items."""

Loss = Callable[[Tensor, Tensor], Tensor]
"""Logits and labels (0 to 1, or `UNJUDGED`), both `(articles, labels)`, to the loss summed over the judged cells."""


def encode_targets(targets: Targets, *, taught: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """Labels as training takes them.

    Args:
        targets: The labels that were given.
        taught: A teacher's probabilities in place of labels, NaN where the labels count; shape `(articles, labels)`.

    Returns:
        1, 0, `UNJUDGED`, or a probability between 0 and 1; shape `(articles, labels)`.
    """
    given = np.where(targets.judged, targets.positive, UNJUDGED).astype(np.float32)
    return given if taught is None else np.where(np.isnan(taught), given, taught)


def build_loss(config: LossConfig, *, targets: Targets) -> Loss:
    """Build the configured loss.

    Args:
        config: Kind and parameters.
        targets: The training articles' labels, for the positive weights.

    Returns:
        The loss.
    """
    if config.kind == "asymmetric":
        return lambda logits, labels: asymmetric_loss(
            logits,
            labels,
            gamma_negative=config.gamma_negative,
            gamma_positive=config.gamma_positive,
            clip=config.clip,
        )
    weights = torch.from_numpy(count_positive_weights(targets, cap=config.positive_weight_cap))
    return lambda logits, labels: weighted_bce(logits, labels, positive_weights=weights.to(logits.device))


def count_positive_weights(targets: Targets, *, cap: float) -> NDArray[np.float32]:
    """Judged negatives per positive of each label, between 1 and `cap`; shape `(labels,)`."""
    positives = targets.positive.sum(axis=0)
    negatives = targets.judged.sum(axis=0) - positives
    weights: NDArray[np.float32] = np.clip(negatives / np.maximum(positives, 1), 1.0, cap).astype(np.float32)
    return weights


def weighted_bce(logits: Tensor, labels: Tensor, *, positive_weights: Tensor) -> Tensor:
    """Binary cross-entropy with a weight per label for positives.

    Args:
        logits: Shape `(articles, labels)`.
        labels: Same shape: 0 to 1, or `UNJUDGED`.
        positive_weights: Shape `(labels,)`.

    Returns:
        The sum over the judged cells, a scalar.
    """
    judged = labels != UNJUDGED
    cells = functional.binary_cross_entropy_with_logits(
        logits, labels.clamp(min=0.0), pos_weight=positive_weights, reduction="none"
    )
    return (cells * judged).sum()


def asymmetric_loss(
    logits: Tensor, labels: Tensor, *, gamma_negative: float, gamma_positive: float, clip: float
) -> Tensor:
    """Asymmetric loss: focal on both sides, harder on negatives (Ridnik et al. 2021, equations 5 to 7).

    Args:
        logits: Shape `(articles, labels)`.
        labels: Same shape: 0 to 1, or `UNJUDGED`.
        gamma_negative: Focus on hard negatives.
        gamma_positive: Focus on hard positives.
        clip: Probability margin taken off every negative.

    Returns:
        The sum over the judged cells, a scalar.
    """
    judged = labels != UNJUDGED
    positive = labels.clamp(min=0.0)
    probability = torch.sigmoid(logits.float())
    shifted = (probability - clip).clamp(min=0.0)
    gain = positive * (1 - probability) ** gamma_positive * functional.logsigmoid(logits.float())
    tiny = torch.finfo(shifted.dtype).eps
    gain = gain + (1 - positive) * shifted**gamma_negative * torch.log((1 - shifted).clamp(min=tiny))
    return -(gain * judged).sum()
