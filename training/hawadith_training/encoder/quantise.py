"""The CPU model in 8 bits, by nncf: weights alone, or weights and activations.

Static scales: they are measured once, on windows of real articles, and hold for every batch. Dynamic ones follow the largest activation
of a batch, so that an article's score would depend on its neighbours. SmoothQuant (Xiao et al. 2023) moves the outliers of a
transformer's activations into its weights first; without it a few channels take the whole range.
"""

import logging
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout

import numpy as np
import openvino
from numpy.typing import NDArray

from hawadith.text.article import PreparedArticle
from hawadith.tokens import WordPieceTokenizer
from hawadith.windows import Windowing
from hawadith_training.encoder.dataset import read_windows
from hawadith_training.encoder.telemetry import without_telemetry

CALIBRATION_WINDOWS = 128
"""Windows that scales are measured on: 40,000 tokens of news; nncf's own default is 300 samples of any kind."""


def draw_windows(
    articles: Sequence[PreparedArticle],
    *,
    tokenizer: WordPieceTokenizer,
    windowing: Windowing,
    n: int = CALIBRATION_WINDOWS,
    seed: int = 13,
) -> list[NDArray[np.int32]]:
    """Draw windows to measure scales on, as scoring would cut them.

    Args:
        articles: Prepared articles; those that the model learned from are best, since no figure rests on them.
        tokenizer: The model's.
        windowing: How the model reads articles.
        n: Articles at most; of each, one window.
        seed: Seeds the draw.

    Returns:
        Token ids of each window, special tokens included.
    """
    random = np.random.default_rng(seed)
    chosen = np.sort(random.permutation(len(articles))[:n])
    read = read_windows([articles[position] for position in chosen], tokenizer=tokenizer, windowing=windowing)
    return [np.asarray(article.windows[random.integers(len(article.windows))], dtype=np.int32) for article in read]


def quantise_static(runtime: openvino.Model, *, windows: Sequence[NDArray[np.int32]]) -> openvino.Model:
    """Quantise weights and activations, with scales fixed by windows.

    Args:
        runtime: The CPU model in fp32; not changed.
        windows: What scales are measured on, each alone and without padding: padding would count as text.

    Returns:
        The int8 model.
    """
    with without_telemetry(), redirect_stdout(sys.stderr):
        import nncf

        _quieten()
        samples = [
            {"input_ids": window[None].astype(np.int64), "attention_mask": np.ones((1, len(window)), dtype=np.int64)}
            for window in windows
        ]
        quantised: openvino.Model = nncf.quantize(
            runtime.clone(), nncf.Dataset(samples), model_type=nncf.ModelType.TRANSFORMER, subset_size=len(samples)
        )
    return quantised


def quantise_weights(runtime: openvino.Model) -> openvino.Model:
    """Store weights in 8 bits, one scale per row; products stay fp32.

    Args:
        runtime: The CPU model in fp32; not changed.

    Returns:
        The model with compressed weights.
    """
    with without_telemetry(), redirect_stdout(sys.stderr):
        import nncf

        _quieten()
        compressed: openvino.Model = nncf.compress_weights(runtime.clone(), mode=nncf.CompressWeightsMode.INT8_ASYM)
    return compressed


def _quieten() -> None:
    # Not nncf.set_log_level: it also raises the level of whatever handlers others have put on nncf's logger.
    logging.getLogger("nncf").setLevel(logging.ERROR)
