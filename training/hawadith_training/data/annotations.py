"""Labels and marked sentences by article id: what may be passed on where the articles may not.

News belongs to its publishers; that an article of some id reports a type, in the sentence from this character to that, does not. A
file of annotations holds no text, and whoever has the articles joins the two (`hawadith_training.data.annotate`). Offsets are worth
nothing under another version of a text, so an annotation can name the text that it was made on.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from hawadith.errors import DataError
from hawadith.records import Mark, parse_marks

DIGEST_LENGTH = 16
"""Hexadecimal digits of a SHA-256 that tell versions of one article apart beyond doubt."""

_DIGEST = re.compile(rf"[0-9a-f]{{{DIGEST_LENGTH},64}}")
_SHOWN_FAULTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What is known of one article.

    Attributes:
        id: The article's id.
        labels: Every type that it reports; None where its own labels stay.
        unknown: Types that nobody judged; says something only beside `labels`.
        evidence: Sentences that alone justify their label; None where its own marks stay.
        context: Sentences that belong to a report and do not prove it alone; says something only beside `evidence`.
        sha256: The first digits of the SHA-256 of the text that was annotated; None where nobody noted it.
        location: `file:line` (from 1). Equality does not see it.
    """

    id: str
    labels: tuple[str, ...] | None = None
    unknown: tuple[str, ...] = ()
    evidence: tuple[Mark, ...] | None = None
    context: tuple[Mark, ...] = ()
    sha256: str | None = None
    location: str = field(default="", compare=False)

    def fits(self, text: str) -> bool:
        """Whether it was made on this very text, as far as it says."""
        return self.sha256 is None or digest_text(text).startswith(self.sha256)

    def to_row(self) -> dict[str, object]:
        """The keys of a record's row that it replaces; labels come with `unknown`, evidence with `context`."""
        row: dict[str, object] = {}
        if self.labels is not None:
            row |= {"labels": list(self.labels), "unknown": list(self.unknown)}
        if self.evidence is not None:
            row |= {
                "evidence": [asdict(mark) for mark in self.evidence],
                "context": [asdict(mark) for mark in self.context],
            }
        return row


def digest_text(text: str) -> str:
    """SHA-256 of a text as `Record.text` holds it, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_annotations(files: Sequence[Path]) -> dict[str, Annotation]:
    """Read files of annotations.

    Args:
        files: JSON lines, `{"id", "labels", "unknown", "evidence", "context", "sha256"}`; all but `id` may be null or absent, one of
            `labels` and `evidence` must be there. Other keys are ignored.

    Returns:
        The annotations by id. Several of the same words count once.

    Raises:
        DataError: If a file cannot be read or holds no annotation, a row is bad, or two rows say different things of one article; names
            the first 20 bad rows.
    """
    annotations: dict[str, Annotation] = {}
    faults: list[str] = []
    for location, line in _read_lines(files):
        try:
            annotation = _parse_annotation(line, location=location)
            _refuse_other(annotations.setdefault(annotation.id, annotation), annotation)
        except DataError as error:
            faults.append(f"  - {error}")
    if faults:
        shown = "\n".join(faults[:_SHOWN_FAULTS])
        raise DataError(f"{len(faults)} annotations are bad; the first of them:\n{shown}\nMend or drop them.")
    if not annotations:
        raise DataError(f"{', '.join(map(str, files))}: no annotation. Give a file of JSON lines with `id`.")
    return annotations


def _read_lines(files: Sequence[Path]) -> Iterator[tuple[str, str]]:
    for file in files:
        try:
            with file.open(encoding="utf-8-sig") as stream:
                yield from ((f"{file}:{n}", line) for n, line in enumerate(stream, start=1) if line.strip())
        except OSError as error:
            raise DataError(f"Cannot read the annotations {file}: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise DataError(f"{file} is not UTF-8: {error}. Annotations are plain JSON lines.") from error


def _parse_annotation(line: str, *, location: str) -> Annotation:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{location}: not JSON: {error}.") from error
    if not isinstance(row, Mapping) or not isinstance(row.get("id"), str) or not row["id"]:
        raise DataError(f"{location}: an annotation must be an object with `id`, a string; got {line.strip():.80}.")
    labels, evidence = row.get("labels"), row.get("evidence")
    if labels is None and evidence is None:
        raise DataError(f"{location}: {row['id']!r:.80} has neither `labels` nor `evidence`; it would say nothing.")
    for key, needed in (("unknown", labels), ("context", evidence)):
        if row.get(key) is not None and needed is None:
            beside = "labels" if key == "unknown" else "evidence"
            raise DataError(f"{location}: `{key}` says something only beside `{beside}`; give both.")
    return Annotation(
        id=row["id"],
        labels=None if labels is None else _parse_labels(labels, key="labels", location=location),
        unknown=_parse_labels(row.get("unknown"), key="unknown", location=location),
        evidence=None if evidence is None else _parse_marks(evidence, key="evidence", location=location),
        context=_parse_marks(row.get("context"), key="context", location=location),
        sha256=_parse_digest(row.get("sha256"), location=location),
        location=location,
    )


def _parse_labels(value: object, *, key: str, location: str) -> tuple[str, ...]:
    labels = [] if value is None else value
    if not isinstance(labels, list) or not all(isinstance(label, str) and label for label in labels):
        raise DataError(f"{location}: `{key}` must be a list of label ids; got {value!r:.80}.")
    return tuple(dict.fromkeys(labels))


def _parse_marks(value: object, *, key: str, location: str) -> tuple[Mark, ...]:
    marks, fault = parse_marks(value, key=key)
    if fault is not None:
        raise DataError(f"{location}: {fault}")
    return marks


def _parse_digest(value: object, *, location: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise DataError(
            f"{location}: `sha256` must be the first {DIGEST_LENGTH} or more hexadecimal digits of the SHA-256 of the article's text; "
            f"got {value!r:.80}."
        )
    return value


def _refuse_other(first: Annotation, second: Annotation) -> None:
    if first != second:
        raise DataError(
            f"{second.location}: {second.id!r:.80} is annotated otherwise at {first.location}. Keep one, or join the two."
        )
