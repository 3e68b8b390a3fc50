"""HTML entities and tags inside article text: replaced as AraBERT's preprocessing does, in linear time.

`html.unescape` itself cannot say where its characters came from, and refuses very long decimal references with an exception.
"""

import html
import re
from functools import lru_cache

from hawadith.text.aligned import AlignedText

# The definition of a character reference in html.unescape: at most 32 characters of a name, so one pass is linear.
_REFERENCE = re.compile(r"&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)")
_BREAK = re.compile(r"<br />")
_TAG = re.compile(r"<[^>]+>")

_DIGITS_ENOUGH = 8
"""Digits that already exceed the last code point: longer numbers mean the same and would only cost time."""


def unescape_entities(aligned: AlignedText) -> AlignedText:
    """Replace `&amp;`, `&#1593;` and their like by the characters they name.

    Args:
        aligned: Any text.

    Returns:
        The text as `html.unescape` leaves it.
    """
    if "&" not in aligned.text:
        return aligned
    matches = list(_REFERENCE.finditer(aligned.text))
    return aligned.replace([match.span() for match in matches], [_unescape(match[0]) for match in matches])


@lru_cache(maxsize=1024)
def _unescape(reference: str) -> str:
    if reference[1] != "#":
        return html.unescape(reference)
    prefix = reference[:3] if reference[2] in "xX" else "&#"
    digits = reference[len(prefix) :].rstrip(";").lstrip("0")
    return html.unescape(f"{prefix}{digits[:_DIGITS_ENOUGH] or 0};")


def blank_tags(aligned: AlignedText) -> AlignedText:
    """Replace line breaks `<br />`, then every `<...>`, by a space.

    Args:
        aligned: Any text.

    Returns:
        The text without tags.
    """
    if "<" not in aligned.text:
        return aligned
    for pattern in (_BREAK, _TAG):
        # Behind the last `>` nothing can close: scanning there from every `<` would be quadratic.
        spans = [match.span() for match in pattern.finditer(aligned.text, 0, aligned.text.rfind(">") + 1)]
        aligned = aligned.replace(spans, [" "] * len(spans))
    return aligned
