"""The public face: load a bundle, read articles, say which incident types each reports and by which sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hawadith.bundle import Bundle, read_bundle
from hawadith.errors import BundleError, ConfigError
from hawadith.evidence import select_evidence
from hawadith.loading import describe_runtime, load_model
from hawadith.model import ArticleModel, ArticleScores
from hawadith.prediction import Evidence, Prediction
from hawadith.records import Record
from hawadith.text.article import PreparedArticle, prepare_article
from hawadith.typology import Typology


class IncidentClassifier:
    """Classifies Arabic news articles into the incident types of a bundle.

    Not bound to a thread, but not to be shared by several at once.

    Args:
        bundle: What the model's outputs mean: typology, calibration, text profile.
        model: The loaded model.

    Example:
        >>> classifier = IncidentClassifier.load()
        >>> [prediction] = classifier.predict(["قُتل مزارعان بانفجار لغم أرضي في حقل قرب البلدة."])
        >>> prediction.labels
        ('landmine_casualties',)
    """

    def __init__(self, bundle: Bundle, *, model: ArticleModel) -> None:
        self.bundle = bundle
        self._model = model

    @classmethod
    def load(cls, path: Path | str | None = None) -> Self:
        """Load a bundle.

        Args:
            path: The bundle's folder; the bundled default model when not given.

        Returns:
            A classifier, ready to predict.

        Raises:
            BundleError: If the folder is no whole, unaltered bundle of a known format.
        """
        bundle = read_bundle(default_bundle() if path is None else Path(path))
        return cls(bundle, model=load_model(bundle))

    @property
    def typology(self) -> Typology:
        """The incident types that this model knows."""
        return self.bundle.typology

    @property
    def model_id(self) -> str:
        """Names the exact model: its kind and the start of its bundle's hash."""
        return self.bundle.model_id

    def describe(self) -> Mapping[str, object]:
        """What predictions depend on: bundle, text profile, windows, thresholds, runtime and precision."""
        manifest, runtime = self.bundle.manifest, describe_runtime(self.bundle)
        return {
            "bundle": self.bundle.identity,
            "profile": asdict(manifest.profile),
            "windows": asdict(manifest.windowing),
            "thresholds": {label.label: label.threshold for label in self.bundle.calibration.labels},
            "runtime": runtime.library,
            "precision": runtime.precision,
        }

    def predict(self, articles: Sequence[Record | str], *, evidence: bool = True) -> list[Prediction]:
        """Classify articles.

        An article's prediction does not depend on its neighbours.

        Args:
            articles: Records, or plain texts without a title (their ids are their positions).
            evidence: Find the sentences that speak for each given label.

        Returns:
            One prediction per article, in order.

        Raises:
            TypeError: If given one text instead of a list of them.
        """
        records = as_records(articles)
        prepared = [
            prepare_article(record.title, record.text, profile=self.bundle.manifest.profile) for record in records
        ]
        predictions = [Prediction(id=record.id, status="empty", scores={}) for record in records]
        readable = [position for position, article in enumerate(prepared) if not article.is_empty]
        if not readable:
            return predictions
        scores = self._model.score([prepared[position] for position in readable])
        probabilities = self.bundle.calibration.probabilities(scores.logits)
        for row, position in enumerate(readable):
            predictions[position] = self._build_prediction(
                records[position].id,
                article=prepared[position],
                scores=scores,
                row=row,
                probabilities=probabilities[row],
                evidence=evidence,
            )
        return predictions

    def rank_evidence(self, article: Record | str, *, labels: Sequence[str]) -> tuple[Evidence, ...]:
        """Find the sentences that speak most for labels, whether the article would be given them or not.

        For the given ones these are the sentences that `predict` shows. For others they say where the model would look: for a reader of
        misses, and to measure evidence on every article that reports an incident.

        Args:
            article: A record, or a plain text without a title.
            labels: Label ids.

        Returns:
            For each label its sentences, best first; none where the article holds nothing readable.

        Raises:
            ConfigError: If the model does not know a label.
        """
        foreign = [label for label in labels if label not in self.typology.ids]
        if foreign:
            raise ConfigError(
                f"This model does not know {', '.join(foreign)}; ask for some of {', '.join(self.typology.ids)}."
            )
        record = _as_record(article, 0)
        prepared = prepare_article(record.title, record.text, profile=self.bundle.manifest.profile)
        if prepared.is_empty:
            return ()
        return self._find_evidence(prepared, columns=[self.typology.ids.index(label) for label in labels])

    def _build_prediction(
        self,
        id_: str,
        *,
        article: PreparedArticle,
        scores: ArticleScores,
        row: int,
        probabilities: NDArray[np.float64],
        evidence: bool,
    ) -> Prediction:
        n_tokens, n_windows = int(scores.n_tokens[row]), int(scores.n_windows[row])
        if not np.isfinite(scores.logits[row]).all():
            error = "The model gave a logit that is not a number."
            return Prediction(
                id=id_, status="nonfinite", scores={}, n_tokens=n_tokens, n_windows=n_windows, error=error
            )
        truncated = bool(scores.truncated[row]) or article.truncated
        given = np.flatnonzero(probabilities >= self.bundle.calibration.thresholds).tolist()
        return Prediction(
            id=id_,
            status="truncated" if truncated else "ok",
            labels=tuple(self.typology.ids[column] for column in given),
            scores=dict(zip(self.typology.ids, probabilities.tolist(), strict=True)),
            evidence=self._find_evidence(article, columns=given) if evidence else (),
            n_tokens=n_tokens,
            n_windows=n_windows,
            truncated=truncated,
            n_unknown=0 if scores.n_unknown is None else int(scores.n_unknown[row]),
        )

    def _find_evidence(self, article: PreparedArticle, *, columns: Sequence[int]) -> tuple[Evidence, ...]:
        if not columns:
            return ()
        ranked = self._model.rank_sentences(article, labels=columns)
        named = [self.typology.ids[column] for column in columns]
        return select_evidence(article, ranked=dict(zip(named, ranked, strict=True)))


def default_bundle() -> Path:
    """The folder of the bundled default model.

    Returns:
        The folder inside the installed package.

    Raises:
        BundleError: If this installation holds none.
    """
    folder = Path(str(files("hawadith").joinpath("default_model")))
    if not folder.is_dir():
        raise BundleError(
            f"This installation has no bundled model ({folder}). Name one with --model, or install a released wheel."
        )
    return folder


def as_records(articles: Sequence[Record | str]) -> list[Record]:
    """Take plain texts for records, as every `predict` does.

    Args:
        articles: Records, or plain texts without a title (their ids are their positions).

    Returns:
        The records, in order.

    Raises:
        TypeError: If given one text instead of a list of them.
    """
    if isinstance(articles, str):
        raise TypeError("predict takes a list of articles; for one text, give [text].")
    return [_as_record(article, position) for position, article in enumerate(articles)]


def _as_record(article: Record | str, position: int) -> Record:
    return Record(id=str(position), text=article) if isinstance(article, str) else article
