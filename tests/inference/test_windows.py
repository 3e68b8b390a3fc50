"""Windows: every token is read, sentences stay whole where they can, nothing depends on the neighbours."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from hawadith.errors import BundleError
from hawadith.tokens import TokenizedArticle
from hawadith.windows import ArticleWindows, Windowing, build_windows, cut_windows

CLS, SEP = 1, 2
LAW = settings(deadline=None, max_examples=300)
lengths = st.lists(st.integers(1, 40), max_size=30)


def sentences_of(*sizes: int) -> NDArray[np.int32]:
    """Sentence numbers of tokens, for sentences of the given sizes."""
    return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)


def build_article(n_title: int, *sizes: int) -> TokenizedArticle:
    """An article whose ids count from 100; the title is one sentence."""
    n_tokens = n_title + sum(sizes)
    return TokenizedArticle(
        ids=np.arange(100, 100 + n_tokens, dtype=np.int32),
        field_of=np.repeat(np.array([0, 1], dtype=np.int8), [n_title, sum(sizes)]),
        raw_spans=np.zeros((n_tokens, 2), dtype=np.int32),
        sentence_of=sentences_of(n_title, *sizes) if n_title else sentences_of(*sizes),
        n_title=n_title,
    )


def build(article: TokenizedArticle, windowing: Windowing) -> ArticleWindows:
    return build_windows(article, windowing=windowing, cls_id=CLS, sep_id=SEP)


def test_cut_windows_leaves_a_short_text_whole() -> None:
    assert cut_windows(sentences_of(5, 5), budget=10, overlap=4) == [(0, 10)]
    assert cut_windows(sentences_of(), budget=10, overlap=4) == [(0, 0)]


def test_cut_windows_cuts_between_sentences() -> None:
    assert cut_windows(sentences_of(4, 4, 4, 4), budget=10, overlap=4) == [(0, 8), (4, 12), (8, 16)]


def test_cut_windows_cuts_a_long_sentence_at_the_budget() -> None:
    assert cut_windows(sentences_of(25), budget=10, overlap=4) == [(0, 10), (6, 16), (12, 22), (18, 25)]


def test_cut_windows_never_shrinks_below_half_for_a_sentence_end() -> None:
    assert cut_windows(sentences_of(5, 20), budget=10, overlap=0)[0] == (0, 10)
    assert cut_windows(sentences_of(6, 20), budget=10, overlap=0)[0] == (0, 6)


@LAW
@given(lengths, st.integers(1, 50), st.integers(0, 40))
def test_cut_windows_covers_every_token_within_the_budget(sizes: list[int], budget: int, overlap: int) -> None:
    spans = cut_windows(sentences_of(*sizes), budget=budget, overlap=overlap)
    n_tokens = sum(sizes)
    assert spans[0][0] == 0
    assert spans[-1][1] == n_tokens
    assert all(end - start <= budget for start, end in spans)
    for (start, end), (next_start, next_end) in pairwise(spans):
        assert start < next_start <= end < next_end
        assert end - next_start <= overlap
        assert end - start > budget // 2


@LAW
@given(lengths, st.integers(10, 50))
def test_cut_windows_shows_each_short_sentence_whole(sizes: list[int], budget: int) -> None:
    short = [min(size, budget // 4) for size in sizes]
    bounds = np.cumsum([0, *short])
    spans = cut_windows(sentences_of(*short), budget=budget, overlap=budget // 2)
    assert all(any(start <= first and last <= end for start, end in spans) for first, last in pairwise(bounds))


def test_build_windows_of_a_short_article_is_one() -> None:
    built = build(build_article(2, 3), Windowing())
    assert [window.tolist() for window in built.windows] == [[CLS, 100, 101, SEP, 102, 103, 104, SEP]]
    assert (built.spans, built.n_prefix, built.body_offset, built.truncated) == ([(2, 5)], 2, 4, False)


def test_build_windows_without_a_title_is_one_part() -> None:
    built = build(build_article(0, 3), Windowing())
    assert [window.tolist() for window in built.windows] == [[CLS, 100, 101, 102, SEP]]
    assert built.body_offset == 1


def test_build_windows_without_a_text_is_the_title() -> None:
    built = build(build_article(3), Windowing())
    assert [window.tolist() for window in built.windows] == [[CLS, 100, 101, 102, SEP]]
    assert built.spans == [(3, 3)]


def test_build_windows_repeats_the_title() -> None:
    built = build(build_article(3, *[5] * 10), Windowing(max_length=24, overlap=4))
    assert len(built.windows) > 2
    assert all(window[:5].tolist() == [CLS, 100, 101, 102, SEP] for window in built.windows)


def test_build_windows_can_read_the_title_once() -> None:
    built = build(build_article(3, *[5] * 10), Windowing(max_length=24, overlap=4, title_in_every_window=False))
    assert built.n_prefix == 0
    assert [100 in window for window in built.windows] == [True] + [False] * (len(built.windows) - 1)


def test_build_windows_reads_all_of_an_endless_title() -> None:
    built = build(build_article(90, 10), Windowing(max_length=64, overlap=8, max_title=20))
    assert built.n_prefix == 16
    assert set(np.concatenate(built.windows).tolist()) >= set(range(100, 200))


def test_build_windows_of_nothing_is_none() -> None:
    built = build(build_article(0), Windowing())
    assert (built.windows, built.spans, built.truncated) == ([], [], False)


def test_build_windows_says_when_it_stops_early() -> None:
    article = build_article(0, *[5] * 20)
    built = build(article, Windowing(max_length=24, overlap=4, max_windows=2))
    assert len(built.windows) == len(built.spans) == 2
    assert built.truncated
    assert not build(article, Windowing(max_length=128, overlap=4, max_windows=1)).truncated


@LAW
@given(st.integers(0, 60), lengths, st.integers(16, 80), st.integers(0, 8), st.booleans(), st.integers(0, 70))
def test_build_windows_holds_its_laws(
    n_title: int, sizes: list[int], max_length: int, overlap: int, title_in_every_window: bool, max_title: int
) -> None:
    article = build_article(n_title, *sizes)
    windowing = Windowing(
        max_length=max_length, overlap=overlap, title_in_every_window=title_in_every_window, max_title=max_title
    )
    built = build(article, windowing)
    read = set(range(built.n_prefix))
    for window, (start, end) in zip(built.windows, built.spans, strict=True):
        assert len(window) <= max_length
        assert window.dtype == np.int32
        assert (window[0], window[-1]) == (CLS, SEP)
        body = window[built.body_offset : built.body_offset + end - start]
        assert np.array_equal(body, article.ids[start:end])
        assert np.array_equal(window[1 : 1 + built.n_prefix], article.ids[: built.n_prefix])
        read |= set(range(start, end))
    assert read == set(range(len(article.ids)))


@pytest.mark.parametrize(
    "wrong",
    [{"max_length": 4}, {"overlap": -1}, {"overlap": 300}, {"max_windows": 0}, {"max_title": -1}],
    ids=lambda case: next(iter(case)),
)
def test_windowing_refuses_impossible_numbers(wrong: dict[str, int]) -> None:
    with pytest.raises(BundleError, match=str(next(iter(wrong.values())))):
        Windowing(**wrong)  # type: ignore[arg-type]
