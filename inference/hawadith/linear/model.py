"""The linear model: one logistic regression per label over two views of an article, scored with numpy alone.

A whole article drowns the one sentence that reports an incident. So a first regression, the *scout*, scores every sentence as if it stood
alone; the best few are the *focus*, and a second regression reads the *whole* article and the focus side by side. Both views are sums over
n-grams, and an n-gram belongs to one sentence, so that what a sentence says for a label is read off the coefficients themselves.

A scout that learned from marked sentences judges, it does not only choose: its probabilities that a sentence reports the incident, joined
by noisy-or (an article reports what at least one sentence reports; Pearl 1988), are a second opinion, added to the article's logit. In
cross-validation either opinion alone ranks worse than their sum (docs/results.md; 2026-11).

Evidence is ranked by that judgement where there is one. Elsewhere by what each sentence says in both views as if all were in focus: the
scout's choice is all or nothing, and where a chosen sentence is gone the next one takes its place, so that ranked by what they add to the
logit, chosen sentences stand too high. On 3,861 real articles the sentences ranked so cost more probability when they are cut out, for
every label (docs/results.md; 2026-11).
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from hawadith.bundle import Bundle, read_json, write_json
from hawadith.errors import BundleError
from hawadith.linear.features import FEATURES_VERSION, read_grams
from hawadith.linear.vocabulary import SentenceCounts, Vocabulary
from hawadith.model import ArticleScores, RankedSentence
from hawadith.text.article import PreparedArticle

SETTINGS = "linear.json"
WEIGHTS = "model.safetensors"

_SMALLEST = 1e-12  # of a probability that noisy-or tells from 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coefficients:
    """What a linear model learned, kept in half precision.

    Attributes:
        scout: For a sentence alone, shape `(features, labels)`.
        scout_intercept: Shape `(labels,)`.
        whole: For the whole article, shape `(features, labels)`.
        focus: For the scout's best sentences, shape `(features, labels)`.
        intercept: Of the article's logit, shape `(labels,)`.
        judges: 1 where the scout learned from marked sentences and is heard on the article, else 0; shape `(labels,)`.
    """

    scout: NDArray[np.float16]
    scout_intercept: NDArray[np.float32]
    whole: NDArray[np.float16]
    focus: NDArray[np.float16]
    intercept: NDArray[np.float32]
    judges: NDArray[np.float32]


class LinearModel:
    """Scores articles, each on its own.

    Args:
        labels: Label ids, in output order.
        vocabulary: The known n-grams.
        coefficients: What was learned about them.
        focus_sentences: How many sentences the second view reads, per label.
    """

    def __init__(
        self, labels: Sequence[str], *, vocabulary: Vocabulary, coefficients: Coefficients, focus_sentences: int
    ) -> None:
        self.labels = tuple(labels)
        self.vocabulary = vocabulary
        self.coefficients = coefficients
        self.focus_sentences = focus_sentences
        # Every article gathers thousands of coefficients; from half precision each would be converted on the way.
        self._scout, self._whole, self._focus = (
            weights.astype(np.float32) for weights in (coefficients.scout, coefficients.whole, coefficients.focus)
        )

    @classmethod
    def load(cls, bundle: Bundle) -> "LinearModel":
        """Load a linear bundle.

        Args:
            bundle: A verified bundle.

        Returns:
            The model, ready to score.

        Raises:
            BundleError: If weights, settings and typology do not fit each other, or need another version of hawadith.
        """
        model = _read_model(bundle.path)
        if model.labels != bundle.typology.ids:
            raise BundleError(
                f"{bundle.path}: the weights are of labels {model.labels}, the typology names {bundle.typology.ids}. "
                "Train the bundle again."
            )
        return model

    def save(self, folder: Path) -> None:
        """Write the model's files into a bundle's folder."""
        arrays = {
            "words": self.vocabulary.words,
            "chars": self.vocabulary.chars,
            "idf": self.vocabulary.idf,
            **{field.name: getattr(self.coefficients, field.name) for field in fields(Coefficients)},
        }
        save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, folder / WEIGHTS)
        settings = {
            "features_version": FEATURES_VERSION,
            "labels": list(self.labels),
            "focus_sentences": self.focus_sentences,
        }
        write_json(folder / SETTINGS, settings)

    def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
        """Score articles; a linear model reads an article whole, in one window.

        Args:
            articles: Prepared articles.

        Returns:
            Their scores, in order; `n_tokens` counts words.
        """
        logits = np.zeros((len(articles), len(self.labels)), dtype=np.float32)
        n_words = np.zeros(len(articles), dtype=np.int32)
        n_unknown = np.zeros(len(articles), dtype=np.int32)
        for row, article in enumerate(articles):
            grams = read_grams(article)
            n_words[row] = grams.n_words
            n_unknown[row] = self.vocabulary.count_unknown(grams)
            logits[row] = self._score_article(self.vocabulary.count(grams))
        return ArticleScores(
            logits=logits,
            n_tokens=n_words,
            n_windows=np.ones(len(articles), dtype=np.int32),
            truncated=np.array([article.truncated for article in articles], dtype=np.bool_),
            n_unknown=n_unknown,
        )

    def rank_sentences(self, article: PreparedArticle, *, labels: Sequence[int]) -> list[list[RankedSentence]]:
        """Rank an article's sentences by what they say for its labels.

        Args:
            article: A prepared article.
            labels: Label positions.

        Returns:
            For each of them all sentences, best first. A score is the probability that the sentence reports the incident, where sentences
            were learned from; else what it says in both views: where all sentences are in focus these and the intercept add up to the
            article's logit.
        """
        counts = self.vocabulary.count(read_grams(article))
        judged = np.exp(-np.logaddexp(0.0, -self._scout_sentences(counts)))
        said = np.where(self.coefficients.judges > 0, judged, self._read_in_focus(counts))
        n_title = len(article.title.sentences)
        return [
            [
                RankedSentence(
                    field="title" if sentence < n_title else "text",
                    index=sentence if sentence < n_title else sentence - n_title,
                    score=float(said[sentence, label]),
                )
                for sentence in np.argsort(-said[:, label], kind="stable").tolist()
            ]
            for label in labels
        ]

    def _score_article(self, counts: SentenceCounts) -> NDArray[np.float64]:
        """The logits of an article, shape `(labels,)`."""
        judged = self._scout_sentences(counts)
        views = self._contributions(counts, focus=choose_focus(judged, focus_sentences=self.focus_sentences)).sum(
            axis=0
        )
        return np.asarray(views + self.coefficients.intercept + self.coefficients.judges * noisy_or(judged))

    def _contributions(self, counts: SentenceCounts, *, focus: NDArray[np.bool_]) -> NDArray[np.float64]:
        """What each sentence adds to each logit by the two views, shape `(sentences, labels)`."""
        whole = self._weigh_together(counts.features, counts.counts)[:, None] * self._whole[counts.features]
        contributions = np.zeros((counts.n_sentences, len(self.labels)))
        for label in range(len(self.labels)):
            pairs = focus[counts.sentences, label]
            features = counts.features[pairs]
            added = whole[:, label]
            added[pairs] += self._weigh_together(features, counts.counts[pairs]) * self._focus[features, label]
            contributions[:, label] = np.bincount(counts.sentences, weights=added, minlength=counts.n_sentences)
        return contributions

    def _read_in_focus(self, counts: SentenceCounts) -> NDArray[np.float64]:
        """What each sentence would add to each logit if all were in focus, shape `(sentences, labels)`."""
        views = self._whole[counts.features] + self._focus[counts.features]
        added = self._weigh_together(counts.features, counts.counts)[:, None] * views
        sums = [np.bincount(counts.sentences, weights=column, minlength=counts.n_sentences) for column in added.T]
        return np.stack(sums, axis=1, dtype=np.float64)

    def _scout_sentences(self, counts: SentenceCounts) -> NDArray[np.float64]:
        """The logits of every sentence as an article of its own, shape `(sentences, labels)`."""
        weights = self.vocabulary.weigh(
            counts.features, counts=counts.counts, rows=counts.sentences, n_rows=counts.n_sentences
        )
        products = weights[:, None] * self._scout[counts.features]
        sums = [np.bincount(counts.sentences, weights=column, minlength=counts.n_sentences) for column in products.T]
        return np.stack(sums, axis=1, dtype=np.float64) + self.coefficients.scout_intercept.astype(np.float64)

    def _weigh_together(self, features: NDArray[np.int64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each pair of sentence and n-gram weighs in the text of all the sentences, shape `(pairs,)`.

        The weight of an n-gram is shared out over the sentences that hold it, by its counts.
        """
        known, slots = np.unique(features, return_inverse=True)
        totals = np.bincount(slots, weights=counts).astype(np.float64)
        weights = self.vocabulary.weigh(known, counts=totals, rows=np.zeros_like(known), n_rows=1)
        return np.asarray((weights / totals)[slots] * counts, dtype=np.float64)


def noisy_or(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """The logit that at least one of several independent events holds (noisy-or; Pearl 1988, section 4.3.2).

    Args:
        logits: Of the events, shape `(events, labels)`.

    Returns:
        `log(exp(sum_i log(1 + exp(x_i))) - 1)` per label, shape `(labels,)`, finite; a great negative number where there are no events.
    """
    none_holds = np.logaddexp(0.0, logits.astype(np.float64)).sum(axis=0)  # minus the logarithm of its probability
    none_holds = np.maximum(none_holds, _SMALLEST)
    return np.asarray(none_holds + np.log(-np.expm1(-none_holds)))


def choose_focus(scout: NDArray[np.floating], *, focus_sentences: int) -> NDArray[np.bool_]:
    """The sentences that the second view reads.

    Args:
        scout: The scout's logits, shape `(sentences, labels)`.
        focus_sentences: How many to choose per label.

    Returns:
        True for the best ones of each label, shape `(sentences, labels)`; of equals the earlier.
    """
    chosen = np.zeros(scout.shape, dtype=np.bool_)
    best = np.argsort(-scout, axis=0, kind="stable")[:focus_sentences]
    np.put_along_axis(chosen, best, values=True, axis=0)
    return chosen


def _read_model(folder: Path) -> LinearModel:
    settings = read_json(folder / SETTINGS)
    if not isinstance(settings, dict) or settings.get("features_version") != FEATURES_VERSION:
        raise BundleError(
            f"{folder / SETTINGS}: n-grams of version {settings.get('features_version') if isinstance(settings, dict) else None!r}, this "
            f"hawadith cuts version {FEATURES_VERSION}. Use the hawadith that trained the bundle, or train it again."
        )
    try:
        arrays = load_file(folder / WEIGHTS)
        vocabulary = Vocabulary(**{name: arrays.pop(name) for name in ("words", "chars", "idf")})
        # Bundles from before there were judges.
        arrays.setdefault("judges", np.zeros(len(settings["labels"]), dtype=np.float32))
        model = LinearModel(
            [str(label) for label in settings["labels"]],
            vocabulary=vocabulary,
            coefficients=Coefficients(**arrays),
            focus_sentences=int(settings["focus_sentences"]),
        )
    except (KeyError, TypeError, ValueError, OSError, SafetensorError) as error:
        raise BundleError(
            f"{folder}: {WEIGHTS} or {SETTINGS} is no linear model: {error!r}. Train the bundle again."
        ) from error
    _check_shapes(model, folder=folder)
    return model


def _check_shapes(model: LinearModel, *, folder: Path) -> None:
    n_features, n_labels = len(model.vocabulary), len(model.labels)
    expected: dict[str, tuple[NDArray[np.floating], tuple[int, ...]]] = {
        "idf": (model.vocabulary.idf, (n_features,)),
        "scout": (model.coefficients.scout, (n_features, n_labels)),
        "whole": (model.coefficients.whole, (n_features, n_labels)),
        "focus": (model.coefficients.focus, (n_features, n_labels)),
        "scout_intercept": (model.coefficients.scout_intercept, (n_labels,)),
        "intercept": (model.coefficients.intercept, (n_labels,)),
        "judges": (model.coefficients.judges, (n_labels,)),
    }
    for name, (array, shape) in expected.items():
        if array.shape != shape or not np.isfinite(array).all():
            raise BundleError(
                f"{folder / WEIGHTS}: {name} has shape {array.shape}, expected {shape} of finite numbers. Train the bundle again."
            )
    for name, keys in (("words", model.vocabulary.words), ("chars", model.vocabulary.chars)):
        if keys.ndim != 1 or (keys[1:] <= keys[:-1]).any():
            raise BundleError(f"{folder / WEIGHTS}: {name} are not ascending. Train the bundle again.")
