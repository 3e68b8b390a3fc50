"""Hides whole words of blocks: a piece alone is too easily guessed from the other pieces of its word."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from hawadith_training.pretrain.config import ObjectiveConfig

_STEERING = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WordTable:
    """What masking knows of a vocabulary.

    Attributes:
        continues: Whether a piece continues a word, shape `(vocabulary,)`.
        maskable: Whether it may be predicted and put in place of another, shape `(vocabulary,)`.
        mask_id: Id of `[MASK]`.
    """

    continues: NDArray[np.bool_]
    maskable: NDArray[np.bool_]
    mask_id: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CorruptedBlocks:
    """Blocks as the model reads them, and what it shall say of them.

    Attributes:
        inputs: Shape `(blocks, length)`.
        positions: Where something is asked, counted through all blocks, in order, shape `(asked,)`.
        targets: The answers, shape `(asked,)`.
    """

    inputs: NDArray[np.int64]
    positions: NDArray[np.int64]
    targets: NDArray[np.int64]

    def select(self, first: int, last: int) -> "CorruptedBlocks":
        """The blocks from `first` to before `last`."""
        length = self.inputs.shape[1]
        start, end = np.searchsorted(self.positions, [first * length, last * length])
        return CorruptedBlocks(
            inputs=self.inputs[first:last],
            positions=self.positions[start:end] - first * length,
            targets=self.targets[start:end],
        )


def read_words(tokenizer: Tokenizer) -> WordTable:
    """Read from a word-piece tokenizer what masking needs."""
    vocabulary = tokenizer.get_vocab(with_added_tokens=True)
    continues = np.zeros(max(vocabulary.values()) + 1, dtype=np.bool_)
    maskable = np.ones_like(continues)
    continues[[position for piece, position in vocabulary.items() if piece.startswith("##")]] = True
    maskable[[vocabulary[token] for token in _STEERING]] = False
    return WordTable(continues=continues, maskable=maskable, mask_id=vocabulary["[MASK]"])


def mask_words(
    blocks: NDArray[np.int64], *, words: WordTable, config: ObjectiveConfig, generator: np.random.Generator
) -> CorruptedBlocks:
    """Choose words and hide them.

    Args:
        blocks: Token ids, shape `(blocks, length)`; each begins with a special token.
        words: The vocabulary.
        config: How many, and what is read in their place.
        generator: The only source of chance.

    Returns:
        The blocks with gaps, and the pieces that belong there.
    """
    flat = blocks.ravel()
    word_of = np.cumsum(~words.continues[flat]) - 1
    chosen = generator.random(int(word_of[-1]) + 1) < config.rate
    positions = np.flatnonzero(chosen[word_of] & words.maskable[flat])
    lot = generator.random(len(positions))
    others = generator.choice(np.flatnonzero(words.maskable), size=len(positions))
    inputs = flat.copy()
    inputs[positions[lot < config.masked]] = words.mask_id
    swapped = (lot >= config.masked) & (lot < config.masked + config.random)
    inputs[positions[swapped]] = others[swapped]
    return CorruptedBlocks(inputs=inputs.reshape(blocks.shape), positions=positions, targets=flat[positions])
