"""How an article's text is laid out for review: paragraphs cut where marks begin and end, and far stretches folded away.

All offsets are code points of the raw field, and what is laid out holds every one of its characters, in order: the marked characters are
exactly `raw[start:end]` of the evidence.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hawadith.text.aligned import Span
from hawadith.text.sentences import split_sentences

LONG_TEXT = 1800
"""Characters; a shorter text is shown whole."""

LEAD = 200
"""Characters shown at the start of a folded text: what the article is about."""

CONTEXT = 240
"""Characters shown at least on each side of evidence."""

MIN_FOLD = 300
"""Characters; folding less saves no reading."""

# A paragraph keeps the white space behind it. The look-behind starts one attempt per run of white space: linear on hostile input.
_PARAGRAPH_END = re.compile(r"(?<=\S)\s*[\n\r]\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkSpan:
    """One evidence sentence in one field.

    Attributes:
        key: Which evidence it is: its position in the prediction.
        label: Position of its label in the typology.
        start: First code point.
        end: One past the last code point.
    """

    key: int
    label: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One evidence sentence over one piece of text; `opens` and `closes` say whether its ends lie here."""

    key: int
    label: int
    opens: bool
    closes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Text under the same marks, outermost mark first."""

    text: str
    marks: tuple[Mark, ...]


Paragraph = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Neighbouring paragraphs, shown or folded away.

    Attributes:
        paragraphs: The text.
        folded: Whether it is folded away at first.
        n_words: Its words, for the fold's caption.
    """

    paragraphs: tuple[Paragraph, ...]
    folded: bool
    n_words: int


def lay_out(raw: str, *, spans: Sequence[MarkSpan], fold: bool) -> tuple[Section, ...]:
    """Lay out one field.

    Args:
        raw: The field.
        spans: Evidence in it; spans may overlap or coincide.
        fold: Fold what lies far from evidence, if the field is long and holds evidence.

    Returns:
        Sections in order; their pieces together are `raw`.
    """
    # Wide marks go outside narrow ones, so that nesting follows the text and not the order of evidence.
    ordered = sorted(spans, key=lambda span: (span.start, -span.end, span.label, span.key))
    folds = find_folds(raw, spans=spans) if fold else []
    bounds = [0, *(bound for span in folds for bound in span), len(raw)]
    sections = []
    for index, (start, end) in enumerate(pairwise(bounds)):
        if start < end:
            paragraphs = tuple(_cut_pieces(raw, paragraph, ordered) for paragraph in _cut_paragraphs(raw, start, end))
            folded = index % 2 == 1  # shown and folded stretches alternate
            sections.append(Section(paragraphs=paragraphs, folded=folded, n_words=len(raw[start:end].split())))
    return tuple(sections)


def find_folds(raw: str, *, spans: Sequence[MarkSpan]) -> list[Span]:
    """Find the stretches of a long text that lie far from its lead and from all evidence.

    Args:
        raw: The text.
        spans: Evidence in it.

    Returns:
        Spans in order, disjoint, cut at sentence starts; empty for a short text or one without evidence.
    """
    if len(raw) <= LONG_TEXT or not spans:
        return []
    starts = [start for start, _ in split_sentences(raw)]
    kept = [(0, LEAD), *sorted((span.start - CONTEXT, span.end + CONTEXT) for span in spans)]
    folds = []
    reached = 0
    for low, high in [*kept, (len(raw), len(raw))]:
        first, last = _next_start(starts, reached, len(raw)), _previous_start(starts, low, len(raw))
        if reached > 0 and last - first >= MIN_FOLD:
            folds.append((first, last))
        reached = max(reached, high)
    return folds


def _next_start(starts: Sequence[int], position: int, length: int) -> int:
    index = bisect_left(starts, position)
    return starts[index] if index < len(starts) else length


def _previous_start(starts: Sequence[int], position: int, length: int) -> int:
    if position >= length:
        return length
    index = bisect_right(starts, position) - 1
    return starts[index] if index >= 0 else 0


def _cut_paragraphs(raw: str, start: int, end: int) -> Iterator[Span]:
    for match in _PARAGRAPH_END.finditer(raw, start, end):
        if match.end() < end:
            yield start, match.end()
            start = match.end()
    yield start, end


def _cut_pieces(raw: str, paragraph: Span, spans: Sequence[MarkSpan]) -> Paragraph:
    start, end = paragraph
    touching = [span for span in spans if span.start < end and span.end > start]
    bounds = {start, end}
    bounds.update(bound for span in touching for bound in (span.start, span.end) if start < bound < end)
    cuts = sorted(bounds)
    return tuple(_build_piece(raw, low, high, touching) for low, high in pairwise(cuts))


def _build_piece(raw: str, low: int, high: int, spans: Sequence[MarkSpan]) -> Piece:
    marks = tuple(
        Mark(key=span.key, label=span.label, opens=span.start == low, closes=span.end == high)
        for span in spans
        if span.start <= low and high <= span.end
    )
    return Piece(text=raw[low:high], marks=marks)
