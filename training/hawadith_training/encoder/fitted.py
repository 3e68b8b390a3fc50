"""A fine-tuned transformer: scores articles in torch, and writes itself into a bundle."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from hawadith.model import ArticleScores, RankedSentence
from hawadith.text.article import PreparedArticle
from hawadith.tokens import WordPieceTokenizer
from hawadith.windows import Windowing
from hawadith_training.encoder.dataset import Example, collate, read_windows
from hawadith_training.encoder.export import export_classifier
from hawadith_training.encoder.model import ArticleClassifier
from hawadith_training.encoder.sampler import pack_articles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedEncoder:
    """A fine-tuned transformer.

    Attributes:
        model: The article classifier.
        tokenizer: Its `tokenizer.json`.
        windowing: How articles are cut, for the manifest.
        encoder: Origin of the encoder, for the manifest.
        revision: Its hub revision where one was pinned, for the manifest.
        token_budget: Padded tokens that go through the encoder at once.
        history: What the Trainer logged: `loss` by `step`, dev figures as `eval_*`.
    """

    model: ArticleClassifier
    tokenizer: Path
    windowing: Windowing
    encoder: str
    revision: str | None
    token_budget: int
    history: Sequence[Mapping[str, float]] = field(default=())

    def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
        """Score articles in torch, on the device that the model is on, in fp32.

        Args:
            articles: Prepared articles, at least one.

        Returns:
            Their scores, in order.
        """
        tokenizer = WordPieceTokenizer.load(self.tokenizer)
        read = read_windows(articles, tokenizer=tokenizer, windowing=self.windowing)
        n_windows = np.array([len(article.windows) for article in read], dtype=np.int64)
        longest = np.array([max(map(len, article.windows)) for article in read], dtype=np.int64)
        no_labels = np.zeros(0, dtype=np.float32)
        logits = np.empty((len(read), self.model.n_labels), dtype=np.float32)
        device = next(self.model.parameters()).device
        self.model.eval()
        for batch in pack_articles(
            np.arange(len(read)), n_windows=n_windows, longest=longest, token_budget=self.token_budget
        ):
            examples = [Example(windows=read[position].windows, labels=no_labels) for position in batch]
            tensors = collate(examples, pad_id=tokenizer.pad_id)
            del tensors["labels"]
            with torch.no_grad():
                scored = self.model(**{name: tensor.to(device) for name, tensor in tensors.items()})
            logits[batch] = scored["logits"].cpu().numpy()
        return ArticleScores(
            logits=logits,
            n_tokens=np.array([article.n_tokens for article in read], dtype=np.int32),
            n_windows=n_windows.astype(np.int32),
            truncated=np.array([article.truncated for article in read], dtype=np.bool_),
        )

    def rank_sentences(self, article: PreparedArticle, *, labels: Sequence[int]) -> list[list[RankedSentence]]:
        """Rank nothing: occlusion reads a window once more per sentence, too much in torch for every article of a cross-validation.

        Args:
            article: A prepared article.
            labels: Label positions.

        Returns:
            No sentence for each of them; the exported runtime ranks.
        """
        return [[] for _ in labels]

    def write(self, folder: Path) -> None:
        """Write the model's files of a bundle: checkpoint, tokenizer, CPU runtime.

        Args:
            folder: The bundle's folder while it is being written.
        """
        classifier = self.model.classifier
        if classifier.device.type != "cpu":
            classifier = copy.deepcopy(classifier).cpu()
        export_classifier(classifier, tokenizer=self.tokenizer, max_length=self.windowing.max_length, folder=folder)
