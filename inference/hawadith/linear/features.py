"""From an article to the n-grams that the linear model weighs; one definition for training and scoring.

No string is cut: letters become six-bit codes, and all n-grams of an article are made at once by shifts and sums over whole arrays. A
letter n-gram is its codes, packed, hence exact; a word n-gram is a 64-bit hash of its stems. Letters that Arabic writers interchange are
one code (hamza seats, final ya, ta marbuta), digits are one code. An n-gram never crosses a sentence, so that each belongs to exactly one
and a sentence's share in a score is what its own n-grams say; the title is a field of its own, its sentences come first.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hawadith.text.aligned import code_points
from hawadith.text.article import PreparedArticle

FEATURES_VERSION = 1
"""Any change of what this module computes is a new version: coefficients fit only the features that they were learned on."""

CHAR_LENGTHS = (3, 4, 5)
"""Lengths of the letter n-grams; the gap on either side of a word counts as a letter."""

_GAP, _BITS = 1, 6
_ALPHABET = ("0123456789", *"abcdefghijklmnopqrstuvwxyz", "اأإآٱ", *"بتثجحخدذرزسشصضطظعغفقكلمن", "هة", "وؤ", "يىئ", "ء")

# Light stemming (after Larkey et al. 2002): conjunction, preposition and article in front, number, gender and pronoun behind.
_PREFIXES = (("وال", "بال", "فال", "كال", "ولل"), ("لل", "ال"), ("و", "ف", "ب", "ل", "ك", "س"))
_SUFFIXES = (("هما", "كما"), ("ات", "ون", "ين", "ان", "ها", "هم", "وا", "نا", "يه"), ("ه", "ي"))
_SHORTEST_STEM = 3

# A word's hash is a polynomial modulo 2**64 at an odd point: a difference of running sums, shifted back by the point's inverse.
_POINT = 0x9E3779B97F4A7C15
_INVERSE = pow(_POINT, -1, 2**64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArticleGrams:
    """Every n-gram of one article, in two blocks.

    Attributes:
        words: Hashes of the stemmed words and pairs of neighbours, shape `(word n-grams,)`.
        word_sentences: The sentence that holds each, same shape.
        chars: Packed letter n-grams, 30 bits at most, shape `(letter n-grams,)`.
        char_sentences: The sentence that holds each, same shape.
        n_words: Words read.
        n_title_sentences: Sentences of the title, which are numbered first.
        n_sentences: Sentences of title and text.
    """

    words: NDArray[np.uint64]
    word_sentences: NDArray[np.int32]
    chars: NDArray[np.uint32]
    char_sentences: NDArray[np.int32]
    n_words: int
    n_title_sentences: int
    n_sentences: int


def read_grams(article: PreparedArticle) -> ArticleGrams:
    """Cut an article into n-grams.

    Args:
        article: A prepared article; may be empty.

    Returns:
        Its n-grams and the sentence of each.
    """
    title, text = article.title, article.text
    codes = _fold(f"{title.profile.text} {text.profile.text}")
    spans = np.concatenate([title.sentence_profile_spans, text.sentence_profile_spans + len(title.profile.text) + 1])
    words = _find_words(codes)
    # A word belongs to the sentence that begins last before it; cuts inside a word (of endless runs) are passed over.
    sentences = (np.searchsorted(spans[:, 0], words.starts, side="right") - 1).astype(np.int32)
    word_keys, word_sentences = _word_grams(codes, words, sentences)
    char_keys, char_words = _char_grams(codes, words)
    return ArticleGrams(
        words=word_keys,
        word_sentences=word_sentences,
        chars=char_keys,
        char_sentences=sentences[char_words],
        n_words=len(words.starts),
        n_title_sentences=len(title.sentences),
        n_sentences=len(spans),
    )


class _Words(NamedTuple):
    """Where words begin and end (one past) in the codes of an article."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]


def _letter_codes() -> NDArray[np.uint8]:
    table = np.zeros(0x10000, dtype=np.uint8)
    for code, letters in enumerate(_ALPHABET, start=_GAP + 1):
        for letter in letters:
            table[ord(letter)] = table[ord(letter.upper())] = code
    return table


_CODE_OF = _letter_codes()


def _fold(text: str) -> NDArray[np.uint8]:
    """Six-bit codes of a text; 0 for what is no letter and no digit."""
    points = code_points(text)
    return np.asarray(_CODE_OF[np.where(points < len(_CODE_OF), points, 0)], dtype=np.uint8)


def _find_words(codes: NDArray[np.uint8]) -> _Words:
    edges = np.flatnonzero(np.diff(codes > 0, prepend=False, append=False))
    return _Words(edges[::2], edges[1::2])


def _word_grams(
    codes: NDArray[np.uint8], words: _Words, sentences: NDArray[np.int32]
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Stemmed words, then pairs of neighbours within a sentence."""
    stems = _hash_spans(codes, _strip_affixes(codes, words))
    together = sentences[1:] == sentences[:-1]
    pairs = _mix(stems[:-1] * np.uint64(_POINT) + stems[1:])[together]
    return np.concatenate([stems, pairs]), np.concatenate([sentences, sentences[1:][together]])


def _hash_spans(codes: NDArray[np.uint8], spans: _Words) -> NDArray[np.uint64]:
    powers = _powers(_POINT, len(codes))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes * powers, dtype=np.uint64)])
    return _mix((sums[spans.ends] - sums[spans.starts]) * _powers(_INVERSE, len(codes) + 1)[spans.starts])


def _powers(point: int, count: int) -> NDArray[np.uint64]:
    factors = np.full(count, point, dtype=np.uint64)
    factors[:1] = 1
    return np.cumprod(factors, dtype=np.uint64)


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele et al. 2014): every input bit reaches every output bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _affix_keys(affixes: tuple[tuple[str, ...], ...]) -> list[tuple[int, NDArray[np.uint32]]]:
    return [(len(group[0]), np.array([_pack(_fold(affix), len(affix))[0] for affix in group])) for group in affixes]


def _strip_affixes(codes: NDArray[np.uint8], words: _Words) -> _Words:
    """Take the longest prefix, then the longest suffix, off each word that stays long enough without."""
    starts, ends = words.starts.copy(), words.ends.copy()
    packed = {length: _pack(codes, length) for length in (1, 2, 3)}
    for moved, affixes, at_end in ((starts, _PREFIX_KEYS, False), (ends, _SUFFIX_KEYS, True)):
        free = np.ones(len(starts), dtype=np.bool_)
        for length, keys in affixes:
            rows = np.flatnonzero(free & (ends - starts >= length + _SHORTEST_STEM))
            places = ends[rows] - length if at_end else starts[rows]
            hits = rows[np.isin(packed[length][places], keys)]
            moved[hits] += -length if at_end else length
            free[hits] = False
    return _Words(starts, ends)


def _pack(codes: NDArray[np.uint8], length: int) -> NDArray[np.uint32]:
    """The `length` codes from each place on, as one number; shape `(places,)`."""
    n_places = max(len(codes) - length + 1, 0)
    packed = np.zeros(n_places, dtype=np.uint32)
    for offset in range(length):
        packed = (packed << np.uint32(_BITS)) | codes[offset : offset + n_places]
    return packed


_PREFIX_KEYS = _affix_keys(_PREFIXES)
_SUFFIX_KEYS = _affix_keys(_SUFFIXES)


def _char_grams(codes: NDArray[np.uint8], words: _Words) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Letter n-grams inside words with a gap on either side, and the word of each."""
    lengths = words.ends - words.starts
    # Words one gap apart, a gap at either end of the whole.
    spaced = np.full(int(lengths.sum()) + len(lengths) + 1, _GAP, dtype=np.uint8)
    spaced[np.arange(int(lengths.sum())) + np.repeat(np.arange(len(lengths)) + 1, lengths)] = codes[codes > 0]
    gaps_before = np.cumsum(spaced == _GAP)
    keys, owners = [], []
    for length in CHAR_LENGTHS:
        packed = _pack(spaced, length)
        places = np.arange(len(packed))
        inside = gaps_before[places + length - 2] == gaps_before[places]
        keys.append(packed[inside])
        owners.append(gaps_before[places[inside]] - 1)
    return np.concatenate(keys), np.concatenate(owners)
