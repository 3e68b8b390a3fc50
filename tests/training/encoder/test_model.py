"""An article goes through the encoder as a whole, however long it is."""

from pathlib import Path

import pytest
import torch
from tests.training.encoder.encoders import build_bert, build_targets
from torch import Tensor, nn

from hawadith_training.encoder.config import LossConfig
from hawadith_training.encoder.losses import UNJUDGED, build_loss
from hawadith_training.encoder.model import ArticleClassifier


@pytest.fixture(scope="module")
def batch() -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(1)
    input_ids = torch.randint(5, 300, (7, 20), generator=generator)
    attention_mask = torch.ones_like(input_ids)
    attention_mask[2, 9:] = 0
    return {"input_ids": input_ids, "attention_mask": attention_mask, "window_counts": torch.tensor([4, 1, 2])}


def build_model(folder: Path, *, token_budget: int) -> ArticleClassifier:
    classifier = nn.Module.train(build_bert(folder, labels=["mine", "arms"]), mode=False)
    loss = build_loss(LossConfig(), targets=build_targets([[1, 0], [0, 1]], [[1, 1], [1, 1]]))
    return ArticleClassifier(classifier, rules=["max", "mean"], token_budget=token_budget, loss=loss)


def test_forward_of_a_long_article_in_parts_equals_it_at_once(tmp_path: Path, batch: dict[str, Tensor]) -> None:
    labels = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, UNJUDGED]])
    whole, parts = (build_model(tmp_path, token_budget=budget) for budget in (10_000, 45))
    at_once, in_parts = whole(**batch, labels=labels), parts(**batch, labels=labels)
    torch.testing.assert_close(in_parts["logits"], at_once["logits"])
    at_once["loss"].backward()
    in_parts["loss"].backward()
    for expected, found in zip(whole.parameters(), parts.parameters(), strict=True):
        torch.testing.assert_close(found.grad, expected.grad, rtol=1e-4, atol=1e-6)


def test_forward_in_parts_never_exceeds_the_budget_and_computes_each_part_again(
    tmp_path: Path, batch: dict[str, Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = build_model(tmp_path, token_budget=45)
    sizes: list[int] = []
    encode = model._encode

    def count(input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        sizes.append(input_ids.numel())
        return encode(input_ids, attention_mask)

    monkeypatch.setattr(model, "_encode", count)
    loss = model(**batch, labels=torch.ones(3, 2))["loss"]
    assert max(sizes) <= 45
    assert sum(sizes) == batch["input_ids"].numel()
    torch.autograd.backward(loss)
    assert sum(sizes) == 2 * batch["input_ids"].numel()


def test_forward_divides_by_the_judged_cells_of_the_step(tmp_path: Path, batch: dict[str, Tensor]) -> None:
    labels = torch.tensor([[1.0, 0.0], [0.0, UNJUDGED], [UNJUDGED, UNJUDGED]])
    model = build_model(tmp_path, token_budget=1000)
    alone = model(**batch, labels=labels)["loss"]
    of_ten = model(**batch, labels=labels, num_items_in_batch=10)["loss"]
    torch.testing.assert_close(of_ten * 10, alone * 3)


def test_forward_of_unjudged_articles_has_no_loss(tmp_path: Path, batch: dict[str, Tensor]) -> None:
    labels = torch.full((3, 2), UNJUDGED)
    assert build_model(tmp_path, token_budget=1000)(**batch, labels=labels)["loss"] == 0


def test_forward_ignores_padding(tmp_path: Path, batch: dict[str, Tensor]) -> None:
    model = build_model(tmp_path, token_budget=1000)
    padded = {
        **batch,
        "input_ids": torch.nn.functional.pad(batch["input_ids"], (0, 9)),
        "attention_mask": torch.nn.functional.pad(batch["attention_mask"], (0, 9)),
    }
    torch.testing.assert_close(model(**padded)["logits"], model(**batch)["logits"], atol=1e-5, rtol=1e-5)
