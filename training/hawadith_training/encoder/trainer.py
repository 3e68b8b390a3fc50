"""The transformers Trainer, with our batches and our learning rates; everything else is its own.

Overridden: the two dataloaders (batches under a token budget) and the optimiser (a rate per layer). The Trainer keeps loop,
schedule, clipping, precision, checkpoints and resume.
"""

from functools import partial
from pathlib import Path

import numpy as np
from sklearn.metrics import average_precision_score
from torch import nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader, Sampler
from transformers import EarlyStoppingCallback, EvalPrediction, PrinterCallback, Trainer, TrainerCallback

from hawadith_training.encoder.arguments import build_arguments
from hawadith_training.encoder.checkpoints import SealCheckpoints
from hawadith_training.encoder.config import FinetuneConfig
from hawadith_training.encoder.dataset import Example, WindowedArticles, collate
from hawadith_training.encoder.losses import UNJUDGED
from hawadith_training.encoder.model import ArticleClassifier
from hawadith_training.encoder.optimiser import build_optimiser
from hawadith_training.encoder.progress import MACRO_AVERAGE_PRECISION, ShowProgress, build_reporter
from hawadith_training.encoder.sampler import SortedSampler, TokenBudgetSampler


class ArticleTrainer(Trainer):
    """Trains an `ArticleClassifier` on `WindowedArticles`.

    Args:
        model: The classifier, with its loss.
        config: How to train.
        train: Articles to learn from.
        dev: Held-out articles for early stopping and the choice of the checkpoint; none trains to the end.
        pad_id: The vocabulary's padding id.
        folder: Holds the checkpoints.
        reports: Takes TensorBoard's files where they are asked for.
        seed: Seeds order, dropout and everything else.
    """

    def __init__(
        self,
        model: ArticleClassifier,
        *,
        config: FinetuneConfig,
        train: WindowedArticles,
        dev: WindowedArticles | None,
        pad_id: int,
        folder: Path,
        reports: Path,
        seed: int,
    ) -> None:
        self._config = config
        self._classifier = model
        self._layers = int(model.classifier.config.num_hidden_layers)
        self._collate = partial(collate, pad_id=pad_id)
        self._train_articles = train
        self._dev_articles = dev
        self._sampler = TokenBudgetSampler(
            train.n_windows, longest=train.longest, token_budget=config.token_budget, epochs=config.epochs, seed=seed
        )
        callbacks: list[TrainerCallback] = [ShowProgress(), SealCheckpoints()]
        if dev is not None and config.patience is not None:
            callbacks.append(EarlyStoppingCallback(early_stopping_patience=config.patience))
        if config.report_to == "tensorboard":
            callbacks.append(build_reporter(reports))
        super().__init__(
            model=model,
            args=build_arguments(
                config, folder=folder, seed=seed, batches_per_epoch=len(self._sampler), has_dev=dev is not None
            ),
            train_dataset=train,
            eval_dataset=dev,
            compute_metrics=measure_dev if dev is not None else None,
            callbacks=callbacks,
        )
        self.remove_callback(PrinterCallback)

    def get_train_dataloader(self) -> DataLoader[Example]:
        """Shuffled batches under the token budget."""
        return self._load(self._train_articles, sampler=self._sampler)

    def get_eval_dataloader(self, eval_dataset: object = None) -> DataLoader[Example]:
        """Batches of dev under the token budget, always in one order.

        Args:
            eval_dataset: Not taken; this Trainer knows one dev set.

        Returns:
            The loader.

        Raises:
            ValueError: If there is no dev set.
        """
        dev = self._dev_articles
        if dev is None:
            raise ValueError("This run has no dev articles to evaluate on.")
        sampler = SortedSampler(dev.n_windows, longest=dev.longest, token_budget=self._config.token_budget)
        return self._load(dev, sampler=sampler)

    def create_optimizer(self, model: nn.Module | None = None) -> Optimizer:
        """AdamW with a learning rate per layer."""
        if self.optimizer is None:
            self.optimizer = build_optimiser(
                self._classifier if model is None else model,
                layers=self._layers,
                learning_rate=self._config.learning_rate,
                layer_decay=self._config.layer_decay,
                weight_decay=self._config.weight_decay,
            )
        return self.optimizer

    def _load(self, articles: WindowedArticles, *, sampler: Sampler[list[int]]) -> DataLoader[Example]:
        loader = DataLoader(
            articles, batch_sampler=sampler, collate_fn=self._collate, pin_memory=self.args.dataloader_pin_memory
        )
        prepared: DataLoader[Example] = self.accelerator.prepare(loader)
        return prepared


def measure_dev(prediction: EvalPrediction) -> dict[str, float]:
    """Macro average precision over the labels that dev has positives for; unjudged cells are left out.

    Args:
        prediction: Logits and labels (0, 1, `UNJUDGED`) of the dev articles, both `(articles, labels)`.

    Returns:
        The one figure that early stopping watches.
    """
    logits, labels = np.asarray(prediction.predictions), np.asarray(prediction.label_ids)
    values = []
    for scores, truth in zip(logits.T, labels.T, strict=True):
        judged = truth != UNJUDGED
        if (truth == 1).any():
            values.append(average_precision_score(truth[judged], scores[judged]))
    return {MACRO_AVERAGE_PRECISION: float(np.mean(values))}
