"""An encoder from random weights, for smoke runs and tests: small, made on the spot, of the same class as the real ones."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer
from transformers import BertConfig

from hawadith.text.addresses import PLACEHOLDERS
from hawadith.text.article import PreparedArticle
from hawadith_training.encoder.config import ScratchConfig
from hawadith_training.encoder.tokenizer_file import SPECIAL_TOKENS, build_tokenizer


def learn_tokenizer(articles: Sequence[PreparedArticle], *, size: int, target: Path) -> None:
    """Learn word-pieces from articles: every character, then the beginnings and ends of words that save the most tokens.

    Simpler than a byte-pair trainer, and unlike the `tokenizers` library's the same in every run, which resuming needs.

    Args:
        articles: Prepared articles.
        size: Word-pieces at most, special tokens included; more only where the characters alone exceed it.
        target: The `tokenizer.json` to write.
    """
    reserved = (*SPECIAL_TOKENS, *PLACEHOLDERS)
    words = _count_words(articles, splitter=build_tokenizer({token: at for at, token in enumerate(reserved)}))
    saved: Counter[str] = Counter()
    for word, count in words.items():
        for cut in range(1, len(word)):
            saved[word[: cut + 1]] += count * cut
            saved[f"##{word[cut:]}"] += count * (len(word) - cut - 1)
    characters = sorted(set("".join(words)))
    pieces = [*reserved, *characters, *(f"##{character}" for character in characters)]
    best = sorted((piece for piece in saved if piece not in set(pieces)), key=lambda piece: (-saved[piece], piece))
    pieces += best[: max(0, size - len(pieces))]
    build_tokenizer({piece: position for position, piece in enumerate(pieces)}).save(str(target))


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
        # BERT's 0.02 belongs to a width of 768; narrower layers need larger weights for activations of the same size.
        initializer_range=0.02 * (768 / scratch.hidden) ** 0.5,
    )


def _count_words(articles: Sequence[PreparedArticle], *, splitter: Tokenizer) -> Counter[str]:
    """How often each word occurs, as the tokenizer sees words."""
    words: Counter[str] = Counter()
    for article in articles:
        for field in (article.title, article.text):
            text = splitter.normalizer.normalize_str(field.profile.text)
            words.update(word for word, _ in splitter.pre_tokenizer.pre_tokenize_str(text))
    return words
