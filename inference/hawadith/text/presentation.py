"""Characters that look like Arabic letters but are other code points: brought to the letters that the profile keeps.

Part of the optional pre-clean. The faithful profile drops Persian and Kurdish letters, splits words at invisible marks, and sets `ٱ` apart;
web pages, PDF extracts and phone keyboards produce all of these in plain Arabic articles.
"""

import re
import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hawadith.text.aligned import AlignedText, code_points, text_of

# Letters of Persian, Kurdish, Urdu and Maghrebi keyboards -> the Arabic letter that an Arabic newsroom writes in their place.
_LETTERS = {
    "ک": "ك", "گ": "ك", "ڪ": "ك", "ڭ": "ك", "ی": "ي", "ې": "ي", "ێ": "ي", "ے": "ي", "پ": "ب", "چ": "ج", "ژ": "ز", "ڤ": "ف", "ڨ": "ق",
    "ھ": "ه", "ہ": "ه", "ە": "ه", "ۀ": "ه", "ۂ": "ه", "ۃ": "ة", "ۆ": "و", "ۇ": "و", "ۋ": "و", "ڕ": "ر", "ڵ": "ل", "ں": "ن", "ٱ": "ا",
    **{chr(0x6F0 + digit): str(digit) for digit in range(10)},
}  # fmt: skip
# Soft hyphen, zero-width characters, bidi controls, the byte order mark, variation selectors; Koranic marks and the superscript alef.
_INVISIBLE = [
    0xAD,
    0x61C,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    *range(0xFE00, 0xFE10),
]
_MARKS = [
    *range(0x610, 0x61B),
    *range(0x656, 0x660),
    0x670,
    *range(0x6D6, 0x6DD),
    *range(0x6DF, 0x6E5),
    0x6E7,
    0x6E8,
    *range(0x6EA, 0x6EE),
]

_TABLE_SIZE = 0x10000
_FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_DECOMPOSED = re.compile("[\u0627\u0648\u064a][\u0653-\u0655]")


def _set_of(codes: list[int]) -> NDArray[np.bool_]:
    members = np.zeros(_TABLE_SIZE, dtype=np.bool_)
    members[codes] = True
    return members


def _mapped() -> NDArray[np.uint32]:
    mapped = np.arange(_TABLE_SIZE, dtype=np.uint32)
    mapped[[ord(char) for char in _LETTERS]] = [ord(char) for char in _LETTERS.values()]
    return mapped


_DROPPED = _set_of([*_INVISIBLE, *_MARKS])
_LOOSE = _set_of([0x653, 0x654, 0x655])
_MAPPED = _mapped()


def fold_presentation(aligned: AlignedText) -> AlignedText:
    """Bring look-alike characters to plain Arabic letters, and leave invisible ones out without splitting words.

    Presentation forms become letters by NFKC, letters with a separate hamza or madda one letter, Persian and Kurdish letters and digits
    their Arabic counterparts.

    Args:
        aligned: Any text.

    Returns:
        The folded text, aligned with the same raw text.
    """
    visible = aligned.keep(~_DROPPED[_bounded_codes(aligned.text)])
    folded = _map_letters(_replace_matches(visible, _FORMS))
    composed = _replace_matches(folded, _DECOMPOSED)
    # What could not be joined with its letter would only split the word.
    return composed.keep(~_LOOSE[_bounded_codes(composed.text)])


def _bounded_codes(text: str) -> NDArray[np.uint32]:
    return np.minimum(code_points(text), _TABLE_SIZE - 1)


def _map_letters(aligned: AlignedText) -> AlignedText:
    codes = code_points(aligned.text)
    mapped = np.where(codes < _TABLE_SIZE, _MAPPED[np.minimum(codes, _TABLE_SIZE - 1)], codes)
    if np.array_equal(mapped, codes):
        return aligned
    return AlignedText(text_of(mapped), aligned.starts, aligned.ends)


def _replace_matches(aligned: AlignedText, pattern: re.Pattern[str]) -> AlignedText:
    matches = list(pattern.finditer(aligned.text))
    return aligned.replace([match.span() for match in matches], [_compose(match[0]) for match in matches])


@lru_cache(maxsize=1024)
def _compose(form: str) -> str:
    composed = unicodedata.normalize("NFKC", form)
    if composed.startswith(" "):
        return composed[1:]  # a mark that stands alone is written on a space, which would split the word
    return composed
