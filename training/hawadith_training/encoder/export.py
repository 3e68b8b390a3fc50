"""Writes a trained classifier into a bundle: an ordinary transformers checkpoint, and the CPU model that inference runs.

The runtime is OpenVINO IR in fp32, with batch and length left open. It comes from `torch.export`: tracing is deprecated, and bakes the
example's shapes into whatever it does not understand.
"""

import json
import warnings
from pathlib import Path
from shutil import copyfile

import numpy as np
import openvino
import safetensors.torch
import torch
from torch import nn
from transformers import BertForSequenceClassification

from hawadith_training.encoder.errors import EncoderError
from hawadith_training.encoder.telemetry import without_telemetry
from hawadith_training.encoder.weights import SAFE_WEIGHTS
from hawadith_training.encoder.window_logits import WindowLogits

RUNTIME = Path("runtime") / "model.xml"

_TOLERANCE = 1e-3
_COMPARED_LENGTH = 48


def export_classifier(
    classifier: BertForSequenceClassification, *, tokenizer: Path, max_length: int, folder: Path
) -> openvino.Model:
    """Write all model files of a bundle.

    Args:
        classifier: The trained classifier, on the CPU; left in evaluation mode.
        tokenizer: Its `tokenizer.json`.
        max_length: Tokens of a window at most.
        folder: The bundle's folder while it is being written.

    Returns:
        The CPU model that was written, in fp32.

    Raises:
        EncoderError: If the CPU model does not score like the classifier.
    """
    nn.Module.train(classifier, mode=False)
    classifier.config.save_pretrained(folder)
    weights = {name: tensor.contiguous() for name, tensor in classifier.state_dict().items()}
    safetensors.torch.save_file(weights, folder / SAFE_WEIGHTS, metadata={"format": "pt"})
    copyfile(tokenizer, folder / "tokenizer.json")
    # What AutoTokenizer needs beside it, so that the folder opens in any transformers program.
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": max_length,
        **{f"{name}_token": f"[{name.upper()}]" for name in ("cls", "sep", "pad", "unk", "mask")},
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    runtime = convert_classifier(classifier, max_length=max_length)
    save_runtime(runtime, file=folder / RUNTIME)
    return runtime


def convert_classifier(classifier: BertForSequenceClassification, *, max_length: int) -> openvino.Model:
    """Turn a classifier into the CPU model.

    Args:
        classifier: In evaluation mode, on the CPU.
        max_length: Tokens of a window at most.

    Returns:
        The CPU model in fp32.

    Raises:
        EncoderError: If it does not score like the classifier.
    """
    batch = torch.export.Dim("batch", min=1, max=65_536)
    length = torch.export.Dim("length", min=2, max=max_length)
    # Two tensors, not one twice: the exporter takes the same object for one input.
    ids, mask = (torch.ones((2, 3), dtype=torch.int64) for _ in range(2))
    with warnings.catch_warnings(), torch.no_grad(), without_telemetry():
        # torch's own exporter trips over its own deprecation.
        warnings.filterwarnings("ignore", message=".*LeafSpec.*", category=FutureWarning)
        exported = torch.export.export(
            WindowLogits(classifier),
            (ids, mask),
            dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
        )
        runtime = openvino.convert_model(exported)
    check_runtime(runtime, classifier=classifier, length=min(max_length, _COMPARED_LENGTH))
    return runtime


def save_runtime(runtime: openvino.Model, *, file: Path) -> None:
    """Write a CPU model.

    Args:
        runtime: The model.
        file: The `.xml`; its weights go beside it as `.bin`.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    openvino.save_model(runtime, file, compress_to_fp16=False)


def check_runtime(runtime: openvino.Model, *, classifier: BertForSequenceClassification, length: int) -> None:
    """Score a padded batch both ways, so that no bundle holds a runtime that is not its model.

    Args:
        runtime: The CPU model.
        classifier: What it was made from.
        length: Tokens of a window.

    Raises:
        EncoderError: If the logits differ by more than `_TOLERANCE`.
    """
    generator = torch.Generator().manual_seed(0)
    ids = torch.randint(classifier.config.vocab_size, (3, length), generator=generator)
    mask = torch.ones_like(ids)
    mask[1, length // 2 :] = 0
    compiled = openvino.Core().compile_model(runtime, "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    with torch.no_grad():
        expected = classifier(input_ids=ids, attention_mask=mask).logits.numpy()
    found = compiled({"input_ids": ids.numpy(), "attention_mask": mask.numpy()})[0]
    difference = float(np.abs(found - expected).max())
    if not difference <= _TOLERANCE:
        raise EncoderError(
            f"The exported CPU model differs from torch by {difference:.2g} in its logits. This is a fault of the export: report it, "
            "with the versions of torch, transformers and openvino."
        )
