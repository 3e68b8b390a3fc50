"""The CPU model in 8 bits, by nncf: weights alone, or weights and activations.

Static scales: they are measured once, on windows of real articles, and hold for every batch. Dynamic ones follow the largest activation
of a batch, so that an article's score would depend on its neighbours. SmoothQuant (Xiao et al. 2023) moves the outliers of a
transformer's activations into its weights first; without it a few channels take the whole range. How far it moves them, its alpha, suits
one model and not the next (the paper searches, too): several are tried, and the one kept whose logits stay nearest to fp32 on windows that
no scale was measured on. Labels play no part, and the gate's articles none either.
"""

import logging
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass

import numpy as np
import openvino
from numpy.typing import NDArray

from hawadith.encoder.runtime import runtime_settings
from hawadith.text.article import PreparedArticle
from hawadith.tokens import WordPieceTokenizer
from hawadith.windows import Windowing
from hawadith_training.encoder.dataset import read_windows
from hawadith_training.encoder.telemetry import without_telemetry

CALIBRATION_WINDOWS = 400
"""Windows that an int8 model rests on: three of four for the scales (300 samples are nncf's default), the fourth to choose among alphas."""

ALPHAS = (0.75, 0.8, 0.85, 0.9, 0.95)
"""What SmoothQuant tries; the last is nncf's default."""

_CHECK_EVERY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticModel:
    """A model in int8, and how near it is to the one in fp32.

    Attributes:
        runtime: The CPU model.
        alpha: Of SmoothQuant, in [0, 1].
        logit_error: Root mean square difference of its window logits from those in fp32, on windows without part in the scales.
    """

    runtime: openvino.Model
    alpha: float
    logit_error: float


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


def quantise_static(
    runtime: openvino.Model, *, windows: Sequence[NDArray[np.int32]], alphas: Sequence[float] = ALPHAS
) -> StaticModel:
    """Quantise weights and activations, with scales fixed by windows.

    Args:
        runtime: The CPU model in fp32; not changed.
        windows: Every fourth chooses among the alphas, the others give the scales; each alone and without padding, which would count as
            text. A single one does both.
        alphas: What SmoothQuant tries, each in [0, 1].

    Returns:
        The int8 model that is nearest to `runtime`.
    """
    held_out = windows[::_CHECK_EVERY]
    scaling = [window for index, window in enumerate(windows) if index % _CHECK_EVERY] or windows
    exact = _score_windows(runtime, windows=held_out)

    def quantise(alpha: float) -> StaticModel:
        quantised = _quantise(runtime, windows=scaling, alpha=alpha)
        error = _score_windows(quantised, windows=held_out) - exact
        return StaticModel(runtime=quantised, alpha=alpha, logit_error=float(np.sqrt(np.square(error).mean())))

    # One after the other, so that memory holds two at most.
    return min(map(quantise, alphas), key=lambda model: model.logit_error)


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


def _quantise(runtime: openvino.Model, *, windows: Sequence[NDArray[np.int32]], alpha: float) -> openvino.Model:
    with without_telemetry(), redirect_stdout(sys.stderr):
        import nncf

        _quieten()
        quantised: openvino.Model = nncf.quantize(
            runtime.clone(),
            nncf.Dataset([_as_inputs(window) for window in windows]),
            model_type=nncf.ModelType.TRANSFORMER,
            subset_size=len(windows),
            advanced_parameters=nncf.AdvancedQuantizationParameters(
                smooth_quant_alphas=nncf.AdvancedSmoothQuantParameters(matmul=alpha)
            ),
        )
    return quantised


def _score_windows(runtime: openvino.Model, *, windows: Sequence[NDArray[np.int32]]) -> NDArray[np.float32]:
    """The logits of windows as scoring computes them; shape `(windows, labels)`."""
    compiled = openvino.compile_model(runtime, "CPU", runtime_settings(streams=1))
    return np.concatenate([compiled(_as_inputs(window))[0] for window in windows])


def _as_inputs(window: NDArray[np.int32]) -> dict[str, NDArray[np.int64]]:
    return {"input_ids": window[None].astype(np.int64), "attention_mask": np.ones((1, len(window)), dtype=np.int64)}


def _quieten() -> None:
    # Not nncf.set_log_level: it also raises the level of whatever handlers others have put on nncf's logger.
    logging.getLogger("nncf").setLevel(logging.ERROR)
