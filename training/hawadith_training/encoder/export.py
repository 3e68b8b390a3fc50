"""Writes a trained classifier into a bundle: an ordinary transformers checkpoint, and the CPU model that inference runs.

The runtime is OpenVINO IR in fp32, with batch and length left open. It comes from `torch.export`: tracing is deprecated, and bakes the
example's shapes into whatever it does not understand.
"""

import json
import warnings
from pathlib import Path
from shutil import copyfile

import openvino
import safetensors.torch
import torch
from torch import Tensor, nn
from transformers import BertForSequenceClassification

from hawadith_training.encoder.weights import SAFE_WEIGHTS

RUNTIME = Path("runtime") / "model.xml"


def export_classifier(
    classifier: BertForSequenceClassification, *, tokenizer: Path, max_length: int, folder: Path
) -> None:
    """Write all model files of a bundle.

    Args:
        classifier: The trained classifier, on the CPU; left in evaluation mode.
        tokenizer: Its `tokenizer.json`.
        max_length: Tokens of a window at most.
        folder: The bundle's folder while it is being written.
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
    export_runtime(classifier, max_length=max_length, file=folder / RUNTIME)


def export_runtime(classifier: BertForSequenceClassification, *, max_length: int, file: Path) -> None:
    """Write the CPU model.

    Args:
        classifier: In evaluation mode, on the CPU.
        max_length: Tokens of a window at most.
        file: The `.xml`; its weights go beside it as `.bin`.
    """
    batch = torch.export.Dim("batch", min=1, max=65_536)
    length = torch.export.Dim("length", min=2, max=max_length)
    example = torch.ones((2, 3), dtype=torch.int64)
    with warnings.catch_warnings(), torch.no_grad():
        # torch's own exporter trips over its own deprecation.
        warnings.filterwarnings("ignore", message=".*LeafSpec.*", category=FutureWarning)
        exported = torch.export.export(
            _WindowLogits(classifier),
            (example, example),
            dynamic_shapes=({0: batch, 1: length}, {0: batch, 1: length}),
        )
        runtime = openvino.convert_model(exported)
    file.parent.mkdir(parents=True, exist_ok=True)
    openvino.save_model(runtime, file, compress_to_fp16=False)


class _WindowLogits(nn.Module):
    """The two inputs and the one output of the runtime."""

    def __init__(self, classifier: BertForSequenceClassification) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Logits of windows: `(windows, length)` twice to `(windows, labels)`."""
        logits: Tensor = self.classifier(input_ids=input_ids, attention_mask=attention_mask).logits
        return logits
