"""The windows that a transformer bundle reads of articles: what both sides of a comparison are given, and what tokens are counted by."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hawadith.bundle import Bundle
from hawadith.records import Record
from hawadith.text.article import prepare_article
from hawadith.tokens import WordPieceTokenizer
from hawadith.windows import build_windows


def cut_records(records: Sequence[Record], *, bundle: Bundle) -> list[NDArray[np.int32]]:
    """Cut records into windows, as scoring does.

    Args:
        records: Articles.
        bundle: A verified transformer bundle.

    Returns:
        Token ids of each window, special tokens included; none of an article that holds nothing readable.
    """
    tokenizer = WordPieceTokenizer.load(bundle.path / "tokenizer.json")
    manifest = bundle.manifest
    articles = [prepare_article(record.title, record.text, profile=manifest.profile) for record in records]
    tokenized = tokenizer.tokenize([article for article in articles if not article.is_empty])
    return [
        window
        for article in tokenized
        for window in build_windows(
            article, windowing=manifest.windowing, cls_id=tokenizer.cls_id, sep_id=tokenizer.sep_id
        ).windows
    ]
