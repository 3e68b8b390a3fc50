"""An article classifier: a BERT sequence classifier over windows, pooled per label into one logit per article.

Training sees exactly what inference does: all windows of an article, and the pooled logit is what the loss judges. The
wrapped classifier stays an ordinary transformers model, so that a bundle is an ordinary checkpoint.
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint
from transformers import BertForSequenceClassification

from hawadith.typology import Pooling
from hawadith_training.encoder.losses import UNJUDGED, Loss
from hawadith_training.encoder.pooling import pool_windows


class ArticleClassifier(nn.Module):
    """Scores articles from their windows.

    Memory is bounded by `token_budget`: the windows of one very long article go through the encoder in parts of at most
    that many padded tokens, each computed again on the way back, so that the gradient is exact and no window is left out.

    Args:
        classifier: The wrapped sequence classifier; its logits are those of one window.
        rules: One pooling rule per label.
        token_budget: Padded tokens that go through the encoder at once.
        loss: What the pooled logits are judged by; none for scoring only.
    """

    # Tells the Trainer to pass the number of judged cells of the whole optimiser step, so that every judged cell of a step weighs the same
    # however its articles fell into batches.
    accepts_loss_kwargs = True

    def __init__(
        self,
        classifier: BertForSequenceClassification,
        *,
        rules: Sequence[Pooling],
        token_budget: int,
        loss: Loss | None = None,
    ) -> None:
        super().__init__()
        self.classifier = classifier
        self.n_labels = len(rules)
        self._rules = tuple(rules)
        self._token_budget = token_budget
        self._loss = loss

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        window_counts: Tensor,
        labels: Tensor | None = None,
        num_items_in_batch: Tensor | int | None = None,
    ) -> dict[str, Tensor]:
        """Score a batch of articles.

        Args:
            input_ids: Shape `(windows, length)`, padded; the windows of an article side by side.
            attention_mask: Same shape: 1 at tokens, 0 at padding.
            window_counts: Shape `(articles,)`: windows of each article.
            labels: Shape `(articles, labels)`: 0, 1 or `UNJUDGED`; with them the loss is computed.
            num_items_in_batch: Judged cells of the whole optimiser step; those of this batch when not given.

        Returns:
            `logits`, shape `(articles, labels)`, fp32, and `loss`, a scalar, where labels were given.
        """
        parts = list(self._split(input_ids, attention_mask))
        encode = self._recompute if len(parts) > 1 and torch.is_grad_enabled() else self._encode
        window_logits = torch.cat([encode(ids, mask) for ids, mask in parts])
        logits = pool_windows(window_logits, window_counts=window_counts, rules=self._rules)
        if labels is None or self._loss is None:
            return {"logits": logits}
        items = (labels != UNJUDGED).sum() if num_items_in_batch is None else torch.as_tensor(num_items_in_batch)
        return {"loss": self._loss(logits, labels) / items.clamp(min=1), "logits": logits}

    def _split(self, input_ids: Tensor, attention_mask: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        """Parts of at most the token budget."""
        size = max(1, self._token_budget // input_ids.shape[1])
        for start in range(0, len(input_ids), size):
            yield input_ids[start : start + size], attention_mask[start : start + size]

    def _recompute(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        logits: Tensor = checkpoint(self._encode, input_ids, attention_mask, use_reentrant=False)
        return logits

    def _encode(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        logits: Tensor = self.classifier(input_ids=input_ids, attention_mask=attention_mask).logits
        return logits
