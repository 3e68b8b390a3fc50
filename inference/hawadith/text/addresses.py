"""Web addresses, e-mail addresses and mentions: replaced by AraBERT's placeholders, in linear time.

AraBERT's published preprocessing applies a chain of regular expressions, one after the other, each on the output of the one before; web
addresses come first, so that most e-mail addresses become `[رابط]`. The chain is kept in its order, because a placeholder of the one is
input of the next. Patterns whose backtracking is quadratic or worse are written here so that they find the same spans in one pass: runs are
possessive, and the domain pattern starts from the dots that can end a domain instead of from every character that can begin one.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial

from hawadith.text.aligned import AlignedText, Span

LINK = "[رابط]"
EMAIL = "[بريد]"
MENTION = "[مستخدم]"
PLACEHOLDERS = (LINK, EMAIL, MENTION)
"""Each is one token of AraBERT's vocabulary."""

# Characters of a domain, and what may follow its last part. At most 256 characters precede the last dot, 260 with `www.`.
_NAME = r"[-a-zA-Z0-9@:%._+~#=]"
_NAME_RUN = re.compile(_NAME + r"{0,262}+")
_LAST_PART = re.compile(r"\.[a-z]{2,6}\b")
_TAIL = re.compile(r"[-a-zA-Z0-9@:%_+.~#?&/=]*+")
_MAX_NAME = 256
_MIN_NAME = 2
_WWW = "www."
_SCHEMES = ("https://", "http://")

_SIMPLE_LINKS = (
    ("http", re.compile(r"https?://[a-zA-Z0-9_\-./~?=%&]++")),
    ("www", re.compile(r"www[a-zA-Z0-9_\-?=%&/.~]++")),
    # A match ends at `.com`, where the next may begin in the middle of a word: hence the second way in.
    (".com", re.compile(r"(?:(?<![a-zA-Z])|(?<=\.com))[a-zA-Z]++\.com")),
    ("http", re.compile(r"http\S*+")),
    ("www", re.compile(r"www\S*+")),
    ("://", re.compile(r"://")),
)
_EMAILS = (
    ("@", re.compile(r"(?<![\w-])[\w-]++@[\w-]++(?:\.[\w-]++)++")),
    ("@", re.compile(r"(?<!\S)\S[^\s@]*+@\S++")),
)
_MENTIONS = (("@", re.compile(r"@\w++")),)


def replace_addresses(aligned: AlignedText) -> AlignedText:
    """Replace web addresses, e-mail addresses and mentions by their placeholders, a space on either side.

    Args:
        aligned: Any text.

    Returns:
        The text with placeholders.
    """
    aligned = _replace(aligned, ".", find_domains, LINK)
    for placeholder, patterns in ((LINK, _SIMPLE_LINKS), (EMAIL, _EMAILS), (MENTION, _MENTIONS)):
        for trigger, pattern in patterns:
            aligned = _replace(aligned, trigger, partial(_spans_of, pattern), placeholder)
    return aligned


def _spans_of(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [match.span() for match in pattern.finditer(text)]


def _replace(aligned: AlignedText, trigger: str, find: Callable[[str], list[Span]], placeholder: str) -> AlignedText:
    if trigger not in aligned.text:
        return aligned
    spans = find(aligned.text)
    return aligned.replace(spans, [f" {placeholder} "] * len(spans))


def find_domains(text: str) -> list[Span]:
    """Find what looks like a web address by its domain: `name.tld`, with scheme, `www.` and path where it has them.

    The spans are those of AraBERT's pattern, an optional `http(s)://` and one more character, an optional `www.`, 2 to 256 name characters,
    a dot, 2 to 6 lower-case letters that end a word, and a path. It costs time proportional to the text: each candidate dot looks back at
    most 262 characters, and a match swallows the rest of its run.

    Args:
        text: Any text.

    Returns:
        Spans in order, disjoint.
    """
    parts = [match.span() for match in _LAST_PART.finditer(text)]
    dots = [start for start, _ in parts]
    spans: list[Span] = []
    cursor = 0
    for dot in dots:
        if dot < cursor + _MIN_NAME:
            continue
        run = _NAME_RUN.match(text[max(cursor, dot - 262) : dot][::-1])
        name_start = dot - (run.end() if run else 0)
        if dot - name_start < _MIN_NAME:
            continue
        start, last = _leftmost(text, name_start, dot, cursor=cursor, dots=dots)
        tail = _TAIL.match(text, parts[last][1])
        cursor = tail.end() if tail else parts[last][1]
        spans.append((start, cursor))
    return spans


def _leftmost(text: str, name_start: int, dot: int, *, cursor: int, dots: Sequence[int]) -> tuple[int, int]:
    """The leftmost start of a match that can end its name at `dot` or behind it, and the index of the dot where the name ends."""
    for body in (name_start, name_start + 1):  # the scheme swallows one character of any kind
        scheme = _scheme_start(text, body, cursor=cursor)
        if scheme >= 0 and (last := _last_dot(text, body, dots)) >= 0:
            return scheme, last
    nearest = max(name_start, dot - _MAX_NAME)
    for start in range(max(name_start, nearest - len(_WWW)), nearest):  # only `www.` reaches further back
        if text.startswith(_WWW, start) and (last := _last_dot(text, start, dots)) >= 0:
            return start, last
    return nearest, _last_dot(text, nearest, dots)


def _scheme_start(text: str, body: int, *, cursor: int) -> int:
    """Where the scheme in front of a name's body begins, or -1."""
    if body < 1 or text[body - 1] == "\n":
        return -1
    for scheme in _SCHEMES:
        if text.endswith(scheme, cursor, body - 1):
            return body - 1 - len(scheme)
    return -1


def _last_dot(text: str, body: int, dots: Sequence[int]) -> int:
    """The index of the last dot that a name beginning at `body` can reach, or -1; `www.` is tried before a name without."""
    run = _NAME_RUN.match(text, body)
    run_end = run.end() if run else body
    for skipped in (len(_WWW), 0) if text.startswith(_WWW, body) else (0,):
        index = bisect_right(dots, min(body + skipped + _MAX_NAME, run_end - 1)) - 1
        if index >= 0 and dots[index] >= body + skipped + _MIN_NAME:
            return index
    return -1
