"""An encoder from random weights, for smoke runs and tests: small, made on the spot, of the same class as the real ones."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.trainers import WordPieceTrainer
from transformers import BertConfig

from hawadith.text.addresses import PLACEHOLDERS
from hawadith.text.article import PreparedArticle
from hawadith_training.encoder.config import ScratchConfig
from hawadith_training.encoder.tokenizer_file import SPECIAL_TOKENS, build_tokenizer


def train_tokenizer(articles: Sequence[PreparedArticle], *, size: int, target: Path) -> None:
    """Learn word-pieces from articles.

    Args:
        articles: Prepared articles.
        size: Word-pieces at most, special tokens included.
        target: The `tokenizer.json` to write.
    """
    reserved = {token: position for position, token in enumerate((*SPECIAL_TOKENS, *PLACEHOLDERS))}
    learner = build_tokenizer(reserved)
    learner.train_from_iterator(
        _read_fields(articles),
        trainer=WordPieceTrainer(vocab_size=size, special_tokens=list(reserved), show_progress=False),
    )
    # Built anew from the vocabulary: the trainer marks placeholders as special, which they are not.
    build_tokenizer(learner.get_vocab(with_added_tokens=True)).save(str(target))


def build_config(scratch: ScratchConfig, *, tokenizer: Path) -> BertConfig:
    """The configuration of an encoder of the wanted shape.

    Args:
        scratch: The shape.
        tokenizer: The `tokenizer.json` whose word-pieces it embeds.

    Returns:
        The configuration.
    """
    vocabulary = Tokenizer.from_file(str(tokenizer))
    return BertConfig(
        vocab_size=vocabulary.get_vocab_size(with_added_tokens=True),
        hidden_size=scratch.hidden,
        num_hidden_layers=scratch.layers,
        num_attention_heads=scratch.heads,
        intermediate_size=scratch.intermediate or 4 * scratch.hidden,
        max_position_embeddings=scratch.positions,
        pad_token_id=vocabulary.token_to_id("[PAD]"),
    )


def _read_fields(articles: Sequence[PreparedArticle]) -> Iterator[str]:
    for article in articles:
        yield article.title.profile.text
        yield article.text.profile.text
