"""Page residue: what a web page prints around an article, and an extractor carries along.

Part of the optional pre-clean. Lists of other headlines are the harmful kind: they name incidents that the article does not report. The
rule is to err on the side of keeping. Only lines of known forms go, the headlines under a known header, and three headlines or more that
nothing announces below the last sentence; a line that reads like a sentence of the article ends such a list. Nothing is ever cut out of
the middle of a sentence.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from hawadith.text.aligned import Span, outside
from hawadith.text.residue_forms import (
    BREADCRUMB,
    END_TAG,
    FURNITURE,
    IN_LINE,
    LEAD_TAG,
    RELATED,
    RELATED_LINE,
    fold_letters,
)

RESIDUE_VERSION = 2
"""Any change of what this module finds is a new version: a model fits only the texts that it was trained on. 2 (2026-11): letters that
writers interchange are one, and lists of headlines at the end need no header."""

_Kind = Literal["furniture", "related", "headline", "prose"]

_LINE = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(r"(?<![.…])[.!؟?][\s»\"”’')\]]*\Z")
_ITEM = re.compile(r"\s*(?:[-–—•*●■▪◆#·]|[\[(]?\d+\s*[-–.):/])|.*(?::|(?<![.…])\.)[\s»\"”’')\]]*\Z")
_TEASER_END = re.compile(r"(?:…|\.\.|[؟?])[\s.»\"”\]]*\Z")
_MARKS_REACH = 12
_TAG_REACH = 120

# Characters of a line: known forms, headlines and teasers (which end in an ellipsis) are no longer, paragraphs no shorter.
_LONGEST_FORM = 160
_LONGEST_HEADLINE = 160
_LONGEST_TEASER = 320
_LONGEST_BREADCRUMB = 30
_SHORTEST_PROSE = 50
_SHORTEST_HEADLINE = 25
_SHORTEST_LONG = 80
_LONGEST_UNANNOUNCED = 120
# Lines: a list in mid-article is no longer, a bar of buttons no shorter, nor a list that nothing announces.
_LONGEST_LIST = 6
_BAR = 3
_SHORTEST_LIST = 3
_MOSTLY = 0.6


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    kind: _Kind
    stops: bool
    """Whether it ends as a sentence does."""

    @property
    def length(self) -> int:
        return self.end - self.start


def find_residue(raw: str) -> list[Span]:
    """Find page residue.

    Args:
        raw: A text; tashkeel, tatweel and invisible marks hide residue and should be gone.

    Returns:
        Spans in order, disjoint. A text that consists of nothing else is no residue: it may be an article on just that.
    """
    raw = fold_letters(raw)
    spans = [match.span() for word, pattern in IN_LINE if word in raw for match in pattern.finditer(raw)]
    spans += _find_tags(raw)
    if "\n" in raw:
        spans += _find_lines(raw)
    merged = _merge(spans)
    return merged if any(raw[start:end].strip() for start, end in outside(merged, len(raw))) else []


def _find_tags(raw: str) -> list[Span]:
    """The agency in front of the lead, and the one behind the last word."""
    matches = (LEAD_TAG.match(raw), END_TAG.search(raw, max(0, len(raw) - _TAG_REACH)))
    return [match.span() for match in matches if match]


def _find_lines(raw: str) -> list[Span]:
    lines = [_classify(raw, *match.span()) for match in _LINE.finditer(raw)]
    dropped = [line.kind in ("furniture", "related") for line in lines]
    for start, end in (*_blocks(raw, lines), _site_head(raw, lines)):
        dropped[start:end] = [True] * (end - start)
    return [(line.start, line.end) for line, drop in zip(lines, dropped, strict=True) if drop]


def _classify(raw: str, start: int, end: int) -> _Line:
    text = raw[start:end].strip() if end - start <= _LONGEST_TEASER else ""
    stops = _SENTENCE_END.search(raw, max(start, end - _MARKS_REACH), end) is not None
    return _Line(start, end, _kind_of(text, stops=stops), stops)


def _kind_of(line: str, *, stops: bool) -> _Kind:
    """The kind of a line; an empty one stands for a line too long to be anything but prose."""
    if len(line) <= _LONGEST_FORM and RELATED.fullmatch(line):
        return "related"
    if len(line) <= _LONGEST_FORM and (FURNITURE.fullmatch(line) or RELATED_LINE.fullmatch(line)):
        return "furniture"
    if line and _TEASER_END.search(line, max(0, len(line) - _MARKS_REACH)):
        return "headline"  # a teaser, or a headline that asks
    is_prose = not line or len(line) > _LONGEST_HEADLINE or (stops and len(line) >= _SHORTEST_PROSE)
    return "prose" if is_prose else "headline"


def _blocks(raw: str, lines: Sequence[_Line]) -> Iterator[Span]:
    """Lists of other articles: a header, or a bar of at least three buttons, and the headlines under it; at the end, headlines alone.

    Only outlets that end their sentences with full stops are read this way: where they don't, a headline cannot be told from a short
    paragraph, and the headers alone go; but for a list at the end that has both a header and the look of one.
    """
    long_lines = stopped = 0
    covered = 0
    tail = max((index for index, line in enumerate(lines) if line.kind == "prose"), default=-1) + 1
    for index, line in enumerate(lines):
        if index >= covered:
            in_sentences = 0 < long_lines * _MOSTLY <= stopped
            if 0 < tail <= index and _ends_in_list(raw, lines, index, in_sentences=in_sentences):
                covered = len(lines)
            elif in_sentences:
                covered = _block_end(lines, index, tail=tail)
            if covered > index:
                yield index, covered
        if line.length >= _SHORTEST_LONG and line.kind in ("prose", "headline"):
            long_lines += 1
            stopped += line.stops


def _ends_in_list(raw: str, lines: Sequence[_Line], index: int, *, in_sentences: bool) -> bool:
    """Whether the short lines from `index` to the end list other articles, at least three of them.

    A header says so; where the outlet writes in sentences, headlines right below one are enough. A list of the article's own is introduced
    by a colon, its items are marked, or they end as sentences do.
    """
    headlines = [line for line in lines[index:] if line.kind == "headline"]
    return (
        (lines[index].kind == "related" or (in_sentences and lines[index - 1].stops))
        and sum(line.length >= _SHORTEST_HEADLINE for line in headlines) >= _SHORTEST_LIST
        and all(line.length <= _LONGEST_UNANNOUNCED for line in headlines)
        and not any(_ITEM.match(raw, line.start, line.end) for line in headlines)
    )


def _block_end(lines: Sequence[_Line], index: int, *, tail: int) -> int:
    """One past the last line of the block that begins at `index`, or `index` where none does."""
    is_bar = [line.kind for line in lines[index : index + _BAR]] == ["furniture"] * _BAR
    if index >= tail and (is_bar or lines[index].kind == "related"):
        return len(lines)  # nothing but short lines follow
    if lines[index].kind != "related":
        return index
    end = index + 1
    # A short line right above a paragraph is a subheading of the article.
    while end < min(len(lines), index + 1 + _LONGEST_LIST) and _is_listed(lines[end]):
        end += 1
    return end


def _is_listed(line: _Line) -> bool:
    return line.kind in ("furniture", "related") or (line.kind == "headline" and line.length >= _SHORTEST_HEADLINE)


def _site_head(raw: str, lines: Sequence[_Line]) -> Span:
    """The lines down to the breadcrumb (`home`) above the article, but for a page title on the first line."""
    end = 0
    for index, line in enumerate(lines):
        if line.kind == "prose":
            break
        if line.length <= _LONGEST_BREADCRUMB and BREADCRUMB.fullmatch(raw[line.start : line.end].strip()):
            end = index + 1
    else:
        return 0, 0
    return int(_is_listed(lines[0]) and lines[0].kind == "headline"), end


def _merge(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
