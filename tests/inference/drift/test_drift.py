"""Drift: a stream like the reference raises no alarm, one that is not is named in plain words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawadith.drift.figures import LENGTH_BINS, SCORE_EDGES, StreamFigures, measure_stream
from hawadith.drift.findings import find_drift, shift
from hawadith.prediction import Prediction
from hawadith.records import Record, Row, RowFault

NAMES = {"mine": "Landmine casualties"}
ARABIC = "انفجر لغم قرب القرية"


def build_pairs(
    count: int,
    *,
    seed: int = 1,
    rate: float = 0.1,
    words: float = 300,
    unknown: float = 0.1,
    truncated: float = 0.0,
    foreign: float = 0.0,
) -> tuple[list[Row], list[Prediction]]:
    """Articles drawn by lot: shares in [0, 1], the middle length in words."""
    random = np.random.default_rng(seed)
    rows: list[Row] = []
    predictions: list[Prediction] = []
    for number in range(count):
        given_label = random.random() < rate
        probability = random.beta(8, 2) if given_label else random.beta(1, 12)
        n_tokens = int(random.lognormal(np.log(words), 0.5))
        rows.append(Record(id=str(number), text="the city" if random.random() < foreign else ARABIC))
        predictions.append(
            Prediction(
                id=str(number),
                status="ok",
                labels=("mine",) if given_label else (),
                scores={"mine": float(probability)},
                n_tokens=n_tokens,
                n_unknown=int(random.binomial(n_tokens, unknown)),
                truncated=bool(random.random() < truncated),
            )
        )
    return rows, predictions


def build_figures(count: int = 2_000, *, seed: int = 1, **how: float) -> StreamFigures:
    return measure_stream(*build_pairs(count, seed=seed, **how))


REFERENCE = build_figures(4_000, seed=9)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("count", [200, 2_000])
def test_find_drift_says_nothing_of_a_stream_like_the_reference(seed: int, count: int) -> None:
    assert find_drift(build_figures(count, seed=seed + 10), REFERENCE, names=NAMES) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"rate": 0.01},
            "Landmine casualties is given to 1.1% of the articles (before: 9.4%). Where incidents are rarer",
        ),
        ({"rate": 0.4}, "Either more happens"),
        ({"words": 60}, "Half of the articles have 59 words or more (before: 310)"),
        ({"unknown": 0.3}, "30.1% of the words are unknown to the model (before: 10.0%)"),
        ({"truncated": 0.05}, "of the articles were not read to their end (before: 0.0%)"),
        ({"foreign": 0.2}, "of the articles are mostly not in Arabic (before: 0.0%)"),
    ],
)
def test_find_drift_names_each_difference_and_no_other(change: dict[str, float], expected: str) -> None:
    [finding] = find_drift(build_figures(2_000, seed=1, **change), REFERENCE, names=NAMES)
    assert expected in finding


def test_find_drift_sees_probabilities_that_moved_without_crossing_a_threshold() -> None:
    rows, predictions = build_pairs(2_000)
    moved = [
        Prediction(
            id=p.id,
            status="ok",
            labels=p.labels,
            scores={"mine": p.scores["mine"] ** 0.3},
            n_tokens=p.n_tokens,
            n_unknown=p.n_unknown,
        )
        for p in predictions
    ]
    [finding] = find_drift(measure_stream(rows, moved), REFERENCE, names={})
    assert finding.startswith("Probabilities of mine are spread otherwise")


def test_find_drift_is_silent_on_few_articles() -> None:
    assert find_drift(build_figures(199, foreign=1.0), REFERENCE, names=NAMES) == []


def test_measure_stream_counts_what_carries_scores_alone() -> None:
    rows: list[Row] = [
        Record(id="a", text=ARABIC),
        Record(id="b", title="Headline", text="English text"),
        Record(id="c", text=""),
        RowFault(id="d", status="parse_error", message="no JSON", location="x:1"),
    ]
    predictions = [
        Prediction(id="a", status="ok", labels=("mine",), scores={"mine": 0.95}, n_tokens=4, n_unknown=1),
        Prediction(id="b", status="truncated", scores={"mine": 0.0}, n_tokens=1_000_000, truncated=True),
        Prediction(id="c", status="empty", scores={}),
        Prediction(id="d", status="parse_error", scores={}, error="no JSON"),
    ]
    figures = measure_stream(rows, predictions)
    assert (figures.articles, figures.labels, figures.foreign, figures.truncated) == (2, {"mine": 1}, 1, 1)
    assert (figures.tokens, figures.unknown) == (1_000_004, 1)
    assert [place for place, count in enumerate(figures.scores["mine"]) if count] == [0, len(SCORE_EDGES) - 1]
    assert [place for place, count in enumerate(figures.lengths) if count] == [2, LENGTH_BINS - 1]


@pytest.mark.parametrize(("text", "foreign"), [("123 !!", 0), ("نص with two", 1), ("فارسی گچپژ", 0), ("Привет", 1)])
def test_measure_stream_tells_arabic_letters_from_others(text: str, foreign: int) -> None:
    prediction = Prediction(id="a", status="ok", scores={"mine": 0.5})
    assert measure_stream([Record(id="a", text=text)], [prediction]).foreign == foreign


@given(st.integers(0, 60), st.integers(0, 60))
def test_figures_of_parts_add_up_to_those_of_the_whole(first: int, second: int) -> None:
    rows, predictions = build_pairs(first + second)
    parts = measure_stream(rows[:first], predictions[:first]) + measure_stream(rows[first:], predictions[first:])
    whole = measure_stream(rows, predictions)
    assert (parts.articles, dict(parts.labels), parts.tokens) == (whole.articles, dict(whole.labels), whole.tokens)
    assert list(parts.lengths) == list(whole.lengths)
    assert {name: list(bins) for name, bins in parts.scores.items()} == dict(whole.scores)


def test_shift_is_zero_for_the_same_and_grows_with_the_difference() -> None:
    assert shift([50, 50], [500, 500]) < 0.01
    assert 0.1 < shift([30, 70], [500, 500]) < shift([10, 90], [500, 500])
    assert shift([], []) == 0.0
    assert shift([100, 0], [0, 100]) > 5
