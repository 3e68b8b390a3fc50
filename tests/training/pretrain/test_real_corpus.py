"""The corpus beside the repository, where it is: a few rows go the whole way to blocks."""

import json
import lzma
from pathlib import Path

import numpy as np
import pytest
from tests.builders import SHARED_DATA
from tests.training.pretrain.runs import build_config

from hawadith.tokens import WordPieceTokenizer
from hawadith_training.pretrain.corpus import find_corpus
from hawadith_training.pretrain.deadline import Deadline
from hawadith_training.pretrain.prepare import prepare_corpus, total
from hawadith_training.pretrain.shards import map_tokens, read_counts

N_ROWS = 120


@pytest.mark.skipif(not (SHARED_DATA / "corpus").is_dir(), reason="needs ../shared/data/corpus")
def test_real_articles_become_tokens_that_are_rarely_unknown(tmp_path: Path) -> None:
    source = find_corpus([str(SHARED_DATA / "corpus")])[0]
    with lzma.open(source) as lines, lzma.open(tmp_path / "few.jsonl.xz", "wb") as few:
        for _, line in zip(range(N_ROWS), lines, strict=False):
            assert set(json.loads(line)) >= {"id", "text"}
            few.write(line)
    config = build_config(
        tmp_path, corpus__paths=[str(tmp_path / "few.jsonl.xz")], vocabulary={"size": 4000, "every": 2}
    )
    assert prepare_corpus(config, deadline=Deadline(None), n_workers=1, on_shard=lambda _: None)
    counts = total(read_counts(config.prepared_folder))
    assert (counts.rows, counts.bad_rows) == (N_ROWS, 0)
    tokens = np.concatenate(map_tokens(config.prepared_folder))
    assert len(tokens) > 100 * counts.articles
    unknown = WordPieceTokenizer.load(config.prepared_folder / "tokenizer.json").unk_id
    assert (tokens == unknown).mean() < 0.001
