"""One `tokenizer.json` out of what published encoders bring: that file itself, or the `vocab.txt` of older ones.

The bundle stores this file and inference reads it, so that training and scoring split words alike.
"""

import json
from pathlib import Path

from tokenizers import AddedToken, Tokenizer
from tokenizers.decoders import WordPiece as WordPieceDecoder
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from transformers import BertConfig

from hawadith_training.encoder.errors import EncoderError
from hawadith_training.encoder.load import read_mapping

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def write_tokenizer(folder: Path, *, config: BertConfig, target: Path) -> None:
    """Write an encoder's tokenizer as one `tokenizer.json`.

    Args:
        folder: The encoder's folder; its `tokenizer.json` is taken as it is, else one is built from `vocab.txt`.
        config: The encoder's configuration; its embeddings must reach every word-piece.
        target: The file to write.

    Raises:
        EncoderError: If the folder has neither file, or its vocabulary does not fit the encoder.
    """
    if (folder / "tokenizer.json").is_file():
        tokenizer = _read_tokenizer(folder / "tokenizer.json")
    elif (folder / "vocab.txt").is_file():
        lower = read_mapping(folder / "tokenizer_config.json").get("do_lower_case", False) is True
        tokenizer = build_tokenizer(_read_vocabulary(folder / "vocab.txt"), lower=lower)
    else:
        raise EncoderError(f"{folder} has neither tokenizer.json nor vocab.txt. Copy the encoder's vocabulary there.")
    highest = max(tokenizer.get_vocab(with_added_tokens=True).values())
    if highest >= config.vocab_size:
        raise EncoderError(
            f"{folder}: the vocabulary goes up to id {highest}, config.json has embeddings for {config.vocab_size}. "
            "Copy vocabulary and config.json of one model."
        )
    tokenizer.save(str(target))


def build_tokenizer(vocabulary: dict[str, int], *, lower: bool = False) -> Tokenizer:
    """Build BERT's word-piece tokenizer; accents stay, since the text profile has already decided about marks.

    Args:
        vocabulary: Ids by word-piece, BERT's special tokens among them.
        lower: Whether Latin letters are lower-cased.

    Returns:
        The tokenizer, adding no special tokens by itself.
    """
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = BertNormalizer(
        clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=lower
    )
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.decoder = WordPieceDecoder(prefix="##")
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in SPECIAL_TOKENS if token in vocabulary]
    )
    return tokenizer


def longest_input(folder: Path, *, config: BertConfig) -> int:
    """Tokens that an encoder reads at most, specials included.

    Old tokenizer files say `max_len` for what is now `model_max_length`; either may be absent, or "infinite".

    Args:
        folder: The encoder's folder.
        config: Its configuration, whose positions are the hard limit.

    Returns:
        The smaller of the two.
    """
    raw = read_mapping(folder / "tokenizer_config.json")
    stated = raw.get("model_max_length", raw.get("max_len"))
    positions = int(config.max_position_embeddings)
    return min(positions, int(stated)) if isinstance(stated, int | float) and stated >= 1 else positions


def _read_tokenizer(file: Path) -> Tokenizer:
    raw = read_mapping(file, required=True)
    model = raw.get("model")
    kind = model.get("type") if isinstance(model, dict) else None
    if kind != "WordPiece":
        raise EncoderError(f"{file}: the tokenizer is {kind!r}; BERT encoders have WordPiece.")
    try:
        tokenizer = Tokenizer.from_str(json.dumps(raw, ensure_ascii=False))
    except Exception as error:  # the library raises bare Exception
        raise EncoderError(f"{file} is no tokenizer: {error}") from error
    tokenizer.no_truncation()  # lengths are the windower's business
    tokenizer.no_padding()
    return tokenizer


def _read_vocabulary(file: Path) -> dict[str, int]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise EncoderError(f"{file} is not UTF-8: {error}") from error
    pieces = lines[:-1] if lines[-1] == "" else lines
    vocabulary = {piece.rstrip("\r"): position for position, piece in enumerate(pieces)}
    missing = [token for token in ("[UNK]", "[CLS]", "[SEP]", "[PAD]") if token not in vocabulary]
    if missing:
        raise EncoderError(f"{file} lacks {', '.join(missing)}; it is no BERT vocabulary.")
    return vocabulary
