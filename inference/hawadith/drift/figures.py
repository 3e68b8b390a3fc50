"""What a stream of articles looks like to a model, in counts that add up over shards and over runs."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from hawadith.prediction import Prediction
from hawadith.records import Record, Row

SCORE_EDGES = (0.003, 0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97)
"""Bounds between bins of probability: close together where most articles lie."""

LENGTH_BINS = 16
"""Bins of article length; bin b holds lengths from 2**b tokens to twice as many."""

_READ_CHARACTERS = 2_000  # the language of an article shows in its beginning
_LETTER = re.compile(r"[^\W\d_]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFigures:
    """Counts over the articles of a stream that carry scores.

    Attributes:
        articles: The articles.
        labels: Articles by given label.
        scores: For each label, articles by bin of probability, one more bin than `SCORE_EDGES`.
        lengths: Articles by bin of length.
        tokens: Tokens read.
        unknown: Tokens that the model knows nothing of.
        truncated: Articles that were not read to their end.
        foreign: Articles that are for the greater part not in Arabic letters.
    """

    articles: int = 0
    labels: Mapping[str, int] = field(default_factory=dict)
    scores: Mapping[str, Sequence[int]] = field(default_factory=dict)
    lengths: Sequence[int] = (0,) * LENGTH_BINS
    tokens: int = 0
    unknown: int = 0
    truncated: int = 0
    foreign: int = 0

    def __add__(self, other: Self) -> "StreamFigures":
        return StreamFigures(
            articles=self.articles + other.articles,
            labels={
                name: self.labels.get(name, 0) + other.labels.get(name, 0) for name in {**self.labels, **other.labels}
            },
            scores={
                name: _add(self.scores.get(name, ()), other.scores.get(name, ()))
                for name in {**self.scores, **other.scores}
            },
            lengths=_add(self.lengths, other.lengths),
            tokens=self.tokens + other.tokens,
            unknown=self.unknown + other.unknown,
            truncated=self.truncated + other.truncated,
            foreign=self.foreign + other.foreign,
        )


def measure_stream(rows: Sequence[Row], predictions: Sequence[Prediction]) -> StreamFigures:
    """Measure scored articles; rows without scores are left out.

    Args:
        rows: The articles.
        predictions: What was said of each, in order.

    Returns:
        Their figures.
    """
    scored = [(row, p) for row, p in zip(rows, predictions, strict=True) if p.scores and isinstance(row, Record)]
    labels = sorted({label for _, prediction in scored for label in prediction.scores})
    return StreamFigures(
        articles=len(scored),
        labels={label: sum(label in p.labels for _, p in scored) for label in labels},
        scores={label: _bin_scores([p.scores[label] for _, p in scored if label in p.scores]) for label in labels},
        lengths=_count([_bin_length(p.n_tokens) for _, p in scored], bins=LENGTH_BINS),
        tokens=sum(p.n_tokens for _, p in scored),
        unknown=sum(p.n_unknown for _, p in scored),
        truncated=sum(p.truncated for _, p in scored),
        foreign=sum(not _is_arabic(row) for row, _ in scored),
    )


def _bin_scores(scores: Sequence[float]) -> list[int]:
    return _count([sum(score >= edge for edge in SCORE_EDGES) for score in scores], bins=len(SCORE_EDGES) + 1)


def _bin_length(tokens: int) -> int:
    return min(int(math.log2(max(tokens, 1))), LENGTH_BINS - 1)


def _count(places: Sequence[int], *, bins: int) -> list[int]:
    counts = [0] * bins
    for place in places:
        counts[place] += 1
    return counts


def _is_arabic(record: Record) -> bool:
    text = f"{record.title} {record.text}"[:_READ_CHARACTERS]
    letters = len(_LETTER.findall(text))
    return letters == 0 or 2 * len(_ARABIC.findall(text)) >= letters


def _add(first: Sequence[int], second: Sequence[int]) -> list[int]:
    longer, shorter = (first, second) if len(first) >= len(second) else (second, first)
    return [count + (shorter[place] if place < len(shorter) else 0) for place, count in enumerate(longer)]
