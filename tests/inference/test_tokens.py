"""Word-pieces: ids, the way back to the raw article, and tokens that no article may write."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

from hawadith.errors import BundleError
from hawadith.text.article import PreparedArticle, TextProfile, prepare_article
from hawadith.tokens import TokenizedArticle, WordPieceTokenizer

UNKNOWN = "[UNK]"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = ["انفجر", "لغم", "في", "الوادي", "قتل", "راعيان", "قال", "شاهد", ".", "،", "[", "]", "S", "##E", "##P", "رابط"]
LETTERS = [chr(code) for code in [*range(0x621, 0x63B), *range(0x641, 0x64B)]]
VOCABULARY = [*SPECIAL[::-1], *WORDS, *LETTERS, *(f"##{letter}" for letter in LETTERS)]
PLACEHOLDERS = ["[رابط]", "[بريد]", "[مستخدم]"]


def define(*, vocabulary: list[str], special: list[str] = SPECIAL, words_only: bool = False) -> str:
    """The content of a small `tokenizer.json`."""
    tokenizer = Tokenizer(models.WordPiece({token: index for index, token in enumerate(vocabulary)}, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit() if words_only else pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(special)
    tokenizer.enable_truncation(8)
    tokenizer.enable_padding()
    return tokenizer.to_str()


@pytest.fixture(scope="module")
def tokenizer() -> WordPieceTokenizer:
    return WordPieceTokenizer(define(vocabulary=VOCABULARY + PLACEHOLDERS), origin="test")


def prepare(title: str, text: str) -> PreparedArticle:
    return prepare_article(title, text, profile=TextProfile())


def read(tokenizer: WordPieceTokenizer, title: str, text: str) -> TokenizedArticle:
    return tokenizer.tokenize([prepare(title, text)])[0]


def vocabulary_ids(*tokens: str) -> list[int]:
    return [(VOCABULARY + PLACEHOLDERS).index(token) for token in tokens]


def test_special_ids_come_from_the_file(tokenizer: WordPieceTokenizer) -> None:
    found = (tokenizer.mask_id, tokenizer.sep_id, tokenizer.cls_id, tokenizer.unk_id, tokenizer.pad_id)
    assert found == (0, 1, 2, 3, 4)
    assert tokenizer.vocab_size == len(VOCABULARY) + len(PLACEHOLDERS)


def test_tokenize_puts_the_title_first(tokenizer: WordPieceTokenizer) -> None:
    article = read(tokenizer, "لغم في الوادي", "انفجر لغم. قتل راعيان.")
    assert article.ids.tolist() == vocabulary_ids("لغم", "في", "الوادي", "انفجر", "لغم", ".", "قتل", "راعيان", ".")
    assert article.field_of.tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 1]
    assert article.sentence_of.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert article.n_title == 3


def test_tokenize_points_into_the_raw_fields(tokenizer: WordPieceTokenizer) -> None:
    title, text = "لُغـــم", "https://a.example/b قال شاهد"
    article = read(tokenizer, title, text)
    raws = [
        (title, text)[field][start:end] for field, (start, end) in zip(article.field_of, article.raw_spans, strict=True)
    ]
    assert raws == [title, "https://a.example/b", "قال", "شاهد"]


@pytest.mark.parametrize(
    ("placeholder", "raw"), [("[رابط]", "http://a.example"), ("[بريد]", "ا@ب"), ("[مستخدم]", "@user")]
)
@pytest.mark.parametrize("special", [SPECIAL, SPECIAL + PLACEHOLDERS])
def test_tokenize_reads_placeholders_as_one_token(placeholder: str, raw: str, special: list[str]) -> None:
    tokenizer = WordPieceTokenizer(define(vocabulary=VOCABULARY + PLACEHOLDERS, special=special), origin="test")
    assert read(tokenizer, "", raw).ids.tolist() == vocabulary_ids(placeholder)
    assert tokenizer.vocab_size == len(VOCABULARY) + len(PLACEHOLDERS)


def test_tokenize_spells_placeholders_that_the_vocabulary_lacks() -> None:
    tokenizer = WordPieceTokenizer(define(vocabulary=VOCABULARY), origin="test")
    assert read(tokenizer, "", "http://a.example").ids.tolist() == vocabulary_ids("[", "رابط", "]")
    assert tokenizer.vocab_size == len(VOCABULARY)


@pytest.mark.parametrize("token", ["[SEP]", "[CLS]", "[MASK]", "[PAD]"])
@pytest.mark.parametrize("text", ["{}", "قتل{}قتل", "قال {} شاهد", "[{}]", "[\u200f{}"])
def test_tokenize_keeps_special_text_text(tokenizer: WordPieceTokenizer, token: str, text: str) -> None:
    forbidden = {tokenizer.cls_id, tokenizer.sep_id, tokenizer.pad_id, tokenizer.mask_id}
    for raw in (text.format(token), text.format(token.replace("E", "E\u200f"))):
        assert not forbidden & set(read(tokenizer, raw, raw).ids.tolist())


def test_tokenize_reads_all_of_a_long_article(tokenizer: WordPieceTokenizer) -> None:
    assert len(read(tokenizer, "", "قتل " * 3_000).ids) == 3_000


def test_tokenize_of_nothing_gives_no_tokens(tokenizer: WordPieceTokenizer) -> None:
    article = read(tokenizer, "", "😀")
    assert article.ids.shape == article.sentence_of.shape == (0,)
    assert article.raw_spans.shape == (0, 2)
    assert tokenizer.tokenize([]) == []


texts = st.lists(
    st.sampled_from([*WORDS, " ", " ", " ", "\n", "َ", "ـ", "ﻻ", "#", "😀", "@x", "[SEP]"]), max_size=40
).map("".join)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(texts, texts), min_size=1, max_size=4))
@example([("", "انفجر.انفجر@x")])
def test_tokens_do_not_depend_on_neighbours_and_lie_in_their_sentence(pairs: list[tuple[str, str]]) -> None:
    tokenizer = WordPieceTokenizer(define(vocabulary=VOCABULARY + PLACEHOLDERS), origin="test")
    articles = [prepare(*pair) for pair in pairs]
    for prepared, together in zip(articles, tokenizer.tokenize(articles), strict=True):
        alone = tokenizer.tokenize([prepared])[0]
        assert np.array_equal(together.ids, alone.ids)
        assert np.array_equal(together.raw_spans, alone.raw_spans)
        sentences = np.concatenate([prepared.title.sentences, prepared.text.sentences])[together.sentence_of]
        assert np.all(together.sentence_of >= 0)
        # Where it begins: an address such as `خبر.خبر@x` is one token, although a sentence may end inside it.
        starts = together.raw_spans[:, 0]
        assert np.all((sentences[:, 0] <= starts) & (starts < sentences[:, 1]))


def test_load_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_text(define(vocabulary=VOCABULARY), encoding="utf-8")
    assert WordPieceTokenizer.load(path).cls_id == 2


@pytest.mark.parametrize("content", [None, "no json", "[]", "{}", json.dumps({"added_tokens": None}), "\ud800"])
def test_load_refuses_what_is_no_tokenizer(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "tokenizer.json"
    if content is not None:
        path.write_bytes(content.encode("utf-8", "surrogatepass"))
    with pytest.raises(BundleError, match=r"tokenizer\.json"):
        WordPieceTokenizer.load(path)


def test_tokenizer_refuses_a_vocabulary_without_special_tokens() -> None:
    without = [token for token in VOCABULARY if token not in {"[SEP]"}]
    with pytest.raises(BundleError, match="SEP"):
        WordPieceTokenizer(define(vocabulary=without, special=[]), origin="test")


def test_tokenizer_refuses_to_let_articles_write_special_tokens() -> None:
    with pytest.raises(BundleError, match="smuggle"):
        WordPieceTokenizer(define(vocabulary=VOCABULARY, words_only=True), origin="test")
