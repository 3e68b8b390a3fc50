"""How many operations of matrix products a BERT classifier needs for given windows: multiplications and additions, each counted as one.

Counted is what the exported runtime computes for real tokens: padding counts as nothing done, and the last layer runs on the first token
alone (`hawadith_training.encoder.window_logits`).
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderShape:
    """The widths of a BERT encoder.

    Attributes:
        layers: Transformer layers.
        hidden: Width of a token's state.
        intermediate: Width of the feed-forward part.
    """

    layers: int
    hidden: int
    intermediate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """Operations by kind of product.

    Attributes:
        square: Of products `hidden x hidden`: queries, keys, values, the output of attention.
        wide: Of products `hidden x intermediate` and back.
        attention: Of tokens with tokens: scores and their use.
    """

    square: int
    wide: int
    attention: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.square + self.wide + self.attention


def count_operations(lengths: Sequence[int], *, shape: EncoderShape) -> Operations:
    """Count the operations of windows.

    Args:
        lengths: Tokens of each window, special tokens included.
        shape: The encoder's widths.

    Returns:
        The operations.
    """
    tokens, windows = sum(lengths), len(lengths)
    squared = sum(length * length for length in lengths)
    below = shape.layers - 1
    square_product, wide_product = 2 * shape.hidden**2, 2 * shape.hidden * shape.intermediate
    return Operations(
        # In the last layer keys and values are of all tokens, query and output of the first.
        square=square_product * (4 * below * tokens + 2 * tokens + 2 * windows),
        wide=wide_product * 2 * (below * tokens + windows),
        attention=4 * shape.hidden * (below * squared + tokens),
    )
