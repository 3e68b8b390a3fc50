"""Text that remembers where each of its characters came from.

Every step between the raw article and the model's input drops, replaces or inserts characters. Evidence must point into the raw article all
the same, so each step works on an `AlignedText` and hands one on; nobody has to undo a step afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Span = tuple[int, int]
"""First code point, and one past the last."""

_UTF32 = "utf-32-le"


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text, lone surrogates included.

    Args:
        text: Any string.

    Returns:
        Code points, shape (len(text),); read-only.
    """
    return np.frombuffer(text.encode(_UTF32, "surrogatepass"), dtype="<u4")


def text_of(codes: NDArray[np.integer]) -> str:
    """The text that the given code points spell.

    Args:
        codes: Code points, shape (n,).

    Returns:
        A string of n characters.
    """
    return codes.astype("<u4").tobytes().decode(_UTF32, "surrogatepass")


def outside(spans: Sequence[Span], length: int) -> list[Span]:
    """What lies between spans.

    Args:
        spans: Spans of a text, in order and disjoint.
        length: The text's length.

    Returns:
        The spans before, between and behind them, empty ones included.
    """
    edges = [0, *(edge for span in spans for edge in span), length]
    return list(zip(edges[::2], edges[1::2], strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class AlignedText:
    """A text and, for each of its characters, the raw code points it stands for.

    Attributes:
        text: The text.
        starts: Raw index where each character begins, shape (len(text),); never falls.
        ends: One past the raw code points it stands for, shape (len(text),); never falls, and `starts <= ends`. A character that was
            inserted between two raw neighbours has `start == end`.
    """

    text: str
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    @classmethod
    def from_raw(cls, raw: str, dropped: Sequence[Span] = ()) -> "AlignedText":
        """Align a raw text with itself.

        Args:
            raw: The raw text.
            dropped: Raw spans to leave out, in order and disjoint.

        Returns:
            The text without the dropped spans.
        """
        starts = np.arange(len(raw), dtype=np.int32)
        return cls(raw, starts, starts + 1).without(dropped)

    def raw_span(self, start: int, end: int) -> Span:
        """Where characters [start, end) of the text stand in the raw text.

        Args:
            start: First character, in [0, len(text)].
            end: One past the last character, in [start, len(text)].

        Returns:
            The raw span; empty where [start, end) is empty.
        """
        if start < end:
            return int(self.starts[start]), int(self.ends[end - 1])
        if start < len(self.text):
            return int(self.starts[start]), int(self.starts[start])
        place = int(self.ends[-1]) if self.text else 0
        return place, place

    def profile_span(self, start: int, end: int) -> Span:
        """Which characters of the text stand for a raw span, in whole or in part.

        Args:
            start: First raw code point.
            end: One past the last raw code point.

        Returns:
            A span of the text; empty where nothing of the raw span was kept.
        """
        first = int(np.searchsorted(self.ends, start, side="right"))
        last = int(np.searchsorted(self.starts, end, side="left"))
        return first, max(first, last)

    def replace(self, spans: Sequence[Span], replacements: Sequence[str]) -> "AlignedText":
        """Put other characters in the place of some; each new one stands for the whole replaced span.

        Args:
            spans: Non-empty spans of the text, in order and disjoint.
            replacements: What takes the place of each.

        Returns:
            The changed text, or this one where there are no spans.
        """
        if not spans:
            return self
        edges = np.asarray(spans, dtype=np.int64)
        inside = np.zeros(len(self.text) + 1, dtype=np.int8)
        inside[edges[:, 0]] += 1
        inside[edges[:, 1]] -= 1
        copies = 1 - np.cumsum(inside[:-1], dtype=np.int64)
        copies[edges[:, 0]] = [len(new) for new in replacements]
        last = np.arange(len(self.text))
        last[edges[:, 0]] = edges[:, 1] - 1
        pieces, cursor = [], 0
        for (start, end), new in zip(spans, replacements, strict=True):
            pieces += [self.text[cursor:start], new]
            cursor = end
        pieces.append(self.text[cursor:])
        return AlignedText("".join(pieces), np.repeat(self.starts, copies), np.repeat(self.ends[last], copies))

    def keep(self, mask: NDArray[np.bool_]) -> "AlignedText":
        """Leave characters out; the kept one before them stands for them too, so that a span with it covers its marks.

        Args:
            mask: True for characters that stay, shape (len(text),).

        Returns:
            The changed text, or this one where all stay.
        """
        if mask.all():
            return self
        kept = np.flatnonzero(mask)
        covered = np.append(kept[1:], len(self.text)) - 1
        text = text_of(code_points(self.text)[kept])
        return AlignedText(text, self.starts[kept], self.ends[covered][: len(kept)])

    def without(self, spans: Sequence[Span]) -> "AlignedText":
        """Leave whole stretches out; a line break takes their place where words would otherwise fuse.

        Args:
            spans: Spans of the text, in order and disjoint.

        Returns:
            The changed text, or this one where there are no spans.
        """
        spans = [span for span in spans if span[0] < span[1]]
        return self.replace(spans, ["\n" if self._would_fuse(span) else "" for span in spans])

    def _would_fuse(self, span: Span) -> bool:
        before, after = self.text[: span[0]][-1:], self.text[span[1] : span[1] + 1]
        return bool(before and after) and not before.isspace() and not after.isspace()
