"""What nobody judged weighs nothing, and the losses are the published ones."""

import numpy as np
import pytest
import torch
from tests.training.encoder.encoders import build_targets
from torch.nn import functional

from hawadith_training.encoder.config import LossConfig
from hawadith_training.encoder.losses import (
    UNJUDGED,
    asymmetric_loss,
    build_loss,
    count_positive_weights,
    encode_targets,
    weighted_bce,
)

LOGITS = torch.tensor([[1.0, -2.0], [0.5, 3.0]])
LABELS = torch.tensor([[1.0, 0.0], [0.0, 1.0]])


@pytest.mark.parametrize("kind", ["bce", "asymmetric"])
def test_loss_leaves_unjudged_cells_out(kind: str) -> None:
    loss = build_loss(LossConfig(kind=kind), targets=build_targets([[1, 0]], [[1, 1]]))  # type: ignore[arg-type]
    masked = LABELS.clone()
    masked[0, 0] = masked[1, 1] = UNJUDGED
    logits = LOGITS.clone().requires_grad_()
    total = loss(logits, masked)
    [gradient] = torch.autograd.grad(total, logits)
    assert gradient[0, 0] == gradient[1, 1] == 0
    elsewhere = LOGITS.clone()
    elsewhere[0, 0] = elsewhere[1, 1] = 7.0
    torch.testing.assert_close(total.detach(), loss(elsewhere, masked))
    assert total > 0


def test_weighted_bce_without_weights_is_binary_cross_entropy() -> None:
    expected = functional.binary_cross_entropy_with_logits(LOGITS, LABELS, reduction="sum")
    torch.testing.assert_close(weighted_bce(LOGITS, LABELS, positive_weights=torch.ones(2)), expected)


def test_asymmetric_loss_without_focus_is_binary_cross_entropy() -> None:
    expected = functional.binary_cross_entropy_with_logits(LOGITS, LABELS, reduction="sum")
    found = asymmetric_loss(LOGITS, LABELS, gamma_negative=0, gamma_positive=0, clip=0)
    torch.testing.assert_close(found, expected)


def test_asymmetric_loss_forgets_negatives_below_the_clip() -> None:
    easy = torch.tensor([[-5.0]], requires_grad=True)
    loss = asymmetric_loss(easy, torch.zeros(1, 1), gamma_negative=4, gamma_positive=0, clip=0.05)
    [gradient] = torch.autograd.grad(loss, easy)
    assert loss == 0
    assert torch.isfinite(gradient).all()


def test_asymmetric_loss_focuses_negatives_as_published() -> None:
    logit = torch.tensor([[1.0]])
    shifted = torch.sigmoid(logit) - 0.05
    found = asymmetric_loss(logit, torch.zeros(1, 1), gamma_negative=4, gamma_positive=0, clip=0.05)
    torch.testing.assert_close(found, -(shifted**4 * torch.log(1 - shifted)).sum())


def test_count_positive_weights_counts_judged_negatives_up_to_the_cap() -> None:
    targets = build_targets([[1, 1], [0, 0], [0, 0], [0, 0]], [[1, 1], [1, 1], [1, 0], [1, 0]])
    np.testing.assert_allclose(count_positive_weights(targets, cap=10), [3.0, 1.0])
    np.testing.assert_allclose(count_positive_weights(targets, cap=2), [2.0, 1.0])


def test_count_positive_weights_of_a_label_without_positives_is_the_cap() -> None:
    targets = build_targets([[0, 1]] * 9, [[1, 1]] * 9)
    np.testing.assert_allclose(count_positive_weights(targets, cap=4), [4.0, 1.0])


def test_encode_targets_marks_what_nobody_judged() -> None:
    encoded = encode_targets(build_targets([[1, 0]], [[1, 0]]))
    np.testing.assert_array_equal(encoded, [[1.0, UNJUDGED]])


def test_encode_targets_takes_a_teachers_probability_for_a_label() -> None:
    taught = np.array([[np.nan, np.nan], [0.25, 0.75]], dtype=np.float32)
    encoded = encode_targets(build_targets([[1, 0], [0, 0]], [[1, 0], [0, 0]]), taught=taught)
    np.testing.assert_array_equal(encoded, [[1.0, UNJUDGED], [0.25, 0.75]])


def test_weighted_bce_of_a_probability_lies_between_those_of_its_labels() -> None:
    weights, logit = torch.tensor([3.0]), torch.tensor([[0.4]])
    of_0, of_1, of_half = (weighted_bce(logit, torch.tensor([[y]]), positive_weights=weights) for y in (0.0, 1.0, 0.5))
    torch.testing.assert_close(of_half, (of_0 + of_1) / 2)
