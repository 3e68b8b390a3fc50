"""Annotations joined to the articles that they speak of, in one pass over inputs of any size.

Memory is bounded by the annotations, so that a corpus of any length can be searched for a few hundred articles. Nothing is shifted, and
nothing is guessed: where a text is not the one that was annotated, or a mark lies outside of it, there is no output at all.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hawadith.errors import DataError
from hawadith.readers import ReadOptions
from hawadith.readers.sources import check_source
from hawadith.records import Record, Row, RowFault, parse_record
from hawadith.writers.atomic import replace_file
from hawadith.writers.jsonl import encode_line
from hawadith_training.data.annotations import Annotation, digest_text
from hawadith_training.data.lines import encode_record, stream_lines

_SHOWN_FAULTS = 20
_SHOWN_IDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinReport:
    """What became of the annotations.

    Attributes:
        n_rows: Rows read.
        n_written: Rows written.
        found: Annotated ids that an article has, in the order of the articles.
        missing: Annotated ids that no article has, in the order of the annotations.
        repeated: Annotated ids that came again with the same text, and were left out there.
    """

    n_rows: int
    n_written: int
    found: tuple[str, ...]
    missing: tuple[str, ...]
    repeated: tuple[str, ...]

    def summarise(self) -> str:
        """The figures in a few lines; ids that were not found are named, ten at most."""
        of = len(self.found) + len(self.missing)
        lines = [
            f"{len(self.found)} of {of} annotated articles found, {len(self.repeated)} of them more than once and written once; "
            f"{self.n_written} of {self.n_rows} rows written."
        ]
        if self.missing:
            more = f" and {len(self.missing) - _SHOWN_IDS} more" if len(self.missing) > _SHOWN_IDS else ""
            shown = ", ".join(f"{id_:.80}" for id_ in self.missing[:_SHOWN_IDS])
            lines.append(f"Not found: {shown}{more}. Give the files that hold them, too, if they are wanted.")
        return "\n".join(lines)


def write_annotated(
    sources: Sequence[Path],
    *,
    annotations: Mapping[str, Annotation],
    output: Path,
    only_annotated: bool = False,
    options: ReadOptions | None = None,
) -> JoinReport:
    """Write articles with what the annotations say of them, whole or not at all.

    Rows of JSON lines keep their further keys, and without an annotation their bytes.

    Args:
        sources: Articles, as `read_rows` takes them.
        annotations: By id.
        output: The file of JSON lines.
        only_annotated: Leave the articles out that no annotation names.
        options: Encoding and bounds of reading.

    Returns:
        What was found.

    Raises:
        DataError: If an input cannot be read, a row is bad, or an annotation does not fit its article (names the first 20); or if no
            annotation meets an article.
        OutputError: If the file cannot be written.
    """
    for source in sources:
        check_source(source)
    join = _Join(annotations, only_annotated=only_annotated)
    with replace_file(output) as temporary, temporary.open("wb") as stream:
        for row, line in stream_lines(sources, options=options or ReadOptions()):
            written = join.take(row, line=line)
            if written is not None:
                stream.write(written)
        return join.finish()


class _Join:
    """One pass over the articles: what has been found so far, and what does not fit."""

    def __init__(self, annotations: Mapping[str, Annotation], *, only_annotated: bool) -> None:
        self._annotations = annotations
        self._only_annotated = only_annotated
        self._found: dict[str, tuple[str, str]] = {}
        self._repeated: dict[str, None] = {}
        self._faults: list[str] = []
        self._n_rows = self._n_written = self._n_faults = 0

    def take(self, row: Row, *, line: bytes | None) -> bytes | None:
        """The line to write for a row, with its end; None where there is none to write."""
        self._n_rows += 1
        try:
            written = self._join(row, line=line)
        except DataError as error:
            self._n_faults += 1
            self._faults += [f"  - {error}"] * (len(self._faults) < _SHOWN_FAULTS)
            return None
        self._n_written += written is not None
        return written

    def finish(self) -> JoinReport:
        """What was found.

        Returns:
            The report.

        Raises:
            DataError: If anything did not fit, or nothing was found.
        """
        if self._faults:
            shown = "\n".join(self._faults)
            raise DataError(
                f"{self._n_faults} of {self._n_rows} rows are bad, or are not what was annotated; the first of them:\n{shown}\n"
                "Nothing was written. Mend or drop the rows; annotate anew what has another text."
            )
        if not self._found:
            raise DataError(
                f"None of the {len(self._annotations)} annotated ids is that of one of the {self._n_rows} articles. "
                "Give the articles that were annotated; their `id` must be the same."
            )
        return JoinReport(
            n_rows=self._n_rows,
            n_written=self._n_written,
            found=tuple(self._found),
            missing=tuple(id_ for id_ in self._annotations if id_ not in self._found),
            repeated=tuple(self._repeated),
        )

    def _join(self, row: Row, *, line: bytes | None) -> bytes | None:
        if isinstance(row, RowFault):
            raise DataError(f"[{row.status}] {row.message}")
        annotation = self._annotations.get(row.id)
        if annotation is None:
            return None if self._only_annotated else (line or encode_record(row)) + b"\n"
        if self._came_before(row):
            return None
        return encode_line(_annotate(row, line=line, annotation=annotation))

    def _came_before(self, record: Record) -> bool:
        """Whether an article with this id and text was met; another text under the same id cannot be what was annotated, too."""  # noqa: DOC501
        digest = digest_text(record.text)
        first = self._found.get(record.id)
        if first is None:
            self._found[record.id] = digest, record.location
            return False
        if first[0] != digest:
            raise DataError(f"{record.location}: {record.id!r:.80} stands at {first[1]} with another text. Keep one.")
        self._repeated[record.id] = None
        return True


def _annotate(record: Record, *, line: bytes | None, annotation: Annotation) -> dict[str, object]:
    """A record's row with what the annotation says.

    Args:
        record: The article.
        line: Its line where it came from JSON lines.
        annotation: What is known of it.

    Returns:
        The row.

    Raises:
        DataError: If it was made on another text, a mark lies outside of its field, the article's own labels or marks cannot be read, or
            evidence is marked for a label that the article does not have.
    """
    where = f"{record.location}: {record.id!r:.80}, annotated at {annotation.location}"
    if not annotation.fits(record.text):
        raise DataError(
            f"{where}: the text is not the one that was annotated; its SHA-256 begins with {digest_text(record.text)[:16]}, "
            f"that of the other with {annotation.sha256}."
        )
    row: dict[str, object] = json.loads(line or encode_record(record))
    row |= {"id": record.id} | annotation.to_row()
    joined = parse_record(row, fallback_id=record.id, location=record.location)
    fault = joined.evidence_fault or joined.label_fault
    if fault is not None:
        raise DataError(f"{where}: {fault.removeprefix(f'{record.location}: ')}")
    foreign = {mark.label for mark in joined.evidence} - set(joined.labels)
    if foreign:
        given = ", ".join(joined.labels) or "none"
        raise DataError(f"{where}: evidence is marked for {', '.join(sorted(foreign))}; the article's labels: {given}.")
    return row
