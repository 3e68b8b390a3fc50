"""Where sentences begin and end in a raw article.

Sentences are what a reader checks: evidence is whole sentences, and windows are cut between them. They are found in the raw text, because
the profile has already lost the difference between a full stop and the point of `3.14`.
"""

import re
from collections.abc import Iterator

from hawadith.text.aligned import Span

MAX_SENTENCE = 600
"""Characters. A longer stretch without an end is cut: some outlets write whole articles without a full stop."""

_MIN_PIECE = 200
_SHORTEST_BEFORE_ELLIPSIS = 40
"""Characters. Headlines use `..` as a colon: `Baghdad.. three killed` is one sentence."""

_CLOSING = "»\"”’')]}"
_OPENING = '«"“‘([-–—•*'
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_END = re.compile(rf"[.!?؟…]++[{re.escape(_CLOSING)}]*+")
_PAUSE = re.compile(r"[،؛,;]")
_SPACE = re.compile(r"\s")
_ARABIC_WORD = re.compile(r"[\u0620-\u064a\u066e-\u06d3]{2}")
_MARKS = re.compile(r"[\u0640\u064b-\u065f\u0670]")
_WORD_BACKWARDS = re.compile(r"\s*+([\w\u064b-\u065f\u0670]*+)")
_REACH = 24
"""How far back the word before a full stop is looked for; longer ones are no abbreviations."""

_ABBREVIATIONS = frozenset(
    {"ود", "وأ", "أد", "الخ", "إلخ", "تق", "هاتف", "Mr", "Mrs", "Ms", "Dr", "St", "No", "vs", "Gen", "Col", "Lt"}
)
_ERAS = frozenset("هم")
"""`1445 ه.` and `2024 م.` end a sentence, other single letters are initials."""

_LONGEST_ACRONYM_PART = 2


def split_sentences(raw: str) -> list[Span]:
    """Split a raw text into sentences.

    Sentences end at line breaks, `!`, `?`, `؟`, `…` and full stops, with the closing quotes and brackets behind them; not inside numbers,
    addresses, acronyms (`بي.بي.سي`), nor behind initials (`د.`) and list numbers. What is longer than `MAX_SENTENCE` characters is cut at a
    comma or white space.

    Args:
        raw: Any text.

    Returns:
        Spans in order, disjoint, without surrounding white space; together they hold every character but white space.
    """
    return [
        piece
        for line in _LINE.finditer(raw)
        for span in _split_line(raw, *line.span())
        for piece in _cut_long(raw, *span)
    ]


def _split_line(raw: str, start: int, limit: int) -> list[Span]:
    spans: list[Span] = []
    start = _skip_space(raw, start, limit)
    for match in _END.finditer(raw, start, limit):
        mark, after = match.span()
        if mark == start and spans:
            spans[-1] = (spans[-1][0], after)  # marks alone belong to the sentence before them
        elif mark > start and _is_end(raw, start, mark, after, limit):
            spans.append((start, after))
        else:
            continue
        start = _skip_space(raw, after, limit)
    if start < limit:
        spans.append((start, start + len(raw[start:limit].rstrip())))
    return spans


def _skip_space(raw: str, start: int, end: int) -> int:
    while start < end and raw[start].isspace():
        start += 1
    return start


def _is_end(raw: str, start: int, mark: int, after: int, limit: int) -> bool:
    """Whether the marks in [mark, after) end the sentence that begins at `start`."""
    if after >= limit:
        return True
    marks = raw[mark:after].rstrip(_CLOSING)
    if raw[mark - 1] == "(" and raw[mark + len(marks)] == ")":
        return False  # `(...)` stands for omitted words
    if marks == ".":
        return _full_stop_ends(raw, start, mark, after)
    if marks.strip(".…") == "" and after - start < _SHORTEST_BEFORE_ELLIPSIS:
        return False
    # Inside an address or a word in Latin letters (`?a=b`, `Yahoo!news`) nothing ends.
    return raw[after].isspace() or not raw[after].isascii() or len(marks) < after - mark


def _full_stop_ends(raw: str, start: int, mark: int, after: int) -> bool:
    word = _word_before(raw, start, mark)
    following = raw[after]
    if following.isspace() or (following in _OPENING and not (word and word.isascii())):
        return not _is_abbreviation(raw, start, mark, word)
    if not _ARABIC_WORD.match(raw, after):
        return False
    # Glued to the next word: an end between whole words, the inside of an acronym between short ones.
    if word.isdigit():
        return not _is_list_number(raw, start, mark, word)
    return not word or len(word) > _LONGEST_ACRONYM_PART


def _word_before(raw: str, start: int, mark: int) -> str:
    """The word before a full stop, without tashkeel and tatweel; empty where a bracket or another sign stands there."""
    match = _WORD_BACKWARDS.match(raw[max(start, mark - _REACH) : mark][::-1])
    return _MARKS.sub("", match[1][::-1]) if match else ""


def _is_abbreviation(raw: str, start: int, mark: int, word: str) -> bool:
    if word.isdigit():
        return _is_list_number(raw, start, mark, word)
    if len(word) == 1:
        before = raw[max(start, mark - _REACH) : mark].rstrip().rstrip(word + "\u0640").rstrip()
        return not (word in _ERAS and before[-1:].isdigit())
    return word in _ABBREVIATIONS


def _is_list_number(raw: str, start: int, mark: int, word: str) -> bool:
    return raw[start:mark].strip(" -–—(•*") == word


def _cut_long(raw: str, start: int, end: int) -> Iterator[Span]:
    while end - start > MAX_SENTENCE:
        cut = _cut_place(raw, start + _MIN_PIECE, start + MAX_SENTENCE)
        yield start, start + len(raw[start:cut].rstrip())
        start = _skip_space(raw, cut, end)
    if start < end:
        yield start, end


def _cut_place(raw: str, first: int, last: int) -> int:
    """The last place in (first, last] to cut at: behind a comma, else behind white space, else `last`."""
    for pattern in (_PAUSE, _SPACE):
        ends = [match.end() for match in pattern.finditer(raw, first, last)]
        if ends:
            return ends[-1]
    return last
