"""The torch twin of `hawadith.pooling`: the same formulas, with gradients, for many articles at once.

A test holds the two equal; change both or neither.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from hawadith.pooling import SMOOTHING
from hawadith.typology import Pooling


def pool_windows(window_logits: Tensor, *, window_counts: Tensor, rules: Sequence[Pooling]) -> Tensor:
    """Pool the window logits of several articles.

    Args:
        window_logits: Shape `(windows, labels)`, the windows of an article side by side.
        window_counts: Shape `(articles,)`: windows of each article, at least one; they sum to `windows`.
        rules: One pooling rule per label.

    Returns:
        Article logits in fp32, shape `(articles, labels)`.
    """
    logits = window_logits.float()  # exponentials in half precision lose the small windows
    articles = torch.arange(len(window_counts), device=logits.device)
    article_of = torch.repeat_interleave(articles, window_counts, output_size=len(logits))
    counts = window_counts.unsqueeze(1)
    zeros = logits.new_zeros(len(window_counts), logits.shape[1])
    by_rule = {
        "max": lambda: _smooth_max(logits, article_of=article_of, counts=counts, zeros=zeros),
        "mean": lambda: zeros.index_add(0, article_of, logits) / counts,
        "first": lambda: logits[torch.cumsum(window_counts, dim=0) - window_counts],
    }
    pooled = {rule: by_rule[rule]() for rule in set(rules)}
    return torch.stack([pooled[rule][:, column] for column, rule in enumerate(rules)], dim=1)


def _smooth_max(logits: Tensor, *, article_of: Tensor, counts: Tensor, zeros: Tensor) -> Tensor:
    scaled = logits / SMOOTHING
    # The peak only keeps the exponentials in range; it cancels out, so no gradient goes through it.
    rows = article_of.unsqueeze(1).expand_as(scaled)
    peak = zeros.scatter_reduce(0, rows, scaled.detach(), "amax", include_self=False)
    total = zeros.index_add(0, article_of, torch.exp(scaled - peak[article_of]))
    return SMOOTHING * (peak + torch.log(total / counts))
