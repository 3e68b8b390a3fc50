"""Batches hold every article once, stay under the budget, and come in an order that seed and epoch alone decide."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith_training.encoder.sampler import SortedSampler, TokenBudgetSampler, pack_articles

LENGTHS = st.lists(st.tuples(st.integers(1, 12), st.integers(3, 64)), min_size=1, max_size=80)


def build_sampler(
    lengths: list[tuple[int, int]], *, budget: int = 256, epochs: int = 3, seed: int = 5
) -> TokenBudgetSampler:
    n_windows, longest = np.array(lengths).T
    return TokenBudgetSampler(n_windows, longest=longest, token_budget=budget, epochs=epochs, seed=seed)


def spread_lengths(n: int) -> list[tuple[int, int]]:
    rng = np.random.default_rng(0)
    return [(int(rng.integers(1, 5)), int(rng.integers(5, 64))) for _ in range(n)]


@settings(deadline=None, max_examples=60)
@given(lengths=LENGTHS, budget=st.integers(64, 1024))
def test_sampler_holds_every_article_once_under_the_budget(lengths: list[tuple[int, int]], budget: int) -> None:
    sampler = build_sampler(lengths, budget=budget)
    for epoch in range(3):
        sampler.set_epoch(epoch)
        batches = list(sampler)
        assert len(batches) == len(sampler)
        assert sorted(article for batch in batches for article in batch) == list(range(len(lengths)))
        for batch in batches:
            padded = sum(lengths[article][0] for article in batch) * max(lengths[article][1] for article in batch)
            assert padded <= budget or len(batch) == 1


def test_sampler_repeats_an_epoch_exactly() -> None:
    first, second = build_sampler(spread_lengths(100)), build_sampler(spread_lengths(100))
    assert list(first) == list(second)


def test_sampler_puts_other_articles_together_each_epoch() -> None:
    sampler = build_sampler([(1, 32)] * 100)
    first = list(sampler)
    sampler.set_epoch(1)
    assert not {frozenset(batch) for batch in first} & {frozenset(batch) for batch in sampler}


def test_sampler_does_not_go_from_short_to_long() -> None:
    lengths = spread_lengths(100)
    longest = [max(lengths[article][1] for article in batch) for batch in build_sampler(lengths)]
    assert longest != sorted(longest)


def test_sampler_has_the_same_number_of_batches_in_every_epoch() -> None:
    # Several pools of articles, so that epochs pack differently.
    sampler = build_sampler(spread_lengths(1500), epochs=8)
    counts = set()
    for epoch in range(8):
        sampler.set_epoch(epoch)
        counts.add(len(list(sampler)))
    assert counts == {len(sampler)}


def test_pack_articles_pads_little() -> None:
    lengths = np.array(spread_lengths(512))
    n_windows, longest = lengths.T
    batches = pack_articles(np.arange(512), n_windows=n_windows, longest=longest, token_budget=1024)
    padded = sum(n_windows[batch].sum() * longest[batch].max() for batch in batches)
    assert padded < 1.1 * (n_windows * longest).sum()


def test_sorted_sampler_always_gives_one_order() -> None:
    n_windows, longest = np.array(spread_lengths(50)).T
    sampler = SortedSampler(n_windows, longest=longest, token_budget=256)
    assert list(sampler) == list(sampler)
    assert len(sampler) == len(list(sampler))
