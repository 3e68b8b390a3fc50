"""The text profile of AraBERT v02: what its tokenizer and its weights were trained on, reproduced character by character.

Faithful on purpose, oddities included: a model reads best what it was trained on, and other users of AraBERT produce the same text. What we
would rather do otherwise (residue, presentation forms, Persian letters) is a separate step before this one. Unlike the published
preprocessing, every step here costs time proportional to the text, and keeps the alignment to the raw article.
"""

import numpy as np
from numpy.typing import NDArray

from hawadith.text.addresses import replace_addresses
from hawadith.text.aligned import AlignedText, code_points, text_of
from hawadith.text.markup import blank_tags, unescape_entities

PROFILE = "arabert-v02"
PROFILE_VERSION = 1

_TABLE_SIZE = 0x10000  # nothing beyond the basic plane is kept; its last entry stands for all that lies behind
_DIGIT, _LETTER = 1, 2
_PUNCTUATION = "!\"#$%'()*+,.:;-<=·>?@\\^_`{|}~—٪’،؟୍“؛”ۚ»«–…‘"


def _kinds() -> NDArray[np.uint8]:
    kinds = np.zeros(_TABLE_SIZE, dtype=np.uint8)
    kinds[ord("0") : ord("9") + 1] = _DIGIT
    kinds[0x621:0x63B] = kinds[0x641:0x64B] = _LETTER
    return kinds


def _outputs() -> NDArray[np.uint16]:
    """What becomes of each character: itself, another, or 0 for a gap."""
    outputs = np.zeros(_TABLE_SIZE, dtype=np.uint16)
    ranges = ((0x30, 0x3A), (0x41, 0x5B), (0x61, 0x7B), (0x621, 0x63B), (0x640, 0x66D), (0x671, 0x675))
    kept = [code for first, end in ranges for code in range(first, end)]
    kept += [ord(char) for char in _PUNCTUATION + "[]"]
    outputs[kept] = kept
    outputs[0x660:0x66A] = range(ord("0"), ord("9") + 1)
    outputs[ord("/")] = ord("-")
    return outputs


def _marks() -> NDArray[np.bool_]:
    marks = np.zeros(_TABLE_SIZE, dtype=np.bool_)
    marks[0x64B:0x653] = marks[0x640] = True
    return marks


_KIND = _kinds()
_OUTPUT = _outputs()
_MARK = _marks()
_JOINS = (_KIND > 0) | np.isin(np.arange(_TABLE_SIZE), [ord(c) for c in "[]"])
_JOINS[[*range(0x41, 0x5B), *range(0x61, 0x7B)]] = True
"""Characters that may stand next to each other; every other kept one gets a space on either side."""


def normalise(text: str) -> str:
    """Bring a text into the AraBERT v02 profile.

    Args:
        text: Raw text.

    Returns:
        Words and punctuation marks with single spaces between; empty where nothing readable is left.

    Raises:
        TypeError: If `text` is no string (a missing text is not the word "None").

    Example:
        >>> normalise("جميـــــل جداااااا")
        'جميل جداا'
    """
    if not isinstance(text, str):
        raise TypeError(f"normalise reads a string, got {type(text).__name__}.")
    return normalise_aligned(AlignedText.from_raw(text)).text


def normalise_aligned(aligned: AlignedText) -> AlignedText:
    """Bring an aligned text into the AraBERT v02 profile.

    Args:
        aligned: Raw text, or text that an earlier step has cleaned.

    Returns:
        The profile's text, aligned with the same raw text.
    """
    aligned = drop_marks(unescape_entities(aligned))
    return _space_out(_shorten_repeats(blank_tags(replace_addresses(aligned))))


def drop_marks(aligned: AlignedText) -> AlignedText:
    """Leave out tashkeel (fathatan to sukun) and tatweel.

    Args:
        aligned: Any text.

    Returns:
        The text without these marks; the letter before a mark stands for it too.
    """
    return aligned.keep(~_MARK[_bounded_codes(aligned.text)])


def _bounded_codes(text: str) -> NDArray[np.uint32]:
    return np.minimum(code_points(text), _TABLE_SIZE - 1)


def _shorten_repeats(aligned: AlignedText) -> AlignedText:
    """Keep two of any character but a digit that is repeated three times or more."""
    codes = code_points(aligned.text)
    same = codes[1:] == codes[:-1]
    third = np.flatnonzero(same[1:] & same[:-1]) + 2
    if not len(third):
        return aligned
    # Decimal digits of every script count as digits, as in the published pattern.
    digits = [code for code in np.unique(codes[third]) if chr(code).isdecimal()]
    mask = np.ones(len(codes), dtype=np.bool_)
    mask[third] = np.isin(codes[third], digits)
    return aligned.keep(mask)


def _space_out(aligned: AlignedText) -> AlignedText:
    """Keep the profile's characters, with one space wherever others stood, around punctuation, and between numbers and words."""
    outputs = _OUTPUT[_bounded_codes(aligned.text)]
    kept = np.flatnonzero(outputs)
    symbols, starts, ends = outputs[kept], aligned.starts[kept], aligned.ends[kept]
    joins = _JOINS[symbols]
    gaps = (np.diff(kept) > 1) | ~(joins[1:] & joins[:-1])
    gaps |= _number_gaps(_KIND[symbols], gaps)

    places = np.arange(len(kept))
    places[1:] += np.cumsum(gaps)
    before = np.flatnonzero(gaps)
    size = len(kept) + len(before)
    text = np.full(size, ord(" "), dtype=np.uint32)
    new_starts, new_ends = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int32)
    text[places], new_starts[places], new_ends[places] = symbols, starts, ends
    spaces = places[before] + 1
    # A space stands for what lies between its neighbours; two characters of one entity have nothing between them.
    new_starts[spaces] = np.minimum(ends[before], starts[before + 1])
    new_ends[spaces] = np.maximum(ends[before], starts[before + 1])
    return AlignedText(text_of(text), new_starts, new_ends)


def _number_gaps(kinds: NDArray[np.uint8], gaps: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where a number and an Arabic word touch, they are set apart, from each other and from what stands around the two.

    The published patterns first match number-word pairs, then word-number pairs that still touch; `F16كلمة` becomes `F 16 كلمة`, while
    `F16` alone stays.

    Args:
        kinds: 1 for digits, 2 for Arabic letters, 0 for others, shape (n,).
        gaps: Whether a gap precedes characters 1 to n - 1, shape (n - 1,).

    Returns:
        Further gaps, shape (n - 1,).
    """
    found = np.zeros_like(gaps)
    if not np.any(~gaps & (kinds[1:] + kinds[:-1] == _DIGIT + _LETTER) & (kinds[1:] != kinds[:-1])):
        return found
    edges = gaps | (kinds[1:] != kinds[:-1])
    first = np.concatenate(([0], np.flatnonzero(edges) + 1))  # where each run of one kind begins
    kind = kinds[first]
    touches_next = np.append(~gaps[first[1:] - 1], False)
    next_kind = np.append(kind[1:], 0)
    pairs = touches_next & (kind == _DIGIT) & (next_kind == _LETTER)
    near = np.append(False, pairs[:-1]) | np.append(pairs[1:], False)
    pairs |= touches_next & (kind == _LETTER) & (next_kind == _DIGIT) & ~near
    apart = pairs | np.append(False, pairs[:-1]) | np.append([False, False], pairs[:-2])[: len(pairs)]
    apart[0] = False
    found[first[apart] - 1] = True
    return found
