"""Tokenised articles are read once per text, vocabulary and windowing, and batched without loss."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.training.encoder.encoders import WINDOWING, read_samples

from hawadith.text.article import TextProfile, prepare_article
from hawadith.tokens import WordPieceTokenizer
from hawadith.windows import Windowing
from hawadith_training.encoder.dataset import Example, WindowedArticles, collate, read_windows, tokenise_articles
from hawadith_training.encoder.scratch import learn_tokenizer

ARTICLES = 6


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("vocabulary") / "tokenizer.json"
    learn_tokenizer(read_samples()[:ARTICLES], size=400, target=file)
    return file


@pytest.fixture(scope="module")
def tokenizer(vocabulary: Path) -> WordPieceTokenizer:
    return WordPieceTokenizer.load(vocabulary)


def test_tokenise_articles_holds_what_inference_reads(
    vocabulary: Path, tokenizer: WordPieceTokenizer, tmp_path: Path
) -> None:
    articles = read_samples()[:ARTICLES]
    rows = tokenise_articles(articles, tokenizer=tokenizer, windowing=WINDOWING, vocabulary=vocabulary, folder=tmp_path)
    read = read_windows(articles, tokenizer=tokenizer, windowing=WINDOWING)
    assert rows["windows"] == [article.windows for article in read]
    assert rows["n_tokens"] == [article.n_tokens for article in read]


def test_tokenise_articles_takes_what_an_earlier_run_left(
    vocabulary: Path, tokenizer: WordPieceTokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = read_samples()[:ARTICLES]
    first = tokenise_articles(
        articles, tokenizer=tokenizer, windowing=WINDOWING, vocabulary=vocabulary, folder=tmp_path
    )
    monkeypatch.setattr(tokenizer, "tokenize", lambda _: pytest.fail("it was tokenised again"), raising=True)
    again = tokenise_articles(
        articles, tokenizer=tokenizer, windowing=WINDOWING, vocabulary=vocabulary, folder=tmp_path
    )
    assert again["windows"] == first["windows"]


@pytest.mark.parametrize("change", ["text", "windowing", "vocabulary"])
def test_tokenise_articles_notices_a_change(
    vocabulary: Path, tokenizer: WordPieceTokenizer, tmp_path: Path, change: str
) -> None:
    articles, windowing, file = list(read_samples()[:2]), WINDOWING, vocabulary
    tokenise_articles(articles, tokenizer=tokenizer, windowing=windowing, vocabulary=file, folder=tmp_path / "cache")
    if change == "text":
        articles[0] = prepare_article("عنوان آخر", articles[0].text.raw, profile=TextProfile())
    elif change == "windowing":
        windowing = replace(windowing, overlap=8)
    else:
        file = tmp_path / "other.json"
        learn_tokenizer(articles, size=300, target=file)
    tokenise_articles(articles, tokenizer=tokenizer, windowing=windowing, vocabulary=file, folder=tmp_path / "cache")
    assert len(list((tmp_path / "cache").glob("*.arrow"))) == 2


def test_read_windows_gives_an_article_without_tokens_an_empty_window(tokenizer: WordPieceTokenizer) -> None:
    empty = prepare_article("", "", profile=TextProfile())
    [read] = read_windows([empty], tokenizer=tokenizer, windowing=WINDOWING)
    assert (read.windows, read.n_tokens) == ([[tokenizer.cls_id, tokenizer.sep_id]], 0)


def test_read_windows_says_what_was_not_read(tokenizer: WordPieceTokenizer) -> None:
    [read] = read_windows(
        read_samples()[:1], tokenizer=tokenizer, windowing=Windowing(max_length=32, overlap=8, max_windows=1)
    )
    assert (len(read.windows), read.truncated) == (1, True)


def test_windowed_articles_know_their_lengths(vocabulary: Path, tokenizer: WordPieceTokenizer, tmp_path: Path) -> None:
    articles = read_samples()[:ARTICLES]
    rows = tokenise_articles(articles, tokenizer=tokenizer, windowing=WINDOWING, vocabulary=vocabulary, folder=tmp_path)
    dataset = WindowedArticles(rows, labels=np.zeros((ARTICLES, 2), dtype=np.float32))
    assert len(dataset) == ARTICLES
    for position in range(ARTICLES):
        windows = dataset[position].windows
        assert (len(windows), max(map(len, windows))) == (dataset.n_windows[position], dataset.longest[position])


def test_collate_pads_to_the_longest_window() -> None:
    labels = np.array([1, 0], dtype=np.float32)
    batch = collate(
        [Example(windows=[[2, 7, 3], [2, 3]], labels=labels), Example(windows=[[2, 8, 9, 3]], labels=labels)], pad_id=5
    )
    assert batch["input_ids"].tolist() == [[2, 7, 3, 5], [2, 3, 5, 5], [2, 8, 9, 3]]
    assert batch["attention_mask"].sum(dim=1).tolist() == [3, 2, 4]
    assert batch["window_counts"].tolist() == [2, 1]
    assert batch["labels"].shape == (2, 2)


def test_learn_tokenizer_is_the_same_in_every_run(tmp_path: Path) -> None:
    for name in ("a", "b"):
        learn_tokenizer(read_samples()[:ARTICLES], size=500, target=tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_learn_tokenizer_spells_every_word_it_saw(tokenizer: WordPieceTokenizer) -> None:
    for article in tokenizer.tokenize(read_samples()[:ARTICLES]):
        assert tokenizer.unk_id not in article.ids
