"""Tokenised articles on disk, and batches of them as tensors.

Tokenising is done once per text, vocabulary and windowing: the Arrow file carries their fingerprint in its name, and a
later run, a resumed one above all, maps the file into memory instead. Labels stay outside, so that a corrected label costs
no new tokenising.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import datasets
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from hawadith.text.article import PreparedArticle
from hawadith.tokens import WordPieceTokenizer
from hawadith.windows import Windowing, build_windows

_FEATURES = datasets.Features(
    {
        "windows": datasets.List(datasets.List(datasets.Value("int32"))),
        "n_tokens": datasets.Value("int32"),
        "truncated": datasets.Value("bool"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Example:
    """One article as the encoder reads it.

    Attributes:
        windows: Token ids of each window, special tokens included.
        labels: Shape `(labels,)`: 0 to 1, or `UNJUDGED`.
    """

    windows: list[list[int]]
    labels: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReadArticle:
    """What the encoder reads of an article.

    Attributes:
        windows: Token ids of each window, special tokens included; at least one.
        n_tokens: Tokens of the article, special tokens and repetitions not counted.
        truncated: Whether tokens were left out because of `max_windows`.
    """

    windows: list[list[int]]
    n_tokens: int
    truncated: bool


def read_windows(
    articles: Sequence[PreparedArticle], *, tokenizer: WordPieceTokenizer, windowing: Windowing
) -> list[ReadArticle]:
    """Tokenise articles and cut them into windows.

    Args:
        articles: Prepared articles.
        tokenizer: Splits them into word-pieces.
        windowing: Cuts them into windows.

    Returns:
        One for each article; an article without a token has one window without a body.
    """
    nothing = [[tokenizer.cls_id, tokenizer.sep_id]]
    read = []
    for article in tokenizer.tokenize(articles):
        cut = build_windows(article, windowing=windowing, cls_id=tokenizer.cls_id, sep_id=tokenizer.sep_id)
        windows = [window.tolist() for window in cut.windows] or nothing
        read.append(ReadArticle(windows=windows, n_tokens=len(article.ids), truncated=cut.truncated))
    return read


class WindowedArticles(Dataset[Example]):
    """Tokenised articles beside their labels.

    Args:
        rows: As `tokenise_articles` makes them.
        labels: Shape `(articles, labels)`: 0 to 1, or `UNJUDGED`.

    Attributes:
        n_windows: Shape `(articles,)`.
        longest: Shape `(articles,)`: tokens of the longest window.
    """

    def __init__(self, rows: datasets.Dataset, *, labels: NDArray[np.float32]) -> None:
        self._rows = rows
        self._labels = labels
        lengths = [[len(window) for window in windows] for windows in rows["windows"]]
        self.n_windows = np.array([len(windows) for windows in lengths], dtype=np.int64)
        self.longest = np.array([max(windows) for windows in lengths], dtype=np.int64)

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> Example:
        return Example(windows=self._rows[index]["windows"], labels=self._labels[index])


def fingerprint_texts(articles: Sequence[PreparedArticle], *, windowing: Windowing, vocabulary: Path) -> str:
    """Name everything that decides what an encoder reads; sentence ends do, since windows are cut there.

    Args:
        articles: Prepared articles.
        windowing: Cuts them into windows.
        vocabulary: The tokenizer's file.

    Returns:
        SHA-256, hexadecimal.
    """
    digest = hashlib.sha256(json.dumps(asdict(windowing)).encode())
    digest.update(vocabulary.read_bytes())
    for article in articles:
        for field in (article.title, article.text):
            digest.update(field.profile.text.encode("utf-8", "surrogatepass") + b"\0")
            digest.update(field.sentence_profile_spans.tobytes() + b"\1")
    return digest.hexdigest()


def tokenise_articles(
    articles: Sequence[PreparedArticle],
    *,
    tokenizer: WordPieceTokenizer,
    windowing: Windowing,
    vocabulary: Path,
    folder: Path,
) -> datasets.Dataset:
    """Tokenise articles and cut them into windows, or take what an earlier run left.

    Args:
        articles: Prepared articles.
        tokenizer: Splits them into word-pieces.
        windowing: Cuts them into windows.
        vocabulary: The tokenizer's file, for the fingerprint.
        folder: Holds the Arrow files.

    Returns:
        One row per article: `windows`, `n_tokens`, `truncated`.
    """
    fingerprint = fingerprint_texts(articles, windowing=windowing, vocabulary=vocabulary)
    folder.mkdir(parents=True, exist_ok=True)

    def tokenise(batch: dict[str, list[int]]) -> dict[str, list[object]]:
        read = read_windows(
            [articles[position] for position in batch["position"]], tokenizer=tokenizer, windowing=windowing
        )
        return {
            "windows": [article.windows for article in read],
            "n_tokens": [article.n_tokens for article in read],
            "truncated": [article.truncated for article in read],
        }

    return datasets.Dataset.from_dict({"position": range(len(articles))}).map(
        tokenise,
        batched=True,
        batch_size=256,
        remove_columns=["position"],
        features=_FEATURES,
        new_fingerprint=fingerprint,
        cache_file_name=str(folder / f"{fingerprint}.arrow"),
    )


def collate(examples: Sequence[Example], *, pad_id: int) -> dict[str, Tensor]:
    """Put articles side by side, padded to the longest window among them.

    Args:
        examples: The articles of a batch.
        pad_id: The vocabulary's padding id.

    Returns:
        What `ArticleClassifier.forward` takes.
    """
    windows = [window for example in examples for window in example.windows]
    input_ids = np.full((len(windows), max(map(len, windows))), pad_id, dtype=np.int64)
    attention_mask = np.zeros_like(input_ids)
    for row, window in enumerate(windows):
        input_ids[row, : len(window)] = window
        attention_mask[row, : len(window)] = 1
    return {
        "input_ids": torch.from_numpy(input_ids),
        "attention_mask": torch.from_numpy(attention_mask),
        "window_counts": torch.tensor([len(example.windows) for example in examples]),
        "labels": torch.from_numpy(np.stack([example.labels for example in examples])),
    }
