"""The yardstick: `transformers.pipeline("text-classification")` on the same checkpoint and the same windows.

It is measured at its best. It gets windows sorted by length, which it does not do itself, so that it loses little on padding; several batch
sizes, of which the best counts; as many threads as torch likes; and no work but its own: windows are cut for it beforehand. Its tokens are
counted as its own tokenizer cuts them, padding left out, as on our side.
"""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

BATCH_SIZES = (1, 8, 32)
"""Windows that the pipeline is told to take at once."""


def choose_windows(windows: Sequence[NDArray[np.int32]], *, tokens: int) -> list[NDArray[np.int32]]:
    """Take windows evenly through all lengths, so that few stand for all.

    Args:
        windows: Token ids of each window.
        tokens: About how many tokens to take.

    Returns:
        The chosen windows, shortest first.
    """
    ordered = sorted(windows, key=len)
    step = max(1, sum(map(len, windows)) // tokens)
    return ordered[step // 2 :: step]


def measure_pipeline(
    bundle: Path, *, windows: Sequence[NDArray[np.int32]], batch_sizes: Sequence[int] = BATCH_SIZES, passes: int = 2
) -> Mapping[int, float]:
    """Measure the pipeline.

    Args:
        bundle: A transformer bundle's folder, which is an ordinary checkpoint.
        windows: Token ids of each window, shortest first.
        batch_sizes: Batch sizes to try.
        passes: How often each is measured; the best counts.

    Returns:
        Tokens a second by batch size, special tokens counted and padding not.
    """
    texts = spell_windows(windows, tokenizer=bundle / "tokenizer.json")
    tokenizer = AutoTokenizer.from_pretrained(bundle)
    model = AutoModelForSequenceClassification.from_pretrained(bundle)
    longest = int(model.config.max_position_embeddings)
    classify = pipeline("text-classification", model=model, tokenizer=tokenizer, device=torch.device("cpu"))
    n_tokens = sum(len(ids) for ids in tokenizer(texts, truncation=True, max_length=longest)["input_ids"])

    def run(batch_size: int) -> float:
        started = time.perf_counter()
        for _ in classify(
            texts,
            batch_size=batch_size,
            truncation=True,
            max_length=longest,
            top_k=None,
            function_to_apply="sigmoid",
        ):
            pass
        return time.perf_counter() - started

    classify(texts[:1])
    return {size: n_tokens / min(run(size) for _ in range(passes)) for size in batch_sizes}


def spell_windows(windows: Sequence[NDArray[np.int32]], *, tokenizer: Path) -> list[str]:
    """The text of each window, which the pipeline's tokenizer cuts into the same word-pieces again.

    Args:
        windows: Token ids of each window.
        tokenizer: The `tokenizer.json`.

    Returns:
        Texts without the outer special tokens, which the pipeline adds itself.
    """
    definition = Tokenizer.from_file(str(tokenizer))
    return [definition.decode(window[1:-1].tolist(), skip_special_tokens=False) for window in windows]
