"""Failures to read: articles that were read wrongly, laid out for a person, the sentences that the model went by marked.

Figures say how often a model is wrong, failures say how. They quote articles, so they stand on the page alone; Markdown names them by id.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hawadith.errors import DataError
from hawadith.explain.layout import MarkSpan, Paragraph, lay_out
from hawadith.explain.layout import Section as TextSection
from hawadith.explain.views import N_COLOURS, LabelView
from hawadith.records import Field
from hawadith.typology import IncidentType
from hawadith_evaluation.metrics_file import FailureValues
from hawadith_evaluation.report.outline import Column, Row, Section, Table, name, words
from hawadith_evaluation.report.wording import spell_number

_KINDS = {"missed": "missed", "false_alarm": "false alarm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureView:
    """One failure on the page.

    Attributes:
        number: Its place among the failures, from 1: anchors are made of it, never of an id.
        label: The label that it is about.
        kind: What went wrong, in words.
        id: Of the article.
        verdict: Probability and threshold, in words.
        title: The title with its marks; empty without one.
        sections: The text with its marks, far stretches folded.
    """

    number: int
    label: LabelView
    kind: str
    id: str
    verdict: str
    title: tuple[Paragraph, ...]
    sections: tuple[TextSection, ...]


def view_labels(labels: Sequence[str]) -> dict[str, LabelView]:
    """Give each label its colour; a report knows labels by their ids alone.

    Args:
        labels: Label ids in the order of the metrics.

    Returns:
        One view a label.
    """
    return {
        label: LabelView(
            position=position,
            style=f"c{position % N_COLOURS}" + (" again" if position >= N_COLOURS else ""),
            type=IncidentType(id=label, name_ar=label, name_en=label, definition=label),
        )
        for position, label in enumerate(dict.fromkeys(labels))
    }


def view_failure(failure: FailureValues, *, label: LabelView, number: int) -> FailureView:
    """Lay out one failure.

    Args:
        failure: The failure.
        label: Its label.
        number: Its place among the failures, from 1.

    Returns:
        The view.

    Raises:
        DataError: If its evidence lies outside of its texts.
    """
    fields: dict[Field, str] = {"title": failure["title"], "text": failure["text"]}
    for field, start, end in failure["evidence"]:
        if not 0 <= start < end <= len(fields[field]):
            raise DataError(
                f"{failure['id']!r}: evidence [{start}, {end}) lies outside of its `{field}` of {len(fields[field])} characters; "
                "offsets are code points of the field as the failure holds it."
            )
    spans: dict[Field, list[MarkSpan]] = {
        each: [
            MarkSpan(key=key, label=0, start=start, end=end)
            for key, (field, start, end) in enumerate(failure["evidence"])
            if field == each
        ]
        for each in fields
    }
    return FailureView(
        number=number,
        label=label,
        kind=_KINDS[failure["kind"]],
        id=failure["id"],
        verdict=_spell_verdict(failure),
        title=tuple(
            paragraph
            for section in lay_out(failure["title"], spans=spans["title"], fold=False)
            for paragraph in section.paragraphs
        ),
        sections=lay_out(failure["text"], spans=spans["text"], fold=True),
    )


def describe_failures(failures: Sequence[FailureValues]) -> Section:
    """The failures by id.

    Args:
        failures: The failures.

    Returns:
        The section; the page shows the articles in place of its table.
    """
    columns = (
        *(Column(name="label"), Column(name="kind"), Column(name="article")),
        *(Column(name="probability", number=True), Column(name="threshold", number=True)),
    )
    rows = (
        Row(
            cells=(
                name(failure["label"]),
                words(_KINDS[failure["kind"]]),
                name(failure["id"]),
                words(spell_number(failure["probability"], digits=3)),
                words(spell_number(failure["threshold"], digits=3)),
            )
        )
        for failure in failures
    )
    return Section(
        anchor="failures",
        title="Failures to read",
        reading="The most confident mistakes of each label: read a few before you trust a figure, and mind that some will be mistakes of "
        "the labels and not of the model; marked is the sentence that the model went by.",
        tables=(Table(caption="Most confident mistakes", columns=columns, rows=tuple(rows)),),
    )


def _spell_verdict(failure: FailureValues) -> str:
    threshold = failure["threshold"]
    probability = f"probability {failure['probability']:.2f}"
    return probability if threshold is None else f"{probability}, threshold {threshold:.2f}"
