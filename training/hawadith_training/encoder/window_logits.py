"""The forward pass that the runtime is made of: a classifier's logits, without what no logit depends on.

A classifier reads the first token of the last layer alone. So that layer attends from this token only, and its feed-forward part runs on
it only: five sixths of a layer's products less, with the same logits. It is the smaller a model, the larger a share: 7% of twelve layers,
21% of four.
"""

from typing import cast

import torch
from torch import Tensor, nn
from transformers import BertForSequenceClassification
from transformers.models.bert.modeling_bert import BertLayer, BertPooler


class WindowLogits(nn.Module):
    """The two inputs and the one output of the runtime.

    Args:
        classifier: In evaluation mode.
    """

    def __init__(self, classifier: BertForSequenceClassification) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Logits of windows.

        Args:
            input_ids: Shape `(windows, length)`.
            attention_mask: Same shape: 1 for tokens, 0 for padding.

        Returns:
            Shape `(windows, labels)`.
        """
        bert = self.classifier.bert
        hidden = bert.embeddings(input_ids=input_ids)
        bias = (1 - attention_mask[:, None, None, :].to(hidden.dtype)) * torch.finfo(hidden.dtype).min
        *layers, last = (cast("BertLayer", layer) for layer in bert.encoder.layer)
        for layer in layers:
            hidden = layer(hidden, bias)
        pooler = cast("BertPooler", bert.pooler)  # a classifier's encoder always has one
        logits: Tensor = self.classifier.classifier(pooler(_read_first(last, hidden=hidden, bias=bias)))
        return logits


def _read_first(layer: BertLayer, *, hidden: Tensor, bias: Tensor) -> Tensor:
    """A layer's output at the first token.

    Args:
        layer: The layer.
        hidden: Its input, shape `(windows, length, width)`.
        bias: Added to what a token attends to, shape `(windows, 1, 1, length)`: very low where there is padding.

    Returns:
        Shape `(windows, 1, width)`.
    """
    own = layer.attention.self
    first = hidden[:, :1]

    def part(projected: Tensor) -> Tensor:
        return projected.view(*projected.shape[:2], own.num_attention_heads, own.attention_head_size).transpose(1, 2)

    attended = nn.functional.scaled_dot_product_attention(
        part(own.query(first)), part(own.key(hidden)), part(own.value(hidden)), attn_mask=bias, scale=own.scaling
    )
    attended = layer.attention.output(attended.transpose(1, 2).flatten(2), first)
    output: Tensor = layer.output(layer.intermediate(attended), attended)
    return output
