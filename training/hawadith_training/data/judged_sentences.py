"""Sentences of articles that were judged one by one, each as a text of its own, by article id and place.

Reading one sentence costs a twentieth of reading its article. What was read alone says nothing of the article, so that such an annotation
becomes a row per sentence, for `data.sentences`, and never a labelled article.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from hawadith.errors import DataError
from hawadith.records import Field, Mark, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSentence:
    """What a sentence alone reports.

    Attributes:
        field: Where it stands.
        start: Its first code point in the raw field.
        end: One past its last.
        labels: Every type that it reports by itself.
        unknown: Types that it may belong to, or on which its reader was torn.
    """

    field: Field
    start: int
    end: int
    labels: tuple[str, ...]
    unknown: tuple[str, ...] = ()


def parse_sentence(value: object) -> JudgedSentence:
    """Read one from JSON.

    Args:
        value: `{"field", "start", "end", "labels", "unknown"}`; `field` is the text and `unknown` empty where absent.

    Returns:
        The judged sentence.

    Raises:
        DataError: If it is none.
    """
    if isinstance(value, Mapping):
        field, start, end = value.get("field", "text"), value.get("start", -1), value.get("end", -1)
        labels, unknown = _read_labels(value.get("labels")), _read_labels(value.get("unknown", []))
        if field in ("title", "text") and _is_place(start, end) and labels is not None and unknown is not None:
            return JudgedSentence(field=field, start=start, end=end, labels=labels, unknown=unknown)
    raise DataError(
        '`sentences` must be a list of {"field": "title" or "text", "start", "end", "labels": [ids], "unknown": [ids]} with '
        f"0 <= start < end; got {value!r:.120}."
    )


def cut_sentences(record: Record, sentences: tuple[JudgedSentence, ...]) -> Iterator[dict[str, object]]:
    """Cut an article's judged sentences out.

    Args:
        record: The article.
        sentences: What was judged.

    Yields:
        A record's row for each: id `<article>:<field>:<start>`, the sentence as its text, and all of it as evidence of its labels.

    Raises:
        DataError: If a sentence lies outside of its field.
    """
    for sentence in sentences:
        whole = record.title if sentence.field == "title" else record.text
        if sentence.end > len(whole):
            raise DataError(
                f"a judged sentence ends at {sentence.end}, the {sentence.field} has {len(whole)} code points; it is another text."
            )
        text = whole[sentence.start : sentence.end]
        yield {
            "id": f"{record.id}:{sentence.field}:{sentence.start}",
            "text": text,
            "labels": list(sentence.labels),
            "unknown": list(sentence.unknown),
            "evidence": [asdict(Mark(label=label, field="text", start=0, end=len(text))) for label in sentence.labels],
        }


def _is_place(start: object, end: object) -> bool:
    # JSON's true is an integer to Python, and no place.
    return type(start) is int and type(end) is int and 0 <= start < end


def _read_labels(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list) or not all(isinstance(label, str) and label for label in value):
        return None
    return tuple(dict.fromkeys(value))
