"""What one article or failed row looks like on the page, decided before any markup: the templates only spell it.

Anchors, classes and positions are numbers of ours; nothing of an article ever becomes an id, a class or an address.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hawadith.errors import DataError
from hawadith.explain.layout import MarkSpan, Paragraph, Section, lay_out
from hawadith.prediction import Evidence, Prediction
from hawadith.records import Field, Record, Status
from hawadith.typology import IncidentType, Typology

N_COLOURS = 8
"""Hues of the style sheet; further labels use them again, with a dashed line."""

READ: tuple[Status, ...] = ("ok", "truncated")
"""The statuses that carry scores; a row with another one is listed as failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelView:
    """An incident type and where the page shows it.

    Attributes:
        position: Its place in the typology.
        style: Its CSS classes.
        type: What it means.
    """

    position: int
    style: str
    type: IncidentType


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """One label's calibrated probability for an article, and whether it reached the label's threshold."""

    label: LabelView
    probability: float
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One evidence sentence in an article's list."""

    label: LabelView
    anchor: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """One article.

    Attributes:
        number: Its place among the rows, from 1.
        record: The article as published.
        truncated: Whether the model left a part unread.
        chips: Given labels first, each group in typology order.
        quotes: Evidence, by label in typology order, best first.
        title: The title with its marks; empty for an article without one.
        sections: The text with its marks.
    """

    number: int
    record: Record
    truncated: bool
    chips: tuple[Chip, ...]
    quotes: tuple[Quote, ...]
    title: tuple[Paragraph, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureView:
    """A row that no labels could be given to; its text is left out, for it may be what broke it."""

    id: str
    title: str
    source: str | None
    status: Status
    error: str | None


def build_labels(typology: Typology) -> tuple[LabelView, ...]:
    """Give each incident type its colour.

    Args:
        typology: The incident types.

    Returns:
        One view per type, in typology order.
    """
    return tuple(
        LabelView(
            position=position,
            style=f"c{position % N_COLOURS}" + (" again" if position >= N_COLOURS else ""),
            type=incident_type,
        )
        for position, incident_type in enumerate(typology.labels)
    )


def build_failure(record: Record, prediction: Prediction) -> FailureView:
    """Keep of a failed row what helps to find it.

    Args:
        record: The row; its text may be empty.
        prediction: Its status and error.

    Returns:
        The view.
    """
    return FailureView(
        id=prediction.id,
        title=record.title,
        source=record.source,
        status=prediction.status,
        error=prediction.error,
    )


def build_article(record: Record, prediction: Prediction, *, labels: Sequence[LabelView], number: int) -> ArticleView:
    """Lay out one article.

    Args:
        record: The article.
        prediction: What the model said of it.
        labels: The incident types, in typology order.
        number: Its place among the rows, from 1.

    Returns:
        The view.

    Raises:
        DataError: If the prediction is not of this record, names a label that the typology lacks, or quotes what the record does not say.
    """
    positions = {label.type.id: label.position for label in labels}
    _check_pair(record, prediction, known=positions)
    spans = {
        field: [
            MarkSpan(key=key, label=positions[item.label], start=item.start, end=item.end)
            for key, item in enumerate(prediction.evidence)
            if item.field == field
        ]
        for field in ("title", "text")
    }
    ranked = sorted(enumerate(prediction.evidence), key=lambda pair: positions[pair[1].label])  # stable: best first
    return ArticleView(
        number=number,
        record=record,
        truncated=prediction.truncated or prediction.status == "truncated",
        chips=_build_chips(prediction, labels=labels),
        quotes=tuple(
            Quote(label=labels[positions[item.label]], anchor=f"a{number}-e{key}", text=item.text)
            for key, item in ranked
        ),
        title=tuple(
            p for section in lay_out(record.title, spans=spans["title"], fold=False) for p in section.paragraphs
        ),
        sections=lay_out(record.text, spans=spans["text"], fold=True),
    )


def _build_chips(prediction: Prediction, *, labels: Sequence[LabelView]) -> tuple[Chip, ...]:
    chips = [
        Chip(
            label=label,
            probability=prediction.scores[label.type.id],
            given=label.type.id in prediction.labels,
        )
        for label in labels
        if label.type.id in prediction.scores
    ]
    return tuple(sorted(chips, key=lambda chip: not chip.given))


def _check_pair(record: Record, prediction: Prediction, *, known: Sequence[str] | dict[str, int]) -> None:
    if prediction.id != record.id:
        raise DataError(
            f"The prediction is of {prediction.id!r}, the record is {record.id!r}; give them in the same order."
        )
    named = [*prediction.labels, *prediction.scores, *(item.label for item in prediction.evidence)]
    strangers = sorted(set(named) - set(known))
    if strangers:
        raise DataError(
            f"{record.id!r}: the typology lacks {', '.join(strangers)}; give the typology of the model that made the prediction."
        )
    fields: dict[Field, str] = {"title": record.title, "text": record.text}
    for item in prediction.evidence:
        _check_quote(item, raw=fields[item.field], id_=record.id)


def _check_quote(item: Evidence, *, raw: str, id_: str) -> None:
    if not 0 <= item.start < item.end <= len(raw) or raw[item.start : item.end] != item.text:
        raise DataError(
            f"{id_!r}: evidence [{item.start}, {item.end}) of `{item.field}` is not the text that it quotes; "
            "offsets are code points of the raw field that the model read."
        )
