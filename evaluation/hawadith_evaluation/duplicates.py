"""Which articles tell the same story in the same words: exact copies, and wire stories re-edited by each outlet.

Scores on a story that the model was trained on say nothing, and copies inside a test set make its intervals too narrow; so splits, folds
and resampling work on whole groups. Candidates come from MinHash bands (Broder 1997; Leskovec et al., Mining of Massive Datasets, ch. 3),
and every candidate is checked by its true Jaccard similarity, so that no pair is reported on an estimate.

Word trigrams at 0.5 are measured: among 3,861 real articles, comparing all with all finds 75 pairs at or above it, and so does this module.
About two dozen were looked at: each was one story re-edited or cut, or a follow-up that repeats most of it; below 0.4 pairs begin to share
boilerplate only. Five-grams at 0.8 find 16 of the 75.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hawadith.records import Record
from hawadith.text.arabert import normalise

SAME_STORY = 0.5
"""Jaccard similarity of word trigrams from which two articles count as the same story."""

_SHINGLE_WORDS = 3
_HASHES = 192
_MISS = (
    1e-3  # the chance that a pair right at the threshold shares no band; more similar pairs are missed far less often
)
_CHUNK = 4096
_ESTIMATE_SLACK = 0.15  # over four standard deviations of the estimate from 192 hashes
_SEED = 20_240_229
_WORD = re.compile(r"[^\W_]+")
_FOLD = str.maketrans("أإآٱىةؤئ", "اااايهوي")


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicatePair:
    """Two articles that tell the same story.

    Attributes:
        first: Position of the earlier article.
        second: Position of the later article.
        similarity: Jaccard similarity of their shingles in (0, 1]; 1 also where only spelling variants differ.
    """

    first: int
    second: int
    similarity: float


def group_duplicates(texts: Sequence[str], *, threshold: float = SAME_STORY) -> NDArray[np.int64]:
    """Number the articles so that near duplicates, also at second hand, share a number.

    Args:
        texts: Article bodies. One without a word is nobody's duplicate.
        threshold: Jaccard similarity in (0, 1] that makes a pair.

    Returns:
        Shape `(articles,)`: group numbers from 0, in order of first appearance.

    Example:
        >>> group_duplicates(["انفجر لغم في الحقل صباحا", "خبر آخر تماما عن الطقس", "انفجر لغمٌ في الحقل صباحاً"]).tolist()
        [0, 1, 0]
    """
    return group_pairs(find_duplicates(texts, threshold=threshold), n_articles=len(texts))


def group_records(records: Sequence[Record], *, threshold: float = SAME_STORY) -> NDArray[np.int64]:
    """Number records as `group_duplicates` does, by their `story_text`.

    Args:
        records: The records.
        threshold: Jaccard similarity in (0, 1] that makes a pair.

    Returns:
        Shape `(records,)`: group numbers from 0, in order of first appearance.
    """
    return group_duplicates([story_text(record) for record in records], threshold=threshold)


def story_text(record: Record) -> str:
    """What is compared of a record: its body, or its title where it has no body. Every outlet writes its own headline."""
    return record.text if record.text.strip() else record.title


def group_pairs(pairs: Sequence[DuplicatePair], *, n_articles: int) -> NDArray[np.int64]:
    """Number articles by the pairs that `find_duplicates` found among them.

    Args:
        pairs: The pairs.
        n_articles: How many articles there are.

    Returns:
        Shape `(articles,)`: group numbers from 0, in order of first appearance.
    """
    parents = list(range(n_articles))

    def find(article: int) -> int:
        while parents[article] != article:
            parents[article] = parents[parents[article]]
            article = parents[article]
        return article

    for pair in pairs:
        first, second = sorted((find(pair.first), find(pair.second)))
        parents[second] = first
    numbers: dict[int, int] = {}
    groups = [numbers.setdefault(find(article), len(numbers)) for article in range(n_articles)]
    return np.array(groups, dtype=np.int64)


def find_duplicates(texts: Sequence[str], *, threshold: float = SAME_STORY) -> list[DuplicatePair]:
    """Find the pairs of articles that tell the same story.

    Identical articles are paired with the first of them only, and that one stands for all in pairs with others: a thousand copies make
    a thousand pairs, not half a million. The same input gives the same pairs on every machine.

    Args:
        texts: Article bodies.
        threshold: Jaccard similarity in (0, 1] that makes a pair.

    Returns:
        The pairs, by position.

    Raises:
        ValueError: If the threshold is not in (0, 1].
    """
    if not 0 < threshold <= 1:
        raise ValueError(f"The threshold is a Jaccard similarity in (0, 1], got {threshold}.")
    firsts: dict[tuple[str, ...], int] = {}
    pairs: list[DuplicatePair] = []
    for position, text in enumerate(texts):
        words = tuple(_WORD.findall(normalise(text).translate(_FOLD)))
        first = firsts.setdefault(words, position) if words else position
        if first != position:
            pairs.append(DuplicatePair(first=first, second=position, similarity=1.0))
    hash_word = _WordHashes()
    shingles = [_hash_shingles([hash_word[word] for word in words]) for words in firsts]
    positions = list(firsts.values())
    for first, second in _candidates(shingles, threshold=threshold):
        similarity = _jaccard(shingles[first], shingles[second])
        if similarity >= threshold:
            pairs.append(DuplicatePair(first=positions[first], second=positions[second], similarity=similarity))
    return sorted(pairs, key=lambda pair: (pair.first, pair.second))


class _WordHashes(dict[str, int]):
    """Words to 64-bit hashes that do not change from run to run, as Python's own do."""

    def __missing__(self, word: str) -> int:
        value = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
        self[word] = value
        return value


def _hash_shingles(words: Sequence[int]) -> NDArray[np.uint64]:
    """The set of an article's shingles, sorted; an article shorter than one shingle is one."""
    hashes = np.array(words, dtype=np.uint64)
    width = min(_SHINGLE_WORDS, len(hashes))
    shingles = np.zeros(len(hashes) - width + 1, dtype=np.uint64)
    for offset in range(width):
        shingles = _mix(shingles ^ hashes[offset : offset + len(shingles)])
    return np.unique(shingles)


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele et al. 2014): every input bit reaches every output bit."""
    values = values + np.uint64(0x9E3779B97F4A7C15)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _candidates(shingles: Sequence[NDArray[np.uint64]], *, threshold: float) -> Iterator[tuple[int, int]]:
    """Pairs that share a band of their signatures, without those whose estimate is far off."""
    if len(shingles) < 2:
        return
    signatures = _sign(shingles)
    rows = _rows_per_band(threshold)
    codes: list[NDArray[np.int64]] = []
    for start in range(0, _HASHES - rows + 1, rows):
        for members in _buckets(signatures[:, start : start + rows]):
            left, right = (members[index] for index in np.triu_indices(len(members), k=1))
            for part in range(0, len(left), _CHUNK):
                a, b = left[part : part + _CHUNK], right[part : part + _CHUNK]
                estimate = (signatures[a] == signatures[b]).mean(axis=1)
                close = estimate >= threshold - _ESTIMATE_SLACK
                codes.append(a[close] * len(shingles) + b[close])
    if codes:
        for code in np.unique(np.concatenate(codes)).tolist():
            yield divmod(code, len(shingles))


def _sign(shingles: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint32]:
    """MinHash signatures, shape `(articles, hashes)`."""
    random = np.random.Generator(np.random.PCG64(_SEED))
    factors = random.integers(1, 2**63, size=_HASHES, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    shifts = random.integers(0, 2**63, size=_HASHES, dtype=np.uint64)
    signatures = np.full((len(shingles), _HASHES), np.iinfo(np.uint32).max, dtype=np.uint32)
    for signature, values in zip(signatures, shingles, strict=True):
        for start in range(0, len(values), _CHUNK):
            hashed = (values[start : start + _CHUNK, None] * factors + shifts) >> np.uint64(32)
            np.minimum(signature, hashed.min(axis=0).astype(np.uint32), out=signature)
    return signatures


def _rows_per_band(threshold: float) -> int:
    """As many rows as still find a pair at the threshold: more rows, fewer false candidates."""
    fitting = [rows for rows in range(1, 17) if (1 - threshold**rows) ** (_HASHES // rows) <= _MISS]
    return max(fitting, default=1)


def _buckets(band: NDArray[np.uint32]) -> Iterator[NDArray[np.int64]]:
    """Articles that agree on a whole band, in order."""
    keys = np.zeros(len(band), dtype=np.uint64)
    for column in band.T:
        keys = _mix(keys ^ column)
    members: dict[int, list[int]] = defaultdict(list)
    for article, key in enumerate(keys.tolist()):
        members[key].append(article)
    yield from (np.array(bucket, dtype=np.int64) for bucket in members.values() if len(bucket) > 1)


def _jaccard(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> float:
    shared = len(np.intersect1d(first, second, assume_unique=True))
    return shared / (len(first) + len(second) - shared)
