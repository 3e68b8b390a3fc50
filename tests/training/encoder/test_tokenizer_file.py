"""One tokenizer file out of every published layout, splitting words as the encoder learned them."""

import json
from pathlib import Path

import pytest
from tests.training.encoder.encoders import publish_encoder, read_samples
from transformers import BertTokenizer

from hawadith.tokens import WordPieceTokenizer
from hawadith_training.encoder.errors import EncoderError
from hawadith_training.encoder.load import read_config
from hawadith_training.encoder.tokenizer_file import longest_input, write_tokenizer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish_encoder(tmp_path / "published")
    return tmp_path / "published"


def write(folder: Path) -> Path:
    target = folder.parent / "tokenizer.json"
    write_tokenizer(folder, config=read_config(folder), target=target)
    return target


def test_write_tokenizer_from_a_vocabulary_splits_as_transformers_does(folder: Path) -> None:
    ours = WordPieceTokenizer.load(write(folder))
    reference = BertTokenizer(
        vocab=str(folder / "vocab.txt"), do_lower_case=False, strip_accents=False, tokenize_chinese_chars=True
    )
    articles = read_samples()[:10]
    for article, tokens in zip(articles, ours.tokenize(articles), strict=True):
        text = f"{article.title.profile.text} {article.text.profile.text}"
        assert tokens.ids.tolist() == reference(text, add_special_tokens=False)["input_ids"]


def test_write_tokenizer_takes_the_file_that_is_there(folder: Path) -> None:
    first = write(folder)
    (folder / "tokenizer.json").write_text(first.read_text())
    (folder / "vocab.txt").unlink()
    assert json.loads(write(folder).read_text()) == json.loads((folder / "tokenizer.json").read_text())


def test_write_tokenizer_lower_cases_where_the_encoder_did(folder: Path) -> None:
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": true}')
    assert json.loads(write(folder).read_text())["normalizer"]["lowercase"] is True


def test_write_tokenizer_refuses_a_vocabulary_beyond_the_embeddings(folder: Path) -> None:
    with (folder / "vocab.txt").open("a", encoding="utf-8") as file:
        file.write("زيادة\n")
    with pytest.raises(EncoderError, match=r"up to id 400, config.json has embeddings for 400"):
        write(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"model": {"type": "BPE"}}', "'BPE'"),
        ('{"model": {"type": "WordPiece"}}', "no tokenizer"),
        ("{", "not JSON"),
    ],
)
def test_write_tokenizer_refuses_other_tokenizers(folder: Path, content: str, message: str) -> None:
    (folder / "tokenizer.json").write_text(content)
    with pytest.raises(EncoderError, match=message):
        write(folder)


def test_write_tokenizer_refuses_what_is_no_vocabulary(folder: Path) -> None:
    (folder / "vocab.txt").write_text("قلم\nورق\n", encoding="utf-8")
    with pytest.raises(EncoderError, match=r"lacks \[UNK\]"):
        write(folder)
    (folder / "vocab.txt").unlink()
    with pytest.raises(EncoderError, match=r"neither tokenizer.json nor vocab.txt"):
        write(folder)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"max_len": 48}, 48),
        ({"max_len": 512}, 64),
        ({"model_max_length": 32, "max_len": 48}, 32),
        ({"model_max_length": 1e30}, 64),
        ({"model_max_length": None}, 64),
        ({}, 64),
    ],
)
def test_longest_input_is_what_tokenizer_and_positions_allow(
    folder: Path, settings: dict[str, object], expected: int
) -> None:
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    assert longest_input(folder, config=read_config(folder)) == expected
