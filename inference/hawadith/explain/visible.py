"""Characters that steer rendering instead of being read, made visible.

An article is hostile input: U+202E turns a sentence around, an escape sequence repaints a terminal, a zero-width space hides a word from
search, a lone surrogate cannot be encoded. None of them reaches the page. Each is replaced by a mark that names it, so that a reviewer sees
that it was there, and the raw text can be read back from the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

RunKind = Literal["plain", "loud", "quiet", "return"]
"""`loud`: can mislead a reader; `quiet`: common in scraped pages, harmless; `return`: half of a Windows line break, not worth showing."""

# Controls, format characters, line separators, surrogates, non-characters and fillers. Left out on purpose: tab and newline (white space to
# HTML), and the Arabic number and verse signs (U+0600-0605, 06DD, 08E2 ...), which are format characters to Unicode but ink to a reader.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
_QUIET = frozenset("\xad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A stretch of text that can be shown as it is, or one character that cannot.

    Attributes:
        text: What to show; empty for a character that is only named.
        kind: How.
        code: The character's name, as `U+202E`; empty for plain text.
    """

    text: str
    kind: RunKind
    code: str


def split_runs(text: str) -> Iterator[Run]:
    """Split a text at the characters that must not reach a page.

    Args:
        text: Any string, lone surrogates included.

    Yields:
        Runs in order; plain texts and named characters together are the whole text.
    """
    end = 0
    for match in _INVISIBLE.finditer(text):
        if match.start() > end:
            yield Run(text=text[end : match.start()], kind="plain", code="")
        yield Run(text="", kind=_kind_of(match[0]), code=_code_of(match[0]))
        end = match.end()
    if end < len(text):
        yield Run(text=text[end:], kind="plain", code="")


def spell_out(text: str) -> str:
    """Write the same characters out as `[U+202E]`, for attributes, which hold no markup.

    Args:
        text: Any string.

    Returns:
        A string that can be encoded and steers nothing.
    """
    return _INVISIBLE.sub(lambda match: f"[{_code_of(match[0])}]", text)


def _code_of(character: str) -> str:
    return f"U+{ord(character):04X}"


def _kind_of(character: str) -> RunKind:
    if character == "\r":
        return "return"
    return "quiet" if character in _QUIET else "loud"
