"""Writes the encoder as fine-tuning, and any transformers program, reads it."""

import copy
import json
from pathlib import Path
from shutil import copyfile

import safetensors.torch
import torch
from transformers import BertForMaskedLM

from hawadith_training.encoder.weights import SAFE_WEIGHTS
from hawadith_training.pretrain.config import PretrainConfig
from hawadith_training.pretrain.folders import replace_folder
from hawadith_training.pretrain.model import set_dropout

PROVENANCE = "pretraining.json"


def export_encoder(
    model: BertForMaskedLM, *, folder: Path, config: PretrainConfig, tokenizer: Path, provenance: dict[str, object]
) -> None:
    """Write an encoder's folder, whole or not at all.

    The head that predicts words goes along, so that pre-training can go on from here; fine-tuning leaves it.

    Args:
        model: The encoder.
        folder: Takes it; a former one is replaced.
        config: Says in which precision.
        tokenizer: Its `tokenizer.json`.
        provenance: What it has learned from, for cards.
    """
    dtype = torch.float16 if config.export == "fp16" else torch.float32
    shape = copy.deepcopy(model.config)
    set_dropout(shape)
    shape.architectures = ["BertForMaskedLM"]
    # Parameters, not the state: the projection onto the vocabulary is the embeddings themselves, and is stored once.
    weights = {name: value.detach().cpu().to(dtype).contiguous() for name, value in model.named_parameters()}
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": shape.max_position_embeddings,
        **{f"{name}_token": f"[{name.upper()}]" for name in ("cls", "sep", "pad", "unk", "mask")},
    }
    with replace_folder(folder) as draft:
        shape.save_pretrained(draft)
        safetensors.torch.save_file(weights, draft / SAFE_WEIGHTS, metadata={"format": "pt"})
        copyfile(tokenizer, draft / "tokenizer.json")
        (draft / "tokenizer_config.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
        (draft / PROVENANCE).write_text(json.dumps(provenance, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
