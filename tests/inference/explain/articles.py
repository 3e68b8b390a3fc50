"""Invented articles with predictions, for pages."""

from tests.builders import build_typology

from hawadith.prediction import Evidence, Prediction
from hawadith.records import Field, Record, Status

TYPOLOGY = build_typology("arms", "mine", "deal")

TEXT = "\n\n".join(
    (
        "ضبطت دورية حدودية شاحنة محملة بالبنادق قرب المعبر.",
        "وقال ضابط إن سائقها فرّ نحو الوادي، وإن لغماً انفجر تحت إطارها فأصيب شرطيان.",
        "وعاد الهدوء مساءً.",
    )
)


def quote(raw: str, sentence: str, *, label: str, field: Field = "text") -> Evidence:
    """Evidence for the first place where `raw` says `sentence`."""
    start = raw.index(sentence)
    return Evidence(label=label, field=field, start=start, end=start + len(sentence), text=sentence, score=1.0)


def build_item(
    text: str = TEXT,
    *evidence: Evidence,
    title: str = "شاحنة على المعبر",
    id_: str = "a-1",
    labels: tuple[str, ...] | None = None,
    status: Status = "ok",
    error: str | None = None,
) -> tuple[Record, Prediction]:
    """A record and its prediction; the given labels are those of the evidence unless named."""
    given = tuple(dict.fromkeys(item.label for item in evidence)) if labels is None else labels
    scores = (
        {} if status not in ("ok", "truncated") else {label: 0.9 if label in given else 0.1 for label in TYPOLOGY.ids}
    )
    return (
        Record(id=id_, title=title, text=text, date="2024-05-01", source="وكالة مخترعة"),
        Prediction(id=id_, status=status, labels=given, scores=scores, evidence=evidence, error=error),
    )
