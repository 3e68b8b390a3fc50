"""Counting against the definition, and vectors that put pieces of like company together."""

from pathlib import Path

import numpy as np
import pytest
import torch
from tests.training.pretrain.runs import build_config, read_events
from transformers import BertConfig, BertForMaskedLM

from hawadith_training.encoder.weights import read_weights
from hawadith_training.pretrain.cooccurrence import compress, count_company, start_from_cooccurrence
from hawadith_training.pretrain.run import pretrain

SHARDS = [np.array([1, 2, 3, 1, 2], dtype=np.uint16), np.array([4, 1], dtype=np.uint16)]


def test_company_counts_pairs_both_ways_within_the_window() -> None:
    counts = count_company(SHARDS, n_pieces=5, window=2)
    expected = np.zeros((5, 5))
    for shard in SHARDS:
        for place, piece in enumerate(shard):
            for other in (*shard[max(0, place - 2) : place], *shard[place + 1 : place + 3]):
                expected[piece, other] += 1
    np.testing.assert_array_equal(counts, expected)


def test_company_reads_the_same_share_of_each_shard() -> None:
    long = [np.tile(np.array([1, 2], dtype=np.uint16), 50), np.tile(np.array([3, 4], dtype=np.uint16), 50)]
    counts = count_company(long, n_pieces=5, window=1, tokens=100)
    assert counts[1, 2] == counts[3, 4] == 49


def draw_shards() -> list[np.ndarray]:
    """Pieces 10-14 stand between 1 and 2, pieces 15-19 between 3 and 4, at random; piece 20 nowhere."""
    random = np.random.default_rng(5)
    triples = [
        (1, random.integers(10, 15), 2) if random.random() < 0.5 else (3, random.integers(15, 20), 4)
        for _ in range(3000)
    ]
    return [np.array(triples, dtype=np.uint16).ravel()]


def test_vectors_of_pieces_in_like_company_are_close() -> None:
    torch.manual_seed(1)
    vectors = compress(count_company(draw_shards(), n_pieces=21, window=1), width=8)
    likeness = (
        torch.nn.functional.normalize(vectors[10:20], dim=1) @ torch.nn.functional.normalize(vectors[10:20], dim=1).T
    )
    within = (likeness[:5, :5].mean() + likeness[5:, 5:].mean()) / 2
    assert within > 0.9
    assert within > likeness[:5, 5:].mean() + 0.5


def test_vectors_wider_than_the_vocabulary_end_in_zeros() -> None:
    vectors = compress(count_company(SHARDS, n_pieces=5), width=7)
    assert vectors.shape == (5, 7)
    assert torch.isfinite(vectors).all()
    assert not vectors[:, 5:].any()


def test_start_replaces_embeddings_of_seen_pieces_alone_and_sets_the_bias_by_frequency() -> None:
    torch.manual_seed(1)
    shape = BertConfig(vocab_size=21, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8)
    model = BertForMaskedLM(shape)
    before = model.get_parameter("bert.embeddings.word_embeddings.weight").detach().clone()
    start_from_cooccurrence(model, shards=draw_shards(), seed=3)
    after = model.get_parameter("bert.embeddings.word_embeddings.weight").detach()
    assert torch.equal(before[20], after[20])
    assert not torch.isclose(before[10:20], after[10:20]).any(dim=1).all()
    assert float(after[1:5].std()) == pytest.approx(shape.initializer_range, rel=1.0)
    bias = model.get_parameter("cls.predictions.bias")
    assert bias[1] > bias[10] > bias[20]


def test_run_from_word_vectors_starts_from_a_lower_loss(tmp_path: Path) -> None:
    losses = {}
    for kind in ("random", "cooccurrence"):
        assert pretrain(build_config(tmp_path / kind, model__embeddings=kind))
        losses[kind] = float(str(read_events(tmp_path / kind, "step")[0]["loss"]))
    assert losses["cooccurrence"] < losses["random"]


def test_run_from_word_vectors_counts_once_and_exports_what_it_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = build_config(tmp_path, model__embeddings="cooccurrence")
    assert pretrain(config)
    first = read_weights(tmp_path / "run" / "encoder")
    monkeypatch.setattr("hawadith_training.pretrain.run.start_from_cooccurrence", None)  # would raise when called
    assert pretrain(config)
    again = read_weights(tmp_path / "run" / "encoder")
    assert all(torch.equal(first[name], again[name]) for name in first)
