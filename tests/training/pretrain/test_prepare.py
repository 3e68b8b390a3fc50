"""Vocabulary and token shards: whole, resumable, the same whoever made them."""

from pathlib import Path

import numpy as np
import pytest
from tests.training.pretrain.runs import build_config, write_corpus
from tokenizers import Tokenizer

from hawadith.errors import ConfigError, DataError, OutputError
from hawadith.readers import read_records
from hawadith.text.article import TextProfile, prepare_article
from hawadith.tokens import WordPieceTokenizer
from hawadith_training.pretrain import prepare
from hawadith_training.pretrain.config import PretrainConfig
from hawadith_training.pretrain.deadline import Deadline
from hawadith_training.pretrain.identity import lock_folder
from hawadith_training.pretrain.prepare import is_prepared, prepare_corpus
from hawadith_training.pretrain.shards import ShardCounts, map_tokens, read_counts, shard_folder


def run(config: PretrainConfig, *, minutes: float | None = None, n_workers: int = 1) -> bool:
    return prepare_corpus(config, deadline=Deadline(minutes), n_workers=n_workers, on_shard=lambda _: None)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_shards_hold_every_article_as_fine_tuning_reads_it(tmp_path: Path) -> None:
    config = build_config(tmp_path)
    assert run(config)
    tokenizer = WordPieceTokenizer.load(config.prepared_folder / "tokenizer.json")
    prepared = [
        prepare_article(row.title, row.text, profile=TextProfile())
        for row in read_records(Path(config.corpus.paths[0]))
    ]
    expected = [[*article.ids.tolist(), tokenizer.sep_id] for article in tokenizer.tokenize(prepared)]
    learned = [token for place, ids in enumerate(expected) for token in ids if place % 6]
    held_out = [token for place, ids in enumerate(expected) for token in ids if place % 6 == 0]
    assert np.concatenate(map_tokens(config.prepared_folder)).tolist() == learned
    assert np.concatenate(map_tokens(config.prepared_folder, held_out=True)).tolist() == held_out
    assert all(shard.dtype == np.uint16 for shard in map_tokens(config.prepared_folder))


def test_shards_say_where_articles_and_sentences_begin(tmp_path: Path) -> None:
    config = build_config(tmp_path)
    run(config)
    shard = shard_folder(config.prepared_folder, 1)
    tokens, documents, sentences = (np.load(shard / f"{name}.npy") for name in ("tokens", "documents", "sentences"))
    sep_id = WordPieceTokenizer.load(config.prepared_folder / "tokenizer.json").sep_id
    assert documents.tolist() == [0, *(np.flatnonzero(tokens == sep_id)[:-1] + 1)]
    assert set(documents) <= set(sentences)
    assert len(sentences) == 6 * len(documents)
    full_stop = Tokenizer.from_file(str(config.prepared_folder / "tokenizer.json")).token_to_id(".")
    inner = sentences[~np.isin(sentences, documents)]
    assert (tokens[inner - 1] == full_stop).all()


def test_shards_count_rows_bad_ones_and_articles_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    corpus = write_corpus(tmp_path / "corpus.jsonl")
    corpus.write_text(corpus.read_text("utf-8") + '{"id": "e", "text": "😀"}\n{"id": "b"}\n', encoding="utf-8")
    config = build_config(tmp_path)
    run(config)
    total = prepare.total(read_counts(config.prepared_folder))
    assert (total.rows, total.bad_rows, total.held_out, total.articles) == (26, 1, 4, 20)
    assert "1 of 26 rows" in caplog.text


def test_preparing_goes_on_after_a_stop_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    whole = build_config(tmp_path, folder=str(tmp_path / "whole"))
    run(whole)
    config = build_config(tmp_path)
    assert not run(config, minutes=0)  # the vocabulary alone
    stopped: list[ShardCounts] = []

    def die(counts: ShardCounts) -> None:
        stopped.append(counts)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare_corpus(config, deadline=Deadline(None), n_workers=1, on_shard=die)
    assert not is_prepared(config.prepared_folder)
    draft = shard_folder(config.prepared_folder, 1).with_name(".shard-00001.tmp")
    draft.mkdir()
    (draft / "tokens.npy").write_bytes(b"torn")  # as a kill while writing leaves it
    assert run(config)
    assert stopped[0].rows == 10
    assert contents(config.prepared_folder) == contents(whole.prepared_folder)


def test_preparing_in_several_processes_gives_the_same_bytes(tmp_path: Path) -> None:
    config = build_config(tmp_path)
    alone = build_config(tmp_path, folder=str(tmp_path / "alone"))
    run(config, n_workers=2)
    run(alone)
    assert contents(config.prepared_folder) == contents(alone.prepared_folder)


def test_preparing_is_skipped_once_it_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = build_config(tmp_path)
    run(config)
    monkeypatch.setattr(prepare, "read_corpus", None)
    assert run(config)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"preclean": False}, "profile"),
        ({"corpus__held_out_every": 7}, "held_out_every: 6 then, 7 now"),
        ({"vocabulary__size": 201}, "size: 200 then, 201 now"),
    ],
)
def test_preparing_refuses_a_folder_begun_with_other_settings(
    tmp_path: Path, changes: dict[str, object], expected: str
) -> None:
    run(build_config(tmp_path))
    with pytest.raises(ConfigError, match=expected):
        run(build_config(tmp_path, **changes))


def test_preparing_takes_a_given_tokenizer_and_no_other_afterwards(tmp_path: Path) -> None:
    learned = build_config(tmp_path, folder=str(tmp_path / "first"))
    run(learned)
    given = learned.prepared_folder / "tokenizer.json"
    config = build_config(tmp_path, vocabulary__path=str(given))
    run(config)
    assert (config.prepared_folder / "tokenizer.json").read_bytes() == given.read_bytes()
    run(build_config(tmp_path, folder=str(tmp_path / "first"), vocabulary__path=str(given)))  # the very same one
    other = build_config(tmp_path, folder=str(tmp_path / "other"), vocabulary__size=190)
    run(other)
    with pytest.raises(ConfigError, match="tokenised with it"):
        run(build_config(tmp_path, vocabulary__path=str(other.prepared_folder / "tokenizer.json")))


def test_preparing_refuses_a_corpus_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"text": "😀"}\n' * 3)
    with pytest.raises(DataError, match="nothing that could be learned"):
        run(build_config(tmp_path))


def test_folder_is_locked_while_a_process_works_there(tmp_path: Path) -> None:
    config = build_config(tmp_path)
    with lock_folder(config.prepared_folder), pytest.raises(OutputError, match="Another process"):
        run(config)
    assert run(config)
