"""Small valid things for tests to vary: a typology, records, a bundle without a model, a model that needs no weights."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from hawadith.bundle import Bundle, Manifest
from hawadith.calibration import uncalibrated
from hawadith.model import ArticleScores, RankedSentence
from hawadith.records import Field
from hawadith.text.article import PreparedArticle, PreparedField, TextProfile
from hawadith.typology import IncidentType, Pooling, Typology
from hawadith.windows import Windowing

SAMPLES = Path(__file__).parent.parent / "samples" / "articles.jsonl"
CONFIGS = Path(__file__).parent.parent / "configs"
SHARED_DATA = Path(__file__).parent.parent.parent / "shared" / "data"


def build_type(id_: str = "mine", *, pooling: Pooling = "max", since: int = 1) -> IncidentType:
    """An incident type that only its id tells apart."""
    return IncidentType(
        id=id_, name_ar=f"نوع {id_}", name_en=id_.title(), definition="What counts.", pooling=pooling, since=since
    )


def build_typology(*ids: str) -> Typology:
    """A typology of the given ids."""
    return Typology(version=1, labels=tuple(build_type(id_) for id_ in ids or ("mine", "arms")))


def build_manifest(*, kind: str = "linear") -> Manifest:
    """A manifest without files."""
    return Manifest(
        kind="linear" if kind == "linear" else "transformer",
        encoder="none",
        revision=None,
        profile=TextProfile(),
        windowing=Windowing(),
        data_fingerprint="0" * 64,
        code_version="0.1.0",
    )


def build_bundle(*ids: str) -> Bundle:
    """A bundle that is on no disk, for classifiers whose model is a stand-in."""
    typology = build_typology(*ids)
    return Bundle(
        path=Path("nowhere"), manifest=build_manifest(), typology=typology, calibration=uncalibrated(typology.ids)
    )


def _fields(article: PreparedArticle) -> list[tuple[Field, PreparedField]]:
    return [("title", article.title), ("text", article.text)]


class KeywordModel:
    """Gives +4 for a label whose keyword the text holds, -4 otherwise; raises or goes non-finite on request.

    An article with the word `سم` (poison) makes the whole batch raise; `عدم` gives a logit that is not a number.
    """

    def __init__(self, keywords: Sequence[str]) -> None:
        self._keywords = keywords

    def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
        """Score by keyword."""
        texts = [f"{article.title.profile.text} {article.text.profile.text}" for article in articles]
        if any("سم" in text.split() for text in texts):
            raise RuntimeError("poisoned")
        logits = np.array([[4.0 if k in text else -4.0 for k in self._keywords] for text in texts], dtype=np.float32)
        logits[["عدم" in text.split() for text in texts]] = np.nan
        n = len(articles)
        return ArticleScores(
            logits=logits.reshape(n, len(self._keywords)),
            n_tokens=np.array([len(text.split()) for text in texts], dtype=np.int32),
            n_windows=np.ones(n, dtype=np.int32),
            truncated=np.zeros(n, dtype=np.bool_),
        )

    def rank_sentences(self, article: PreparedArticle, *, labels: Sequence[int]) -> list[list[RankedSentence]]:
        """Sentences with the keyword first."""
        ranked = []
        for label in labels:
            sentences = [
                RankedSentence(
                    field=name,
                    index=index,
                    score=float(self._keywords[label] in field.raw[start:end]),
                )
                for name, field in _fields(article)
                for index, (start, end) in enumerate(field.sentences.tolist())
            ]
            ranked.append(sorted(sentences, key=lambda s: -s.score))
        return ranked
