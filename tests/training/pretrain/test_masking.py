"""Masking hides whole words, as many as asked for, and no special token."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.training.pretrain.runs import WORDS
from tokenizers import Tokenizer

from hawadith_training.encoder.tokenizer_file import SPECIAL_TOKENS, build_tokenizer
from hawadith_training.pretrain.config import ObjectiveConfig
from hawadith_training.pretrain.masking import WordTable, mask_words, read_words

CLS, SEP, MASK, N_SPECIAL = 2, 3, 4, 5
PIECES = (*SPECIAL_TOKENS, *WORDS, *(f"##{letter}" for letter in "ابتثجحخدذرزسش"))
FIRST_CONTINUED = N_SPECIAL + len(WORDS)


def build_words() -> WordTable:
    return read_words(build_tokenizer({piece: place for place, piece in enumerate(PIECES)}))


def build_blocks(n_blocks: int = 40, *, length: int = 64) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    blocks = np.random.default_rng(0).integers(N_SPECIAL, len(PIECES), size=(n_blocks, length))
    blocks[:, 0], blocks[:, -1], blocks[:, length // 2] = CLS, SEP, SEP
    return blocks


def test_words_are_read_from_the_tokenizer() -> None:
    words = build_words()
    assert words.mask_id == MASK
    assert words.continues.tolist() == [piece.startswith("##") for piece in PIECES]
    assert words.maskable.tolist() == [place >= N_SPECIAL for place in range(len(PIECES))]
    assert isinstance(build_tokenizer({"[UNK]": 0}), Tokenizer)


@settings(deadline=None, max_examples=40)
@given(rate=st.floats(0.05, 0.9), masked=st.floats(0, 1), seed=st.integers(0, 1000))
def test_masking_asks_for_whole_words_and_leaves_the_rest_alone(rate: float, masked: float, seed: int) -> None:
    blocks, words = build_blocks(), build_words()
    config = ObjectiveConfig(rate=rate, masked=masked, random=(1 - masked) / 2)
    task = mask_words(blocks, words=words, config=config, generator=np.random.default_rng(seed))
    asked = np.zeros(blocks.size, dtype=bool)
    asked[task.positions] = True
    flat = blocks.ravel()
    assert (task.targets == flat[task.positions]).all()
    assert (task.inputs.ravel()[~asked] == flat[~asked]).all()
    assert not (asked & ~words.maskable[flat]).any()
    assert words.maskable[task.inputs.ravel()[task.inputs.ravel() != MASK]].sum() > 0
    continued = np.flatnonzero(words.continues[flat] & words.maskable[flat[np.arange(flat.size) - 1]])
    assert (asked[continued] == asked[continued - 1]).all()


@pytest.mark.parametrize(("masked", "random"), [(0.8, 0.1), (1.0, 0.0), (0.0, 1.0)])
def test_masking_keeps_its_shares(masked: float, random: float) -> None:
    blocks, words = build_blocks(400), build_words()
    config = ObjectiveConfig(rate=0.3, masked=masked, random=random)
    task = mask_words(blocks, words=words, config=config, generator=np.random.default_rng(3))
    read = task.inputs.ravel()[task.positions]
    assert len(task.positions) / words.maskable[blocks].sum() == pytest.approx(0.3, abs=0.02)
    assert (read == MASK).mean() == pytest.approx(masked, abs=0.02)
    chance_hit = random / words.maskable.sum()
    assert (read == task.targets).mean() == pytest.approx(1 - masked - random + chance_hit, abs=0.02)
    assert words.maskable[read[read != MASK]].all()


def test_tasks_of_parts_are_parts_of_the_task() -> None:
    blocks = build_blocks(7)
    config = ObjectiveConfig()
    task = mask_words(blocks, words=build_words(), config=config, generator=np.random.default_rng(5))
    parts = [task.select(0, 3), task.select(3, 4), task.select(4, 7)]
    assert (np.concatenate([part.inputs for part in parts]) == task.inputs).all()
    assert (np.concatenate([part.targets for part in parts]) == task.targets).all()
    shifted = [part.positions + first * 64 for part, first in zip(parts, (0, 3, 4), strict=True)]
    assert (np.concatenate(shifted) == task.positions).all()
