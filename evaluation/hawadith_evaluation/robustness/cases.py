"""The articles that a suite lets a model read: for every capability, changed copies and what each was made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hawadith.records import Record
from hawadith_evaluation.robustness.actors import ActorList
from hawadith_evaluation.robustness.mentions import build_lexicon
from hawadith_evaluation.robustness.noise import find_sentences
from hawadith_evaluation.robustness.perturbations import Perturbation, with_texts
from hawadith_evaluation.robustness.swaps import Swap, swap_actors
from hawadith_evaluation.robustness.wording import ReportSentence

_EXCERPT = 120

Wording = Literal["report", "negated", "rumour", "exercise"]
"""What a sentence makes of an incident; the fields of `ReportSentence`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A changed article.

    Attributes:
        row: The row of the article that it was made of.
        record: The changed article.
        notes: What was done, for a reader.
    """

    row: int
    record: Record
    notes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceCase:
    """An article with a report, and the same article with the same incident not reported in the same place.

    Attributes:
        row: The row of the article that they were made of.
        label: The incident type of the report.
        records: The article with each wording.
        sentences: The sentence of each wording.
    """

    row: int
    label: str
    records: Mapping[Wording, Record]
    sentences: Mapping[Wording, str]


def perturb_records(
    records: Sequence[Record], perturbation: Perturbation, *, random: np.random.Generator, limit: int
) -> list[Case]:
    """Change articles.

    Args:
        records: The articles.
        perturbation: How to change them.
        random: Draws articles and changes.
        limit: Articles at most.

    Returns:
        A case per article that the change does something to.
    """
    cases = []
    for row in draw_rows(np.arange(len(records)), random=random, limit=limit):
        changed = perturbation.apply(records[row], random)
        if changed is not records[row]:
            cases.append(Case(row=row, record=changed, notes={"excerpt": _show_difference(records[row], changed)}))
    return cases


def swap_records(
    records: Sequence[Record], *, actors: ActorList, random: np.random.Generator, limit: int, targets: int
) -> list[tuple[Case, Swap]]:
    """Exchange actors in articles.

    Args:
        records: The articles.
        actors: Who can be exchanged for whom.
        random: Draws articles and actors.
        limit: Articles at most.
        targets: Others to try for each kind of actor in an article.

    Returns:
        A case per swap.
    """
    lexicon = build_lexicon(actors)
    return [
        (
            Case(
                row=row,
                record=swap.record,
                notes={"source": swap.source.id, "target": swap.target.id, "excerpt": swap.excerpt},
            ),
            swap,
        )
        for row in draw_rows(np.arange(len(records)), random=random, limit=limit)
        for swap in swap_actors(records[row], random, actors=actors, lexicon=lexicon, targets=targets)
    ]


def insert_sentences(
    records: Sequence[Record],
    sentences: Sequence[ReportSentence],
    *,
    label: str,
    rows: NDArray[np.intp],
    random: np.random.Generator,
    limit: int,
) -> list[SentenceCase]:
    """Put every sentence, reported and not, into articles, each time behind a sentence that is drawn.

    Page residue is no place for it: the two would be dropped together.

    Args:
        records: The articles.
        sentences: Of one incident type.
        label: That type.
        rows: Articles that do not report it.
        random: Draws articles and places.
        limit: Articles at most.

    Returns:
        A case per article and sentence.
    """
    cases = []
    for row in draw_rows(rows, random=random, limit=limit):
        ends = [end for _, end in find_sentences(records[row].text)] or [0]
        for sentence in sentences:
            place = int(random.choice(ends))
            wordings: dict[Wording, str] = {
                "report": sentence.report,
                "negated": sentence.negated,
                "rumour": sentence.rumour,
                "exercise": sentence.exercise,
            }
            changed = {wording: _insert(records[row], text, place=place) for wording, text in wordings.items()}
            cases.append(SentenceCase(row=row, label=label, records=changed, sentences=wordings))
    return cases


def draw_rows(rows: NDArray[np.intp], *, random: np.random.Generator, limit: int) -> list[int]:
    """Draw rows without replacement, in ascending order; all of them where there are no more than the limit."""
    return sorted(random.permutation(rows)[:limit].tolist())


def _insert(record: Record, sentence: str, *, place: int) -> Record:
    text = f"{record.text[:place]} {sentence} {record.text[place:]}".strip()
    return with_texts(record, title=record.title, text=text)


def _show_difference(before: Record, after: Record) -> str:
    """The changed text from just before the place where it begins to differ."""
    old, new = (before.text, after.text) if before.text != after.text else (before.title, after.title)
    first = next((place for place, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), len(old))
    start = max(0, min(first, len(new)) - _EXCERPT // 4)
    return new[start : start + _EXCERPT].strip()
