"""A long text cut down to its beginning and what stands around some passages, with the offsets of those passages in what is left."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hawadith.text.aligned import Span

GAP = "\n[…]\n"
"""Stands for what was cut out."""

_SPACE = re.compile(r"\s")
_REACH = 30  # how far a cut is moved outwards so that it parts no word


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """What is left of a text.

    Attributes:
        text: The pieces kept, with `GAP` wherever something was cut out.
        spans: The passages in it, in the order in which they were asked for.
    """

    text: str
    spans: tuple[Span, ...]


def cut_excerpt(raw: str, *, spans: Sequence[Span], max_chars: int) -> Excerpt:
    """Cut a text around passages.

    Args:
        raw: The text.
        spans: Passages of it. What lies outside the text is dropped.
        max_chars: A text up to this long stays whole. A longer one keeps a fifth of that from its beginning and an eighth of it on either
            side of each passage, which is shortened to a third of it; without passages, its beginning.

    Returns:
        The excerpt.

    Example:
        >>> excerpt = cut_excerpt("بداية " * 50 + "هنا" + " نهاية" * 50, spans=[(300, 303)], max_chars=80)
        >>> [excerpt.text[start:end] for start, end in excerpt.spans]
        ['هنا']
    """
    inside = [(start, min(end, len(raw))) for start, end in spans if start < min(end, len(raw))]
    if len(raw) <= max_chars:
        return Excerpt(text=raw, spans=tuple(inside))
    inside = [(start, min(end, start + max(1, max_chars // 3))) for start, end in inside]
    context = max_chars // 8
    lead = (0, max_chars // 5 if inside else max_chars)
    windows = _merge(sorted([lead, *((start - context, end + context) for start, end in inside)]), raw=raw)
    text, placed = "", dict[Span, Span]()
    for first, last in windows:
        text += GAP if text else ""
        shift = len(text) - first
        placed.update({(start, end): (start + shift, end + shift) for start, end in inside if first <= start < last})
        text += raw[first:last]
    text += GAP if windows[-1][1] < len(raw) else ""
    return Excerpt(text=text, spans=tuple(placed[span] for span in inside))


def _merge(windows: Sequence[Span], *, raw: str) -> list[Span]:
    """Windows, sorted, moved outwards to white space; those that then touch or overlap become one."""
    merged: list[Span] = []
    for start, end in windows:
        first, last = _find_space_before(raw, max(0, start)), _find_space_behind(raw, min(end, len(raw)))
        if merged and first <= merged[-1][1] + len(GAP):
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _find_space_before(raw: str, place: int) -> int:
    if place <= _REACH:
        return 0
    spaces = [match.end() for match in _SPACE.finditer(raw, place - _REACH, place)]
    return spaces[-1] if spaces else place


def _find_space_behind(raw: str, place: int) -> int:
    if place >= len(raw) - _REACH:
        return len(raw)
    space = _SPACE.search(raw, place, place + _REACH)
    return space.start() if space else place
