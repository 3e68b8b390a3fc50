"""Fitting the linear model: a scout for sentences, then one regression per label over the whole article and its best sentences.

A scout learns from articles, as if each were one long sentence; where sentences are marked, from these, and then it also judges.

The second regression must see sentences chosen as they will be for a new article. A scout that learned an article's label finds in it
what proves the label, so the training articles' sentences are ranked by scouts of other folds (as in stacking, Wolpert 1992); only the
scout that goes into the model learns from all articles.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.bundle import Bundle
from hawadith.linear.model import LinearModel
from hawadith.text.article import PreparedArticle
from hawadith.typology import Typology
from hawadith_evaluation.targets import Targets
from hawadith_training.augment import append_copies
from hawadith_training.data.folds import fold_groups
from hawadith_training.linear.config import LinearConfig
from hawadith_training.linear.stages import FitStages


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossFit:
    """A fitted model, and what its recipe says of the training articles when it has not seen them.

    Attributes:
        model: Fitted on all articles.
        logits: Each article's by a model of other folds, shape `(articles, labels)`: fit for calibration and thresholds.
    """

    model: LinearModel
    logits: NDArray[np.float32]


def fit_linear(
    articles: Sequence[PreparedArticle],
    *,
    targets: Targets,
    config: LinearConfig,
    seed: int,
    copies: Sequence[PreparedArticle | None] = (),
    marked: Sequence[NDArray[np.int8]] = (),
    init: Bundle | None = None,
    typology: Typology | None = None,
) -> LinearModel:
    """Fit a linear model.

    Args:
        articles: Training articles.
        targets: Their labels.
        config: How to fit.
        seed: Decides the scouts' folds; the same seed gives the same model.
        copies: Of each article a changed copy to learn from in the same fold, or None; the n-grams to know come from the articles alone.
        marked: Of each article what is known of its sentences, as `build_sentence_targets` gives it; none when empty.
        init: A linear bundle to grow from: its vocabulary stays, labels are matched by id, and the fit shrinks towards its coefficients
            instead of towards zero. An old label without a judged positive and a judged negative among the articles is kept as it was.
        typology: Of the targets' labels, in their order: labels that it renamed since `init` keep what they learned.

    Returns:
        The model.

    Raises:
        DataError: If a label has no positive or no negative to learn from.
    """
    everything, rows = append_copies(articles, copies)
    stages = FitStages.prepare(
        everything,
        targets=targets.select(rows),
        marked=marked,
        n_originals=len(articles),
        config=config,
        init=init,
        typology=typology,
    )
    folds = _fold(targets, groups=None, config=config, seed=seed)
    return stages.build_model(stages.fit_scouts(folds=folds[rows]))


def cross_fit_linear(
    articles: Sequence[PreparedArticle],
    *,
    targets: Targets,
    config: LinearConfig,
    seed: int,
    copies: Sequence[PreparedArticle | None] = (),
    marked: Sequence[NDArray[np.int8]] = (),
    groups: NDArray[np.int64] | None = None,
    init: Bundle | None = None,
    typology: Typology | None = None,
) -> CrossFit:
    """Fit a linear model, and score every training article by models that have not seen it.

    Args:
        articles: Training articles.
        targets: Their labels.
        config: How to fit.
        seed: Decides the folds; the same seed gives the same model.
        copies: As in `fit_linear`.
        marked: As in `fit_linear`.
        groups: Numbers of near-duplicate groups, which share a fold, shape `(articles,)`; each article its own when None.
        init: As in `fit_linear`.
        typology: As in `fit_linear`.

    Returns:
        The model and the training articles' logits.

    Raises:
        DataError: If a label has no positive or no negative to learn from.
    """
    everything, rows = append_copies(articles, copies)
    stages = FitStages.prepare(
        everything,
        targets=targets.select(rows),
        marked=marked,
        n_originals=len(articles),
        config=config,
        init=init,
        typology=typology,
    )
    folds = _fold(targets, groups=groups, config=config, seed=seed)[rows]
    scouts = stages.fit_scouts(folds=folds)
    logits = stages.score_out_of_fold(scouts, folds=folds)
    return CrossFit(model=stages.build_model(scouts), logits=logits[: len(articles)])


def _fold(targets: Targets, *, groups: NDArray[np.int64] | None, config: LinearConfig, seed: int) -> NDArray[np.int64]:
    """Folds for everything that must be scored unseen; fewer than configured where there are fewer groups."""
    if groups is None:
        groups = np.arange(len(targets.positive))
    n_folds = min(config.scout_folds, len(np.unique(groups)))
    return fold_groups(targets.positive, groups=groups, n_folds=n_folds, seed=seed)
