"""One fit for both kinds of model: the only place where training asks which kind it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hawadith.bundle import Bundle, read_bundle
from hawadith.errors import BundleError
from hawadith.linear.model import LinearModel
from hawadith.model import ArticleScores, RankedSentence
from hawadith.text.article import PreparedArticle
from hawadith.typology import load_typology
from hawadith.windows import Windowing
from hawadith_evaluation.duplicates import group_records
from hawadith_evaluation.targets import Targets
from hawadith_training.articles import LabelledArticles
from hawadith_training.augment import append_copies
from hawadith_training.config import TrainConfig
from hawadith_training.data.folds import fold_groups
from hawadith_training.data.sentence_targets import build_sentence_targets
from hawadith_training.linear.fit import cross_fit_linear, fit_linear

_PUT_ASIDE = 10  # one part in ten


class Fitted(Protocol):
    """A model fresh from its fit: it scores, ranks sentences where that costs little, and writes its files of a bundle."""

    @property
    def encoder(self) -> str:
        """Origin of the encoder, for the manifest."""
        ...

    @property
    def revision(self) -> str | None:
        """The encoder's hub revision where one was pinned."""
        ...

    @property
    def windowing(self) -> Windowing:
        """How articles are cut."""
        ...

    def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
        """Score articles, none of them empty."""
        ...

    def rank_sentences(self, article: PreparedArticle, *, labels: Sequence[int]) -> list[list[RankedSentence]]:
        """For each of the given label positions, the article's sentences, best first; none for each where this fit does not rank."""
        ...

    def write(self, folder: Path) -> None:
        """Write the model's files of a bundle."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FittedLinear:
    """A linear model fresh from its fit.

    Attributes:
        model: The very model that a bundle's reader gets.
        encoder: A linear model has none.
        revision: Nor a revision of it.
        windowing: It reads articles whole.
    """

    model: LinearModel
    encoder: str = "none"
    revision: str | None = None
    windowing: Windowing = field(default_factory=Windowing)

    def score(self, articles: Sequence[PreparedArticle]) -> ArticleScores:
        """Score articles, none of them empty."""
        return self.model.score(articles)

    def rank_sentences(self, article: PreparedArticle, *, labels: Sequence[int]) -> list[list[RankedSentence]]:
        """For each of the given label positions, the article's sentences, best first."""
        return self.model.rank_sentences(article, labels=labels)

    def write(self, folder: Path) -> None:
        """Write the model's files of a bundle."""
        self.model.save(folder)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FitResult:
    """A fitted model, and articles that it can be calibrated on.

    Attributes:
        fitted: The model.
        unseen: Articles that were scored by a model which had not learned from them.
        logits: Their logits, shape `(articles, labels)`.
        groups: Their near-duplicate group numbers, shape `(articles,)`.
        how: Which articles those are, in words.
    """

    fitted: Fitted
    unseen: LabelledArticles
    logits: NDArray[np.float32]
    groups: NDArray[np.int64]
    how: str


def fit_model(
    learned: LabelledArticles,
    *,
    held_out: LabelledArticles | None,
    config: TrainConfig,
    work: Path,
    resume: bool = False,
) -> FitResult:
    """Fit the configured kind of model.

    Without held-out articles a linear model learns from all and is calibrated by cross-fitting, which costs little; a transformer puts a
    tenth of the articles aside, duplicate groups whole. Auxiliary articles are learned from and nothing else.

    Args:
        learned: Articles to learn from.
        held_out: Articles to calibrate on; a transformer also stops early by them.
        config: Everything that decides how.
        work: Folder for a transformer's checkpoints.
        resume: Continue a transformer from its newest whole checkpoint.

    Returns:
        The fitted model with unseen articles and their logits.

    Raises:
        BundleError: If `init_from` is no bundle of the configured kind.
        DataError: If a label has nothing to learn from, or marks that a linear model shall learn from cannot be read.
    """
    if config.encoder.kind == "linear":
        return _fit_linear(learned, held_out=held_out, config=config)
    # Imported late: torch takes seconds, and a linear fit does not need it.
    from hawadith_training.encoder.fit import fit_encoder

    how = "held-out articles"
    if held_out is None:
        how = "a tenth of the training articles, put aside"
        rows = learned.measured
        measured = learned.select(rows)
        groups = group_records(measured.records)
        folds = fold_groups(measured.targets.positive, groups=groups, n_folds=_PUT_ASIDE, seed=config.seed)
        aside = rows[folds == 0]
        learned, held_out = learned.select(np.delete(np.arange(len(learned.records)), aside)), learned.select(aside)
        groups = groups[folds == 0]
    else:
        groups = group_records(held_out.records)
    articles, rows = append_copies(learned.articles, learned.copies)
    encoder = fit_encoder(
        articles,
        targets=learned.targets.select(rows),
        taught=None if learned.taught is None else learned.taught[rows],
        dev_articles=held_out.articles,
        dev_targets=held_out.targets,
        config=config,
        work_dir=work,
        resume=resume,
    )
    logits = encoder.score(held_out.articles).logits
    return FitResult(fitted=encoder, unseen=held_out, logits=logits, groups=groups, how=how)


def _fit_linear(learned: LabelledArticles, *, held_out: LabelledArticles | None, config: TrainConfig) -> FitResult:
    init = read_init(config)
    typology = load_typology(Path(config.typology))
    marked = build_sentence_targets(learned) if config.linear.judge_sentences else ()
    targets = _judge_articles(learned)
    if held_out is None:
        groups = group_records(learned.records)
        crossed = cross_fit_linear(
            learned.articles,
            targets=targets,
            copies=learned.copies,
            marked=marked,
            config=config.linear,
            seed=config.seed,
            groups=groups,
            init=init,
            typology=typology,
        )
        fitted = FittedLinear(model=crossed.model)
        return FitResult(
            fitted=fitted,
            unseen=learned.select(learned.measured),
            logits=crossed.logits[learned.measured],
            groups=groups[learned.measured],
            how="the training articles, cross-fitted",
        )
    model = fit_linear(
        learned.articles,
        targets=targets,
        copies=learned.copies,
        marked=marked,
        config=config.linear,
        seed=config.seed,
        init=init,
        typology=typology,
    )
    logits = model.score(held_out.articles).logits
    return FitResult(
        fitted=FittedLinear(model=model),
        unseen=held_out,
        logits=logits,
        groups=group_records(held_out.records),
        how="held-out articles",
    )


def _judge_articles(learned: LabelledArticles) -> Targets:
    """The targets of a regression over articles: a sentence on its own is none, and its like would make incidents twice as frequent."""
    if learned.fragments is None:
        return learned.targets
    whole = ~learned.fragments[:, None]
    return replace(learned.targets, positive=learned.targets.positive & whole, judged=learned.targets.judged & whole)


def read_init(config: TrainConfig) -> Bundle | None:
    """The bundle to grow from.

    Args:
        config: A checked configuration.

    Returns:
        The bundle, or None where `init_from` names none.

    Raises:
        BundleError: If it is no whole bundle, or of the other kind.
    """
    if config.init_from is None:
        return None
    bundle = read_bundle(Path(config.init_from))
    if bundle.manifest.kind != config.encoder.kind:
        raise BundleError(
            f"init_from {config.init_from} is a {bundle.manifest.kind} bundle; encoder.kind is {config.encoder.kind}. "
            "A model grows from its own kind: set encoder.kind, or leave init_from out."
        )
    return bundle
