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
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_END = re.compile(r"[.!?؟…]++[»\"”’')\]}]*+")
_PAUSE = re.compile(r"[،؛,;]")
_ARABIC_WORD = re.compile(r"[\u0620-\u064a\u066e-\u06d3]{2}")
_FEW_WORDS = frozenset({"الخ", "إلخ", "تق", "هاتف", "Mr", "Mrs", "Ms", "Dr", "St", "No", "vs", "Gen", "Col", "Lt"})
_NUMBER = re.compile(r"\d+")
_TOKEN_REACH = 24
"""How far back a word is looked for; longer ones are no abbreviations."""


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
    return [piece for span in _whole_sentences(raw) for piece in _cut_long(raw, *span)]


def _whole_sentences(raw: str) -> Iterator[Span]:
    for line in _LINE.finditer(raw):
        start = _skip_space(raw, line.start(), line.end())
        for match in _END.finditer(raw, start, line.end()):
            if match.start() >= start and _is_end(raw, start, match.start(), match.end(), line.end()):
                yield start, match.end()
                start = _skip_space(raw, match.end(), line.end())
        if start < line.end():
            yield start, start + len(raw[start : line.end()].rstrip())


def _skip_space(raw: str, start: int, end: int) -> int:
    while start < end and raw[start].isspace():
        start += 1
    return start


def _is_end(raw: str, start: int, mark: int, after: int, limit: int) -> bool:
    """Whether the marks in [mark, after) end the sentence that begins at `start`."""
    if after >= limit:
        return True
    following = raw[after]
    if raw[mark] != "." or after - mark > 1:
        # Inside an address or a word in Latin letters (`?a=b`, `Yahoo!news`) nothing ends.
        return following.isspace() or not following.isascii() or raw[after - 1] in "»\"”’')]}"
    word = _word_before(raw, start, mark)
    if following.isspace():
        return not _is_abbreviation(raw, start, mark, word)
    # A full stop without a space behind it: an end between two Arabic words, the inside of an acronym between single letters.
    return len(word) > 2 and not word.isdigit() and _ARABIC_WORD.match(raw, after, limit) is not None


def _word_before(raw: str, start: int, mark: int) -> str:
    """The letters and digits right before a full stop, at most `_TOKEN_REACH` of them."""
    first = mark
    while first > max(start, mark - _TOKEN_REACH) and raw[first - 1].isalnum():
        first -= 1
    return raw[first:mark]


def _is_abbreviation(raw: str, start: int, mark: int, word: str) -> bool:
    if mark - len(word) == start and _NUMBER.fullmatch(word):
        return True  # a list number
    if len(word) == 1 and not word.isdigit():
        return True
    return word in _FEW_WORDS or (len(word) == 2 and word[0] == "و" and word[1] in "دأم")


def _cut_long(raw: str, start: int, end: int) -> Iterator[Span]:
    while end - start > MAX_SENTENCE:
        cut = _cut_place(raw, start + _MIN_PIECE, start + MAX_SENTENCE)
        yield start, start + len(raw[start:cut].rstrip())
        start = _skip_space(raw, cut, end)
    if start < end:
        yield start, end


def _cut_place(raw: str, first: int, last: int) -> int:
    """The last place in (first, last] to cut at: behind a comma, else behind white space, else `last`."""
    piece = raw[first:last]
    for pattern in (_PAUSE, _SPACE):
        ends = [match.end() for match in pattern.finditer(piece)]
        if ends:
            return first + ends[-1]
    return last


_SPACE = re.compile(r"\s")
