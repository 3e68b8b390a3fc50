"""The steps of a linear fit over one set of training articles: scouts, focus, final regressions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack

from hawadith.bundle import Bundle
from hawadith.errors import DataError
from hawadith.linear.features import read_grams
from hawadith.linear.model import LinearModel
from hawadith.text.article import PreparedArticle
from hawadith.typology import Typology
from hawadith_evaluation.targets import Targets
from hawadith_training.data.sentence_targets import EVIDENCE, UNKNOWN
from hawadith_training.labels import match_labels
from hawadith_training.linear.config import LinearConfig
from hawadith_training.linear.grow import empty_coefficients, grow_linear
from hawadith_training.linear.solver import Regression, fit_regression
from hawadith_training.linear.texts import TrainingTexts, build_vocabulary


class Scouts(NamedTuple):
    """Regressions that score sentences.

    Attributes:
        final: One per label, fitted on all articles.
        sentence_logits: Each sentence's logits by scouts that have not seen its article, shape `(sentences, labels)`.
    """

    final: list[Regression]
    sentence_logits: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FitStages:
    """Training articles, ready to fit.

    Attributes:
        texts: The articles' sentences.
        whole: The articles, weighed, shape `(articles, features)`.
        targets: Their labels.
        importance: How much each counts in the loss: 1, or less for a copy; shape `(articles,)`.
        marked: What is known of each sentence, as `build_sentence_targets` says it; shape `(sentences, labels)`.
        config: How to fit.
        origin: Where every regression starts and what it shrinks towards.
    """

    texts: TrainingTexts
    whole: csr_matrix
    targets: Targets
    importance: NDArray[np.float32]
    marked: NDArray[np.int8]
    config: LinearConfig
    origin: LinearModel

    @classmethod
    def prepare(
        cls,
        articles: Sequence[PreparedArticle],
        *,
        targets: Targets,
        marked: Sequence[NDArray[np.int8]],
        n_originals: int,
        config: LinearConfig,
        init: Bundle | None,
        typology: Typology | None,
    ) -> Self:
        """Count the articles' n-grams; the arguments are those of `fit_linear`, which see. Behind `n_originals` articles stand copies."""
        kept = match_labels(init.typology, grown=typology) if init and typology else None
        grown = None if init is None else grow_linear(init, labels=targets.labels, kept=kept)
        by_id = () if init is None else init.typology.ids
        _check_targets(targets, known=by_id if kept is None else [targets.labels[column] for column in kept])
        grams = [read_grams(article) for article in articles]
        if grown is None:
            vocabulary = build_vocabulary(grams[:n_originals], min_df=config.min_df)
            grown = LinearModel(
                targets.labels,
                vocabulary=vocabulary,
                coefficients=empty_coefficients(len(vocabulary), n_labels=len(targets.labels)),
                focus_sentences=config.focus_sentences,
            )
        texts = TrainingTexts.count(grams, vocabulary=grown.vocabulary)
        return cls(
            texts=texts,
            whole=texts.weigh_articles(),
            targets=targets,
            importance=np.where(np.arange(len(grams)) < n_originals, 1.0, config.copy_weight).astype(np.float32),
            marked=_join_marks(marked, n_sentences=len(texts.owners), n_labels=len(targets.labels)),
            config=config,
            origin=grown,
        )

    def fit_scouts(self, *, folds: NDArray[np.int64]) -> Scouts:
        """Fit the scouts of each fold and those of the model.

        Args:
            folds: The fold of each article, shape `(articles,)`.

        Returns:
            The scouts.
        """
        sentences = self.texts.weigh_sentences()
        everything = np.ones(len(folds), dtype=np.bool_)
        logits = np.zeros((sentences.shape[0], len(self.targets.labels)), dtype=np.float32)
        final = []
        for label in range(logits.shape[1]):
            for fold in np.unique(folds):
                held_out = folds[self.texts.owners] == fold
                scout = self._fit_scout(sentences, label=label, rows=folds != fold)
                logits[held_out, label] = scout.score(sentences[held_out])
            final.append(self._fit_scout(sentences, label=label, rows=everything))
        return Scouts(final, logits)

    def build_model(self, scouts: Scouts) -> LinearModel:
        """Fit the final regressions on all articles."""
        labels, features = self.targets.labels, len(self.texts.vocabulary)
        coefficients = empty_coefficients(features, n_labels=len(labels))
        everything = np.ones(self.texts.n_articles, dtype=np.bool_)
        focus = self._choose_focus(scouts)
        for label in range(len(labels)):
            found = self._fit(self._views(focus[:, label]), label=label, rows=everything, prior=self._prior(label))
            coefficients.scout[:, label] = scouts.final[label].coefficients
            coefficients.scout_intercept[label] = scouts.final[label].intercept
            coefficients.whole[:, label] = found.coefficients[:features]
            coefficients.focus[:, label] = found.coefficients[features:]
            coefficients.intercept[label] = found.intercept
            coefficients.judges[label] = self._judges(label)
        return LinearModel(
            labels,
            vocabulary=self.texts.vocabulary,
            coefficients=coefficients,
            focus_sentences=self.origin.focus_sentences,
        )

    def score_out_of_fold(self, scouts: Scouts, *, folds: NDArray[np.int64]) -> NDArray[np.float32]:
        """Each article's logits by final regressions of the other folds, shape `(articles, labels)`."""
        logits = np.zeros((self.texts.n_articles, len(self.targets.labels)), dtype=np.float32)
        focus = self._choose_focus(scouts)
        judged = self.texts.pool_sentences(scouts.sentence_logits)
        for label in range(logits.shape[1]):
            views = self._views(focus[:, label])
            for fold in np.unique(folds):
                found = self._fit(views, label=label, rows=folds != fold, prior=self._prior(label))
                logits[folds == fold, label] = found.score(views[folds == fold])
            if self._judges(label):
                logits[:, label] += judged[:, label]
        return logits

    def _judges(self, label: int) -> bool:
        """Whether the scout of a label learns, or has learned, from sentences."""
        return self._learns_from_sentences(label) or bool(self.origin.coefficients.judges[label])

    def _learns_from_sentences(self, label: int) -> bool:
        """Whether a label's sentences are marked, and judged negatives let the second regression follow; else the label stays as it was."""
        refuted = self.targets.judged[:, label] & ~self.targets.positive[:, label]
        marked = self.marked[:, label] == EVIDENCE
        return self.config.judge_sentences and bool(marked.any() and refuted.any())

    def _fit_scout(self, sentences: csr_matrix, *, label: int, rows: NDArray[np.bool_]) -> Regression:
        """Fit a scout on the sentences of some articles where a label's are marked, else on those articles whole."""
        if not self._judges(label):
            return self._fit(self.whole, label=label, rows=rows, prior=self._scout_prior(label))
        if not self._learns_from_sentences(label):
            return self._scout_prior(label)  # articles alone cannot teach a scout that judges sentences
        known = rows[self.texts.owners] & (self.marked[:, label] != UNKNOWN)
        evidence = self.marked[known, label] == EVIDENCE
        # Where other folds hold no evidence, a scout learns that there is none: untaught, it would think every sentence as likely as not.
        of_positive = (max((~evidence).sum(), 1) / max(evidence.sum(), 1)) ** self.config.judge_balance
        weights = self.config.judge_strength * np.where(evidence, of_positive, 1.0).astype(np.float32)
        return fit_regression(
            sentences[known],
            positive=evidence,
            weights=weights * self.importance[self.texts.owners[known]],
            prior=self._scout_prior(label),
        )

    def _choose_focus(self, scouts: Scouts) -> NDArray[np.bool_]:
        return self.texts.choose_focus(scouts.sentence_logits, focus_sentences=self.origin.focus_sentences)

    def _views(self, chosen: NDArray[np.bool_]) -> csr_matrix:
        return csr_matrix(hstack([self.whole, self.texts.weigh_articles(chosen)], format="csr"))

    def _fit(self, matrix: csr_matrix, *, label: int, rows: NDArray[np.bool_], prior: Regression) -> Regression:
        seen = self.targets.select(rows)
        return fit_regression(
            matrix[rows],
            positive=seen.positive[:, label],
            weights=_loss_weights(seen, label=label, config=self.config) * self.importance[rows],
            prior=prior,
        )

    def _scout_prior(self, label: int) -> Regression:
        origin = self.origin.coefficients
        if self._learns_from_sentences(label) and not origin.judges[label]:  # what it learned from articles is no start
            return Regression(np.zeros(len(self.texts.vocabulary), dtype=np.float32), 0.0)
        return Regression(origin.scout[:, label].astype(np.float32), float(origin.scout_intercept[label]))

    def _prior(self, label: int) -> Regression:
        origin = self.origin.coefficients
        views = np.concatenate([origin.whole[:, label], origin.focus[:, label]])
        return Regression(views.astype(np.float32), float(origin.intercept[label]))


def _join_marks(marked: Sequence[NDArray[np.int8]], *, n_sentences: int, n_labels: int) -> NDArray[np.int8]:
    """What is known of all sentences, shape `(sentences, labels)`; nothing of copies, nor where no article is marked."""
    joined = np.full((n_sentences, n_labels), UNKNOWN, dtype=np.int8)
    if marked:
        known = np.concatenate(marked)
        joined[: len(known)] = known
    return joined


def _loss_weights(targets: Targets, *, label: int, config: LinearConfig) -> NDArray[np.float32]:
    """How much each article's loss counts; nothing where nobody judged, or where there is nothing to tell apart."""
    judged, positive = targets.judged[:, label], targets.positive[:, label]
    n_positive, n_negative = int(positive.sum()), int((judged & ~positive).sum())
    if not n_positive or not n_negative:
        return np.zeros(len(judged), dtype=np.float32)
    of_positive = config.strength * (n_negative / n_positive) ** config.balance
    return np.where(positive, of_positive, np.where(judged, config.strength, 0.0)).astype(np.float32)


def _check_targets(targets: Targets, *, known: Sequence[str]) -> None:
    """Refuse labels that nothing can be learned about.

    Args:
        targets: Labels of the training articles.
        known: Labels that an older model brings along.

    Raises:
        DataError: If another label lacks positives or negatives.
    """
    positives = targets.positive.sum(axis=0)
    negatives = (targets.judged & ~targets.positive).sum(axis=0)
    faults = [
        f"  - {label}: {n_positive} articles that report it, {n_negative} judged not to"
        for label, n_positive, n_negative in zip(targets.labels, positives, negatives, strict=True)
        if label not in known and not (n_positive and n_negative)
    ]
    if faults:
        raise DataError(
            "A label is learned from articles that report it and articles that do not:\n"
            + "\n".join(faults)
            + "\nBring labelled articles of the missing kind, or take the label out of the typology."
        )
