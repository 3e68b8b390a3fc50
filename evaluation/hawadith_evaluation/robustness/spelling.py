"""Other spellings of the same text: what a reader would not notice must not change what a model says.

Each function draws where it acts, acts often enough that most words of an article are touched somewhere, and gives back the very text where
nothing applies. They change letters only into what Arabic writers, keyboards, PDF extractors and web pages put in their place.
"""

import re
import unicodedata
from collections import defaultdict
from functools import cache

import numpy as np
from numpy.typing import NDArray

from hawadith.text.aligned import code_points, text_of

_TASHKEEL_RATE = 0.3
_TATWEEL_RATE = 0.05
_VARIANT_RATE = 0.5
_INVISIBLE_RATE = 0.03

_TASHKEEL = np.array([0x64E, 0x64F, 0x650, 0x651, 0x652], dtype=np.uint32)  # fatha, damma, kasra, shadda, sukun
_TATWEEL = np.array([0x640], dtype=np.uint32)
# Soft hyphen, zero-width space, joiners, word joiner and byte order mark; bidi marks, embeddings and isolates.
_INVISIBLE = np.array(
    [0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x61C, *range(0x200E, 0x2010), *range(0x202A, 0x202F)]
)
_ISOLATES = np.arange(0x2066, 0x206A)
_UNJOINED = [ord(letter) for letter in "اأإآدذرزوؤةىء"]
"""Letters that do not join the next one: no tatweel stands behind them."""

_LETTER_RUN = re.compile("[ء-غف-ي]+")
_VARIANTS = (
    (re.compile("[أإآ]"), "ا"),
    (re.compile(r"(?<=\bال)ا(?=[ء-ي]{3})"), "إ"),
    (re.compile(r"ة\b"), "ه"),
    (re.compile(r"(?<=[ء-ي])ي\b"), "ى"),
    (re.compile(r"(?<=[ء-ي])ى\b"), "ي"),
    (re.compile("ؤ(?=و)"), "ئ"),
    (re.compile(r"(?<=[ء-ي]ا)ء\b"), ""),
)
"""What writers interchange: hamza over and under alef, needless hamza, ta marbuta and ha, final ya and alef maqsura, the seat of a hamza
before waw (written on ya in Egypt), and a final hamza that is left out."""

_DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")


def add_tashkeel(text: str, random: np.random.Generator) -> str:
    """Put vowel signs on some letters; which sign is drawn, since no model may read them."""
    codes = code_points(text)
    return _insert_after(codes, at=_is_letter(codes), signs=_TASHKEEL, rate=_TASHKEEL_RATE, random=random)


def add_tatweel(text: str, random: np.random.Generator) -> str:
    """Stretch some words: tatweel between letters that are joined."""
    codes = code_points(text)
    letters = _is_letter(codes)
    joined = letters & ~np.isin(codes, _UNJOINED)
    joined[:-1] &= letters[1:]
    joined[-1:] = False
    return _insert_after(codes, at=joined, signs=_TATWEEL, rate=_TATWEEL_RATE, random=random)


def add_invisible_marks(text: str, random: np.random.Generator) -> str:
    """Put zero-width characters and bidi controls behind some letters and spaces."""
    codes = code_points(text)
    signs = np.concatenate([_INVISIBLE, _ISOLATES]).astype(np.uint32)
    at = _is_letter(codes) | (codes == ord(" "))
    return _insert_after(codes, at=at, signs=signs, rate=_INVISIBLE_RATE, random=random)


def vary_spelling(text: str, random: np.random.Generator) -> str:
    """Spell half of the letters that writers interchange the other way."""
    for pattern, other in _VARIANTS:
        text = pattern.sub(lambda match: other if random.random() < _VARIANT_RATE else match[0], text)  # noqa: B023 - called within the round
    return text


def use_presentation_forms(text: str, _random: np.random.Generator) -> str:
    """Write every letter as the presentation form of its place in the word, as old PDF files give it."""
    return _LETTER_RUN.sub(lambda match: _shape(match[0]), text)


def change_digits(text: str, random: np.random.Generator) -> str:
    """Write all digits in another of the three scripts that Arabic pages use: ASCII, Arabic-Indic, Persian."""
    written = [text.translate(_translation(target)) for target in _DIGITS]
    changed = [other for other in written if other != text]
    return changed[random.integers(len(changed))] if changed else text


def _translation(target: str) -> dict[int, int]:
    return {ord(digit): ord(other) for script in _DIGITS for digit, other in zip(script, target, strict=True)}


def _is_letter(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    return ((codes >= 0x621) & (codes <= 0x63A)) | ((codes >= 0x641) & (codes <= 0x64A))


def _insert_after(
    codes: NDArray[np.uint32],
    *,
    at: NDArray[np.bool_],
    signs: NDArray[np.uint32],
    rate: float,
    random: np.random.Generator,
) -> str:
    places = np.flatnonzero(at & (random.random(len(codes)) < rate))
    return text_of(np.insert(codes, places + 1, random.choice(signs, len(places))))


@cache
def _forms() -> dict[str, dict[str, str]]:
    """By letter (and by lam with alef), its presentation forms: isolated, initial, medial, final."""
    forms: dict[str, dict[str, str]] = defaultdict(dict)
    for code in range(0xFE80, 0xFEFD):
        place, *letters = unicodedata.decomposition(chr(code)).split()
        forms["".join(chr(int(letter, 16)) for letter in letters)][place.strip("<>")] = chr(code)
    return dict(forms)


def _shape(run: str) -> str:
    """A run of letters in presentation forms."""
    forms = _forms()
    letters = [part for part in re.split("(ل[اأإآ])|(.)", run) if part]
    shaped = []
    joins_next = False
    for place, letter in enumerate(letters):
        joins_before, joins_next = joins_next, "initial" in forms[letter] and place + 1 < len(letters)
        # Only hamza joins neither side.
        joins_next = joins_next and "final" in forms[letters[place + 1]]
        name = {(False, False): "isolated", (False, True): "initial", (True, True): "medial", (True, False): "final"}
        shaped.append(forms[letter][name[joins_before, joins_next]])
    return "".join(shaped)
