"""One fit for both kinds of model: the only place where training asks which kind it is."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from hawadith.linear.model import LinearModel

from hawadith.bundle import Bundle, read_bundle
from hawadith.errors import BundleError
from hawadith.model import ArticleScores
from hawadith.text.article import PreparedArticle
from hawadith.windows import Windowing
from hawadith_training.articles import LabelledArticles
from hawadith_training.config import TrainConfig
from hawadith_training.linear.fit import fit_linear


class Fitted(Protocol):
    """A model fresh from its fit: it scores, and writes its files of a bundle."""

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

    def score(self, articles: list[PreparedArticle]) -> ArticleScores:
        """Score articles, none of them empty."""
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

    def score(self, articles: list[PreparedArticle]) -> ArticleScores:
        """Score articles, none of them empty."""
        return self.model.score(articles)

    def write(self, folder: Path) -> None:
        """Write the model's files of a bundle."""
        self.model.save(folder)


def fit_model(
    learned: LabelledArticles, *, held_out: LabelledArticles, config: TrainConfig, work: Path, resume: bool = False
) -> Fitted:
    """Fit the configured kind of model.

    Args:
        learned: Articles to learn from.
        held_out: Articles that are not learned from; a transformer stops early by them. May be empty.
        config: Everything that decides how.
        work: Folder for a transformer's checkpoints.
        resume: Continue a transformer from its newest whole checkpoint.

    Returns:
        The fitted model.

    Raises:
        BundleError: If `init_from` is no bundle of the configured kind.
        DataError: If a label has nothing to learn from.
    """
    if config.encoder.kind == "linear":
        init = read_init(config)
        model = fit_linear(learned.articles, targets=learned.targets, config=config.linear, seed=config.seed, init=init)
        return FittedLinear(model=model)
    # Imported late: torch takes seconds, and a linear fit does not need it.
    from hawadith_training.encoder.fit import fit_encoder

    return fit_encoder(
        learned.articles,
        targets=learned.targets,
        dev_articles=held_out.articles,
        dev_targets=held_out.targets,
        config=config,
        work_dir=work,
        resume=resume,
    )


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
