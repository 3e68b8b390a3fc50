"""Word-pieces of prepared articles, through the `tokenizers` library alone: no torch, no transformers.

Special tokens are the model's grammar and never come from an article: `[SEP]` in a text is a bracket, a word and a bracket. AraBERT's
placeholders are the opposite case: `[رابط]` was one token in pre-training, but a fast tokenizer splits it at its brackets unless told
otherwise. Both are settled, and checked, when the tokenizer is loaded.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import AddedToken, Encoding, Tokenizer

from hawadith.errors import BundleError
from hawadith.text.addresses import PLACEHOLDERS
from hawadith.text.article import PreparedArticle, PreparedField

_UNKNOWN = "[UNK]"
_STEERING = ("[CLS]", "[SEP]", "[PAD]", "[MASK]")
"""Tokens that mean something to the model beyond the text; no article may write them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TokenizedArticle:
    """The word-pieces of one article: the title's, then the text's, without special tokens.

    Attributes:
        ids: Vocabulary ids, shape (tokens,).
        field_of: 0 for tokens of the title, 1 for tokens of the text, shape (tokens,).
        raw_spans: Where each token stands in its raw field, shape (tokens, 2).
        sentence_of: Which sentence each token belongs to, counted through the article, title first, shape (tokens,); -1 for none.
        n_title: Tokens of the title.
    """

    ids: NDArray[np.int32]
    field_of: NDArray[np.int8]
    raw_spans: NDArray[np.int32]
    sentence_of: NDArray[np.int32]
    n_title: int


class WordPieceTokenizer:
    """A BERT tokenizer that keeps the way back to the raw article."""

    def __init__(self, definition: str, *, origin: str) -> None:
        """Build the tokenizer; the definition's truncation, padding and marks of special tokens are overruled.

        Args:
            definition: The content of a `tokenizer.json` with BERT's special tokens.
            origin: Where it came from, for messages.

        Raises:
            BundleError: If it is no tokenizer, a special token is missing, or texts could smuggle one in.
        """
        self._tokenizer = _build(definition, origin=origin)
        self._ids = {token: self._require(token, origin=origin) for token in (*_STEERING, _UNKNOWN)}
        self._check(origin=origin)

    @classmethod
    def load(cls, path: Path) -> "WordPieceTokenizer":
        """Read a tokenizer.

        Args:
            path: A `tokenizer.json`.

        Returns:
            The tokenizer.

        Raises:
            BundleError: If the file is missing, no tokenizer, or not fit for articles.
        """
        try:
            definition = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise BundleError(f"Cannot read the tokenizer {path}: {error}. Export the bundle again.") from error
        return cls(definition, origin=str(path))

    @property
    def cls_id(self) -> int:
        """The id that opens a window."""
        return self._ids["[CLS]"]

    @property
    def sep_id(self) -> int:
        """The id that ends a part of a window."""
        return self._ids["[SEP]"]

    @property
    def pad_id(self) -> int:
        """The id that fills a batch up."""
        return self._ids["[PAD]"]

    @property
    def unk_id(self) -> int:
        """The id of what the vocabulary cannot spell."""
        return self._ids[_UNKNOWN]

    @property
    def mask_id(self) -> int:
        """The id that hides a token in pre-training."""
        return self._ids["[MASK]"]

    @property
    def vocab_size(self) -> int:
        """Ids run from 0 to one less."""
        return int(self._tokenizer.get_vocab_size(with_added_tokens=True))

    def tokenize(self, articles: Sequence[PreparedArticle]) -> list[TokenizedArticle]:
        """Cut articles into word-pieces.

        Args:
            articles: Prepared articles.

        Returns:
            One tokenised article for each, in the same order, none depending on its neighbours.
        """
        fields = [field.profile.text for article in articles for field in (article.title, article.text)]
        encodings = self._tokenizer.encode_batch(fields, add_special_tokens=False)
        return [
            _tokenized(article, encodings[2 * index], encodings[2 * index + 1])
            for index, article in enumerate(articles)
        ]

    def _require(self, token: str, *, origin: str) -> int:
        token_id = self._tokenizer.token_to_id(token)
        if token_id is None:
            raise BundleError(f"{origin}: the vocabulary has no {token}; a BERT tokenizer is needed.")
        return int(token_id)

    def _check(self, *, origin: str) -> None:
        for token in _STEERING:
            if self._ids[token] in self._tokenizer.encode(token, add_special_tokens=False).ids:
                raise BundleError(
                    f"{origin}: the text {token!r} becomes the special token itself, so that an article could smuggle it in. "
                    "The tokenizer must split at punctuation (BertPreTokenizer)."
                )
        for token in PLACEHOLDERS:
            expected = self._tokenizer.token_to_id(token)
            found = self._tokenizer.encode(token, add_special_tokens=False).ids
            if expected is not None and found != [expected]:
                raise BundleError(f"{origin}: {token!r} is token {expected} of the vocabulary but is read as {found}.")


def _build(definition: str, *, origin: str) -> Tokenizer:
    try:
        parts = json.loads(definition)
        # A token that is special here stays text in articles; the placeholders must not, whatever the file calls them.
        for token in parts.get("added_tokens") or ():
            if token["content"] in (*_STEERING, *PLACEHOLDERS):
                token["special"] = token["content"] in _STEERING
        tokenizer = Tokenizer.from_str(json.dumps(parts))
    except Exception as error:  # the library raises bare Exception for a malformed file
        raise BundleError(f"{origin} is no tokenizer: {error}. Export the bundle again.") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.encode_special_tokens = True
    # A token of the vocabulary keeps its id when it is added; others must not be added, or ids would outgrow the embeddings.
    known = [token for token in PLACEHOLDERS if tokenizer.token_to_id(token) is not None]
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in known])
    return tokenizer


def _tokenized(article: PreparedArticle, title: Encoding, text: Encoding) -> TokenizedArticle:
    n_title, n_text = len(title), len(text)
    title_spans, title_sentences = _locate(article.title, title)
    text_spans, text_sentences = _locate(article.text, text)
    text_sentences[text_sentences >= 0] += len(article.title.sentences)
    return TokenizedArticle(
        ids=np.array(title.ids + text.ids, dtype=np.int32),
        field_of=np.repeat(np.array([0, 1], dtype=np.int8), [n_title, n_text]),
        raw_spans=np.concatenate([title_spans, text_spans]),
        sentence_of=np.concatenate([title_sentences, text_sentences]),
        n_title=n_title,
    )


def _locate(field: PreparedField, encoding: Encoding) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Raw span and sentence (-1 for none) of each token of one field, shapes (tokens, 2) and (tokens,)."""
    offsets = np.fromiter(chain.from_iterable(encoding.offsets), dtype=np.int64, count=2 * len(encoding)).reshape(-1, 2)
    if not len(offsets):
        return np.empty((0, 2), dtype=np.int32), np.empty(0, dtype=np.int32)
    raw = np.stack([field.profile.starts[offsets[:, 0]], field.profile.ends[offsets[:, 1] - 1]], axis=1)
    if not len(field.sentences):
        return raw, np.full(len(offsets), -1, dtype=np.int32)
    sentence = np.searchsorted(field.sentence_profile_spans[:, 0], offsets[:, 0], side="right") - 1
    outside = offsets[:, 0] >= field.sentence_profile_spans[sentence, 1]
    sentence[outside] = -1
    return raw, sentence.astype(np.int32)
