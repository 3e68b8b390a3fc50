"""Self-training: a teacher's probabilities stand in for the labels of articles that nobody labelled (Scudder 1965; Hinton et al. 2015).

The student learns from probabilities as they are, not from decisions: what the teacher is unsure of pulls little in either direction, so
that confidence weighs each article without a second rule. A news corpus holds few incidents; half of what is taught are the articles that
the teacher finds likeliest to report one, the other half is drawn from the rest, so that the student sees ordinary news, too.

Whatever the teacher learned from, the student has learned from: on those articles no figure of the student means anything. That is why a
cross-validation refuses a teacher, and why the teacher of a student that is measured on dev must not have seen dev.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from hawadith.bundle import Bundle, read_bundle
from hawadith.errors import ConfigError, DataError
from hawadith.loading import load_model
from hawadith.readers import read_rows
from hawadith.records import Record
from hawadith.text.article import TextProfile
from hawadith.typology import Typology
from hawadith_evaluation.targets import build_targets
from hawadith_training.articles import LabelledArticles, prepare_readable

_LOGGER = logging.getLogger("hawadith")

_AT_ONCE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTrainingConfig:
    """Articles without labels, and who labels them; for transformers.

    Attributes:
        teacher: A bundle's folder; its probabilities become the labels. It must know every label of the typology.
        articles: Files or folders of articles, as every reader of hawadith takes them; their labels, if any, are not read.
        limit: Articles to learn from at most.
    """

    teacher: str
    articles: str | tuple[str, ...]
    limit: Annotated[int, Field(ge=1)] = 10_000

    @property
    def article_paths(self) -> tuple[str, ...]:
        """What `articles` names."""
        return (self.articles,) if isinstance(self.articles, str) else self.articles


def teach_articles(
    config: SelfTrainingConfig, *, typology: Typology, profile: TextProfile, seed: int
) -> LabelledArticles:
    """Choose articles and let the teacher label them.

    The articles are read twice, as streams: memory holds the teacher's probabilities of all of them and the chosen articles.

    Args:
        config: Which articles, and whose judgement.
        typology: The labels to be taught.
        profile: The student's text profile.
        seed: Draws the ordinary half.

    Returns:
        At most `config.limit` articles with the teacher's probabilities, in the order of the files.

    Raises:
        BundleError: If the teacher is no whole bundle.
        ConfigError: If the teacher does not know a label.
        DataError: If an input cannot be read, or holds no readable article.
    """
    bundle = read_bundle(Path(config.teacher))
    known = bundle.typology.ids
    foreign = [label for label in typology.ids if label not in known]
    if foreign:
        raise ConfigError(
            f"self_training.teacher {config.teacher} does not know {', '.join(foreign)}; it knows {', '.join(known)}. "
            "Let a teacher learn the missing labels first."
        )
    probabilities = _judge(config.article_paths, bundle=bundle)[:, [known.index(label) for label in typology.ids]]
    rows = choose_rows(probabilities.max(axis=1), limit=config.limit, seed=seed)
    if not len(rows):
        raise DataError(
            f"self_training.articles {', '.join(config.article_paths)}: no readable article. Name files that hold some."
        )
    chosen = set(rows.tolist())
    records = [
        replace(record, labels=(), unknown=typology.ids)
        for row, record in enumerate(_read(config.article_paths))
        if row in chosen
    ]
    return _teach(records, taught=probabilities[rows], typology=typology, profile=profile)


def choose_rows(likeliest: NDArray[np.float64], *, limit: int, seed: int) -> NDArray[np.intp]:
    """Choose the articles that are taught: half of them the likeliest to report an incident, the others drawn from the rest.

    Args:
        likeliest: Each article's greatest probability over the labels, shape `(articles,)`; NaN where nothing could be read.
        limit: How many at most.
        seed: Draws.

    Returns:
        Their rows, ascending; all readable ones where they are no more than `limit`.
    """
    readable = np.flatnonzero(~np.isnan(likeliest))
    ranked = readable[np.argsort(-likeliest[readable], kind="stable")]
    n_likely = limit - limit // 2
    rest = ranked[n_likely:]
    drawn = np.random.default_rng(seed).permutation(rest)[: limit - n_likely]
    return np.sort(np.concatenate([ranked[:n_likely], drawn]))


def _judge(paths: Sequence[str], *, bundle: Bundle) -> NDArray[np.float64]:
    """The teacher's probabilities of every article, shape `(articles, labels)`; NaN where it holds nothing readable."""
    model = load_model(bundle)
    parts = [np.empty((0, len(bundle.typology.ids)))]
    stream = _read(paths)
    while records := list(islice(stream, _AT_ONCE)):
        readable, articles = prepare_readable(records, profile=bundle.manifest.profile)
        part = np.full((len(records), len(bundle.typology.ids)), np.nan)
        if readable:
            part[readable] = bundle.calibration.probabilities(model.score(articles).logits)
        parts.append(part)
    return np.concatenate(parts)


def _read(paths: Sequence[str]) -> Iterator[Record]:
    """The records of files; rows that cannot be read are passed over, as nobody labelled them anyway."""
    return (row for row in read_rows([Path(path) for path in paths]) if isinstance(row, Record))


def _teach(
    records: Sequence[Record], *, taught: NDArray[np.float64], typology: Typology, profile: TextProfile
) -> LabelledArticles:
    """Records as auxiliary articles with the teacher's probabilities; the student's profile may find less in them than the teacher's."""
    readable, articles = prepare_readable(records, profile=profile)
    kept = [records[row] for row in readable]
    _LOGGER.info("The teacher labels %d articles.", len(kept))
    return LabelledArticles(
        records=kept,
        articles=articles,
        targets=build_targets(kept, typology=typology),
        auxiliary=np.ones(len(kept), dtype=np.bool_),
        taught=taught[readable].astype(np.float32),
    )
