"""Reading the first token alone changes no logit, however windows are padded."""

from pathlib import Path

import pytest
import torch
from tests.training.encoder.encoders import build_bert

from hawadith_training.encoder.window_logits import WindowLogits


@pytest.mark.parametrize("layers", [1, 3])
def test_window_logits_equal_the_classifiers(tmp_path: Path, layers: int) -> None:
    classifier = build_bert(tmp_path, labels=["mine", "arms"], spread=0.5, num_hidden_layers=layers)
    torch.nn.Module.train(classifier, mode=False)
    ids = torch.randint(5, classifier.config.vocab_size, (4, 40), generator=torch.Generator().manual_seed(1))
    mask = (torch.arange(40) < torch.tensor([[40], [17], [2], [39]])).long()
    with torch.no_grad():
        expected = classifier(input_ids=ids, attention_mask=mask).logits
        torch.testing.assert_close(WindowLogits(classifier)(ids, mask), expected, atol=1e-5, rtol=1e-5)
    assert expected.std() > 0.1
