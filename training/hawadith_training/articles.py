"""Labelled articles as the fits take them: read, through the text profile, labels as arrays."""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hawadith.readers import ReadOptions, read_records
from hawadith.records import Record
from hawadith.text.article import PreparedArticle, TextProfile, prepare_article
from hawadith.typology import Typology
from hawadith_evaluation.duplicates import group_records
from hawadith_evaluation.targets import Targets, build_targets

_LOGGER = logging.getLogger("hawadith")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelledArticles:
    """Articles ready to learn from or to be measured on.

    Attributes:
        records: As they were read.
        articles: The same, through the text profile.
        targets: Their labels under the typology.
        copies: Of each article a changed copy to learn from beside it, or None; empty where nothing is copied. Only fits look at them, so
            that no copy is ever measured, and an article's copy is in no other part than the article.
        auxiliary: Which articles are only learned from: no calibration, threshold or figure looks at them; shape `(articles,)`.
        fragments: Which of these are no articles but sentences on their own; shape `(articles,)`.
        taught: A teacher's probabilities, in place of labels, of articles that nobody labelled; NaN for the others. Shape
            `(articles, labels)`.
    """

    records: Sequence[Record]
    articles: Sequence[PreparedArticle]
    targets: Targets
    copies: Sequence[PreparedArticle | None] = ()
    auxiliary: NDArray[np.bool_] | None = None
    fragments: NDArray[np.bool_] | None = None
    taught: NDArray[np.float32] | None = None

    @property
    def measured(self) -> NDArray[np.intp]:
        """Rows of the articles that may be measured and calibrated on: all but the auxiliary."""
        if self.auxiliary is None:
            return np.arange(len(self.records))
        return np.flatnonzero(~self.auxiliary)

    def select(self, rows: NDArray[np.intp]) -> "LabelledArticles":
        """The chosen articles, in the given order."""
        return LabelledArticles(
            records=[self.records[row] for row in rows],
            articles=[self.articles[row] for row in rows],
            targets=self.targets.select(rows),
            copies=[self.copies[row] for row in rows] if self.copies else (),
            auxiliary=None if self.auxiliary is None else self.auxiliary[rows],
            fragments=None if self.fragments is None else self.fragments[rows],
            taught=None if self.taught is None else self.taught[rows],
        )


def read_articles(
    paths: Sequence[str],
    *,
    typology: Typology,
    profile: TextProfile,
    skip_bad_rows: bool = False,
    options: ReadOptions | None = None,
) -> LabelledArticles:
    """Read labelled articles.

    Args:
        paths: Files or folders that a reader of hawadith takes.
        typology: Says which labels count.
        profile: The text profile to prepare them with.
        skip_bad_rows: Go on without rows that cannot be read.
        options: Bounds of reading, and what columns and classes of tables mean.

    Returns:
        The articles.

    Raises:
        DataError: If a file or a row cannot be read.
    """
    records = read_records([Path(path) for path in paths], options=options, skip_bad=skip_bad_rows)
    return prepare_records(records, typology=typology, profile=profile)


def join_articles(first: LabelledArticles, second: LabelledArticles) -> LabelledArticles:
    """Both lists as one, in order; they were read under the same typology."""
    targets = Targets(
        labels=first.targets.labels,
        positive=np.concatenate([first.targets.positive, second.targets.positive]),
        judged=np.concatenate([first.targets.judged, second.targets.judged]),
    )
    return LabelledArticles(
        records=[*first.records, *second.records],
        articles=[*first.articles, *second.articles],
        targets=targets,
        copies=_join_copies(first, second),
        auxiliary=np.concatenate([_flags(part.auxiliary, of=part) for part in (first, second)]),
        fragments=np.concatenate([_flags(part.fragments, of=part) for part in (first, second)]),
        taught=_join_taught(first, second),
    )


def select_auxiliary(
    articles: LabelledArticles, *, measured: Sequence[Record], fragments: bool = False
) -> LabelledArticles:
    """Make articles auxiliary: those that retell a measured one are left out, since they would tell its labels.

    Args:
        articles: Articles to learn from only.
        measured: Records that a model is tested or calibrated on, now or in another fold.
        fragments: Whether they are sentences on their own.

    Returns:
        The others, flagged.
    """
    groups = group_records([*measured, *articles.records])
    known = np.isin(groups[len(measured) :], groups[: len(measured)])
    if known.any():
        _LOGGER.warning("%d of %d auxiliary articles retell a measured one and are left out.", known.sum(), len(known))
    kept = articles.select(np.flatnonzero(~known))
    flags = np.ones(len(kept.records), dtype=np.bool_)
    return replace(kept, auxiliary=flags, fragments=flags & fragments)


def _flags(flags: NDArray[np.bool_] | None, *, of: LabelledArticles) -> NDArray[np.bool_]:
    return np.zeros(len(of.records), dtype=np.bool_) if flags is None else flags


def _join_copies(first: LabelledArticles, second: LabelledArticles) -> list[PreparedArticle | None]:
    if not first.copies and not second.copies:
        return []
    return [copy for part in (first, second) for copy in part.copies or [None] * len(part.records)]


def _join_taught(first: LabelledArticles, second: LabelledArticles) -> NDArray[np.float32] | None:
    if first.taught is None and second.taught is None:
        return None
    parts = [
        np.full(part.targets.positive.shape, np.nan, dtype=np.float32) if part.taught is None else part.taught
        for part in (first, second)
    ]
    return np.concatenate(parts)


def prepare_readable(records: Sequence[Record], *, profile: TextProfile) -> tuple[list[int], list[PreparedArticle]]:
    """Records through the text profile: the rows of those in which there is anything to read, and these as articles."""
    prepared = [prepare_article(record.title, record.text, profile=profile) for record in records]
    readable = [row for row, article in enumerate(prepared) if not article.is_empty]
    return readable, [prepared[row] for row in readable]


def prepare_records(records: Sequence[Record], *, typology: Typology, profile: TextProfile) -> LabelledArticles:
    """Records through the text profile, with their labels as arrays; articles that hold nothing readable are left out with a warning."""
    readable, articles = prepare_readable(records, profile=profile)
    if len(readable) < len(records):
        _LOGGER.warning(
            "%d of %d articles hold nothing readable and are left out.", len(records) - len(readable), len(records)
        )
    kept = [records[row] for row in readable]
    return LabelledArticles(
        records=kept,
        articles=articles,
        targets=build_targets(kept, typology=typology),
    )


def fingerprint(records: Sequence[Record]) -> str:
    """SHA-256 over what a model can learn from records: ids, texts, labels and marked sentences, in order."""
    digest = hashlib.sha256()
    for record in records:
        row: list[object] = [record.id, record.title, record.text, record.labels, record.unknown]
        if record.evidence or record.context:
            row += [[asdict(mark) for mark in marks] for marks in (record.evidence, record.context)]
        digest.update(json.dumps(row).encode() + b"\n")
    return digest.hexdigest()
