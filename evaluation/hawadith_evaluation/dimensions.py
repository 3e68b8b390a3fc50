"""The ways of cutting a list of articles into slices: by where they come from, how long they are, what the model read of them.

Each dimension is a partition: every article is in exactly one slice of it, so that none is hidden. A dimension that would have a single
slice is left out: it repeats the overall figures. Bins are fixed, not quantiles of the data at hand, so that two reports have the same.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hawadith.prediction import Prediction
from hawadith.records import Record
from hawadith_evaluation.periods import read_year
from hawadith_evaluation.spelling_noise import count_dialect, measure_spelling

FEWEST_OF_A_SOURCE = 10
"""Articles from which a source has a slice of its own; smaller ones share one, which says how many they are."""

FIRST_WORDS = 415
"""Words of title and text that make about 512 word-pieces.

A vocabulary of 60,000 word-pieces learned on 24,002 articles splits 640 others into 1.23 pieces a word (5% to 95% of them: 1.11 to 1.38;
2026-11-26). Words, not the model's own pieces, are counted, so that slices are the same whichever model is measured.
"""

_LENGTH_BOUNDS = (150, 300, 450)  # near the quartiles of real articles: 169, 274 and 428 words
_LENGTHS = ("up to 150 words", "151 to 300 words", "301 to 450 words", "over 450 words")
_POSITIONS = ("within the first 512 word-pieces", "some of it later", "not marked")
_SPELLINGS = ("standard", "up to 10% non-standard", "over 10% non-standard")
_DIALECTS = ("no dialect word", "some dialect")
_READINGS = ("read whole", "truncated", "not read")
_WINDOWS = ("not known", "1", "2", "3 or more")
_NOISY_SPELLING = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """One way of cutting articles into slices.

    Attributes:
        name: What is looked at.
        slices: The names of the slices, in the order to show them; each holds an article.
        slice_of: The slice of each article.
    """

    name: str
    slices: tuple[str, ...]
    slice_of: tuple[str, ...]


def cut_dimensions(records: Sequence[Record], *, rows: Sequence[Prediction]) -> list[Dimension]:
    """Cut articles into slices by every dimension that has at least two.

    By year, not by month: of 640 articles over 90 months a month holds two positives.

    Args:
        records: The articles.
        rows: What was said of each, in the same order; none where it is not known what the model read.

    Returns:
        The dimensions.
    """
    cuts = (_cut_by_record(records), _cut_by_reading(rows))
    return [dimension for cut in cuts for dimension in cut if len(dimension.slices) > 1]


def _cut_by_record(records: Sequence[Record]) -> Iterator[Dimension]:
    sources = _name_sources(records)
    own = {record.source for record in records}
    by_size = [source for source, _ in Counter(sorted(sources)).most_common()]
    by_size.sort(key=lambda source: source not in own)  # what is no source's name stands last
    yield _build("source", sources, order=by_size)
    years = [read_year(record.date) for record in records]
    yield _build("year", years, order=sorted(set(years)))
    yield _build("length", [_LENGTHS[_bin_length(record)] for record in records], order=_LENGTHS)
    if any(record.evidence for record in records):
        places = [_POSITIONS[_place_evidence(record)] for record in records]
        yield _build("evidence position", places, order=_POSITIONS)
    yield _build("spelling", [_SPELLINGS[_bin_spelling(record)] for record in records], order=_SPELLINGS)
    yield _build("dialect", [_DIALECTS[count_dialect(record) > 0] for record in records], order=_DIALECTS)


def _cut_by_reading(rows: Sequence[Prediction]) -> Iterator[Dimension]:
    yield _build("windows", [_WINDOWS[min(row.n_windows, len(_WINDOWS) - 1)] for row in rows], order=_WINDOWS)
    yield _build("reading", [_READINGS[row.truncated if row.scores else 2] for row in rows], order=_READINGS)


def _build(name: str, slice_of: Sequence[str], *, order: Sequence[str]) -> Dimension:
    held = set(slice_of)
    return Dimension(name=name, slices=tuple(one for one in order if one in held), slice_of=tuple(slice_of))


def _name_sources(records: Sequence[Record]) -> list[str]:
    names = [record.source or "no source" for record in records]
    sizes = Counter(names)
    small = sum(size < FEWEST_OF_A_SOURCE for size in sizes.values())
    rest = f"{small} sources with fewer than {FEWEST_OF_A_SOURCE} articles each"
    return [name if sizes[name] >= FEWEST_OF_A_SOURCE or small == 1 else rest for name in names]


def _bin_length(record: Record) -> int:
    words = len(record.text.split())
    return sum(words > bound for bound in _LENGTH_BOUNDS)


def _place_evidence(record: Record) -> int:
    """0 where every mark ends within the first words, 1 where one does not, 2 without marks."""
    if not record.evidence:
        return 2
    titles = len(record.title.split())
    ends = [titles + len(record.text[: mark.end].split()) for mark in record.evidence if mark.field == "text"]
    return int(max(ends, default=0) > FIRST_WORDS)


def _bin_spelling(record: Record) -> int:
    noise = measure_spelling(record)
    return int(noise > 0) + int(noise > _NOISY_SPELLING)
