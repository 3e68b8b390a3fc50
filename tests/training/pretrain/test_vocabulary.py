"""Word-pieces of our own: the same in every run, and fit for articles."""

from pathlib import Path

from tests.training.pretrain.runs import write_corpus
from tokenizers import Tokenizer

from hawadith.readers import read_records
from hawadith.text.addresses import PLACEHOLDERS
from hawadith.text.article import TextProfile, prepare_article
from hawadith.tokens import WordPieceTokenizer
from hawadith_training.encoder.tokenizer_file import SPECIAL_TOKENS
from hawadith_training.pretrain.text import open_workers
from hawadith_training.pretrain.vocabulary import learn_vocabulary


def learn(folder: Path, *, size: int = 220, name: str = "tokenizer.json") -> Path:
    records = read_records(write_corpus(folder / "corpus.jsonl"))
    with open_workers(1, profile=TextProfile()) as workers:
        learn_vocabulary(workers.normalise(records), size=size, target=folder / name)
    return folder / name


def test_vocabulary_is_the_same_in_every_run(tmp_path: Path) -> None:
    learned = {learn(tmp_path, name=f"{run}.json").read_bytes() for run in range(4)}
    assert len(learned) == 1


def test_vocabulary_has_the_wanted_size_and_begins_with_special_tokens(tmp_path: Path) -> None:
    vocabulary = Tokenizer.from_file(str(learn(tmp_path, size=150))).get_vocab(with_added_tokens=True)
    assert sorted(vocabulary.values()) == list(range(150))
    assert [vocabulary[token] for token in (*SPECIAL_TOKENS, *PLACEHOLDERS)] == list(range(8))
    assert any(len(piece.removeprefix("##")) > 2 for piece in vocabulary)


def test_vocabulary_reads_placeholders_as_one_token_and_special_tokens_as_text(tmp_path: Path) -> None:
    tokenizer = WordPieceTokenizer.load(learn(tmp_path))
    article = prepare_article("", "قال [SEP] على https://example.com/a و news", profile=TextProfile())
    ids = tokenizer.tokenize([article])[0].ids.tolist()
    assert tokenizer.sep_id not in ids
    assert ids.count(SPECIAL_TOKENS.index("[MASK]") + 1) == 1  # the link
