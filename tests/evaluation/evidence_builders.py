"""A classifier by keyword and marked articles, for tests of evidence."""

from collections.abc import Sequence

from tests.builders import KeywordModel, build_bundle

from hawadith.classifier import IncidentClassifier
from hawadith.records import Mark, Record

CALM = "صباح هادئ في المدينة"
MINE = "انفجر لغم قرب القرية"
ARMS = "ضبط سلاح في الميناء"


def build_keyword_classifier() -> IncidentClassifier:
    """Gives `mine` where an article names a mine, `arms` where it names a weapon, each with probability 0.98, else 0.02."""
    return IncidentClassifier(build_bundle("mine", "arms"), model=KeywordModel(("لغم", "سلاح")))


def build_record(
    *sentences: str, id_: str = "a", title: str = "", labels: Sequence[str] = (), marks: Sequence[tuple[str, str]] = ()
) -> Record:
    """An article of the given sentences, each of the (label, sentence) pairs marked where it first stands in the text."""
    text = "\n".join(f"{sentence}." for sentence in sentences)
    return Record(
        id=id_,
        title=title,
        text=text,
        labels=tuple(labels),
        evidence=tuple(
            Mark(label=label, field="text", start=text.index(marked), end=text.index(marked) + len(marked))
            for label, marked in marks
        ),
    )
