"""What is learned of a block. Another objective is another class here, and another name in `objective.kind`."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertForMaskedLM

from hawadith_training.pretrain.config import ObjectiveConfig
from hawadith_training.pretrain.masking import CorruptedBlocks, mask_words, read_words


class Objective(nn.Module, ABC):
    """Makes a task of blocks, and says how well the model does it.

    Args:
        encoder: What the run is for: it is exported, with the head that predicts words.
    """

    def __init__(self, encoder: BertForMaskedLM) -> None:
        super().__init__()
        self.encoder = encoder

    @abstractmethod
    def corrupt(self, blocks: NDArray[np.int64], *, generator: np.random.Generator) -> CorruptedBlocks:
        """Make a task of blocks, in numpy: it is prepared while the model works on the step before.

        Args:
            blocks: Shape `(blocks, length)`.
            generator: The only source of chance.

        Returns:
            The task.
        """

    @abstractmethod
    def forward(self, inputs: Tensor, positions: Tensor, targets: Tensor) -> Tensor:
        """The loss in nats, summed over what is asked, so that parts of a batch add up.

        Args:
            inputs: Shape `(blocks, length)`.
            positions: Shape `(asked,)`.
            targets: Shape `(asked,)`.

        Returns:
            A scalar.
        """


class MaskedWords(Objective):
    """Predict hidden words. Only they go through the vocabulary's projection, the larger half of a small model's work.

    Args:
        encoder: The model.
        config: How many words are hidden, and how.
        tokenizer: Its `tokenizer.json`.
    """

    def __init__(self, encoder: BertForMaskedLM, *, config: ObjectiveConfig, tokenizer: Path) -> None:
        super().__init__(encoder)
        self._config = config
        self._words = read_words(Tokenizer.from_file(str(tokenizer)))

    def corrupt(self, blocks: NDArray[np.int64], *, generator: np.random.Generator) -> CorruptedBlocks:
        """Hide words of blocks of shape `(blocks, length)`."""
        return mask_words(blocks, words=self._words, config=self._config, generator=generator)

    def forward(self, inputs: Tensor, positions: Tensor, targets: Tensor) -> Tensor:
        """Cross-entropy of the hidden pieces, summed; `(blocks, length)`, `(asked,)`, `(asked,)` to a scalar."""
        hidden = self.encoder.bert(input_ids=inputs).last_hidden_state
        logits = self.encoder.cls(hidden.flatten(0, 1).index_select(0, positions))
        return functional.cross_entropy(logits.float(), targets, reduction="sum")


_BUILDERS: dict[str, Callable[..., Objective]] = {"masked_words": MaskedWords}


def build_objective(encoder: BertForMaskedLM, *, config: ObjectiveConfig, tokenizer: Path) -> Objective:
    """Build the configured objective around a model.

    Args:
        encoder: The model.
        config: Which objective, and its settings.
        tokenizer: The model's `tokenizer.json`.

    Returns:
        The objective.
    """
    return _BUILDERS[config.kind](encoder, config=config, tokenizer=tokenizer)


def to_tensors(blocks: CorruptedBlocks, *, device: torch.device) -> dict[str, Tensor]:
    """What `forward` takes, on a device."""
    return {
        name: torch.from_numpy(np.ascontiguousarray(values)).to(device)
        for name, values in (
            ("inputs", blocks.inputs),
            ("positions", blocks.positions),
            ("targets", blocks.targets),
        )
    }
