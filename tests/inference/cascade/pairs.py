"""Pairs of stand-in models: a small one that knows explosions, a large one that knows mines, and a plan that fits them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from tests.builders import KeywordModel, build_bundle

from hawadith.bundle import Bundle
from hawadith.bundle_files import FileEntry
from hawadith.cascade.classifier import CascadeClassifier
from hawadith.cascade.plan import CascadePlan
from hawadith.classifier import IncidentClassifier
from hawadith.model import ArticleModel, ArticleScores, RankedSentence
from hawadith.text.article import PreparedArticle

MINE = "انفجر لغم قرب القرية. وعاد الناس."
SHELL = "انفجر صاروخ قرب القرية."
CALM = "خبر عادي عن السوق."


def build_named_bundle(name: str, *labels: str) -> Bundle:
    """A bundle on no disk whose identity follows from its name."""
    bundle = build_bundle(*labels or ("mine",))
    return replace(bundle, manifest=replace(bundle.manifest, files={"model": FileEntry(size=1, sha256=name)}))


class SureModel:
    """Gives every article every label, whatever it holds: where a row has labels, this model decided it."""

    def __init__(self) -> None:
        self.seen = 0

    def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
        """Score, and count."""
        n = len(articles)
        self.seen += n
        ones = np.ones(n, dtype=np.int32)
        return ArticleScores(
            logits=np.full((n, 1), 4.0, dtype=np.float32),
            n_tokens=ones,
            n_windows=ones,
            n_unknown=np.zeros(n, dtype=np.int32),
            truncated=np.zeros(n, dtype=np.bool_),
        )

    def rank_sentences(self, article: PreparedArticle, *, labels: Sequence[int]) -> list[list[RankedSentence]]:
        """The first sentence."""
        return [[RankedSentence(field="text", index=0, score=1.0)] for _ in labels]


def build_small(model: ArticleModel | None = None) -> IncidentClassifier:
    """A classifier whose probability of mines is 0.98 where something explodes, else 0.02."""
    return IncidentClassifier(build_named_bundle("small"), model=model or KeywordModel(["انفجر"]))


def build_large(model: ArticleModel | None = None) -> IncidentClassifier:
    """A classifier that gives mines where a mine is named."""
    return IncidentClassifier(build_named_bundle("large"), model=model or KeywordModel(["لغم"]))


def build_plan(threshold: float = 0.5) -> CascadePlan:
    """A plan of the two."""
    return CascadePlan(
        large=build_large().bundle.identity,
        small=build_small().bundle.identity,
        thresholds={"mine": threshold},
        at_most=0.02,
        confidence=0.9,
    )


def build_cascade(
    *, threshold: float = 0.5, large: ArticleModel | None = None, small: ArticleModel | None = None
) -> CascadeClassifier:
    """A cascade of the two."""
    return CascadeClassifier(build_plan(threshold), large=build_large(large), small=build_small(small))
