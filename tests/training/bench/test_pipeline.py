"""The yardstick gets the same word-pieces, and is measured at every batch size."""

import numpy as np
from tests.builders import SAMPLES
from tokenizers import Tokenizer

from hawadith.bench.windows import cut_records
from hawadith.bundle import Bundle
from hawadith.readers import read_records
from hawadith_training.bench.pipeline import choose_windows, measure_pipeline, spell_windows


def test_choose_windows_takes_evenly_through_all_lengths() -> None:
    windows = [np.zeros(length, dtype=np.int32) for length in np.random.default_rng(0).permutation(np.arange(1, 101))]
    chosen = [len(window) for window in choose_windows(windows, tokens=500)]
    assert chosen == sorted(chosen)
    assert set(np.diff(chosen)) == {10}


def test_choose_windows_takes_all_of_few() -> None:
    windows = [np.zeros(3, dtype=np.int32)] * 4
    assert len(choose_windows(windows, tokens=10_000)) == 4


def test_spelled_windows_are_cut_into_the_same_tokens(bundle: Bundle) -> None:
    windows = cut_records(read_records([SAMPLES])[:20], bundle=bundle)
    texts = spell_windows(windows, tokenizer=bundle.path / "tokenizer.json")
    again = Tokenizer.from_file(str(bundle.path / "tokenizer.json"))
    before = sum(len(window) - 2 for window in windows)
    after = sum(len(again.encode(text, add_special_tokens=False).ids) for text in texts)
    assert abs(after - before) <= 0.01 * before


def test_measure_pipeline_at_each_batch_size(bundle: Bundle) -> None:
    windows = choose_windows(cut_records(read_records([SAMPLES])[:4], bundle=bundle), tokens=300)
    rates = measure_pipeline(bundle.path, windows=windows, batch_sizes=(1, 4), passes=1)
    assert set(rates) == {1, 4}
    assert min(rates.values()) > 0
