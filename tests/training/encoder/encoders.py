"""Small encoders of the same class as the real ones, and folders that imitate how real ones are published."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import torch
from tests.builders import SAMPLES, build_manifest, build_typology
from tokenizers import Tokenizer
from transformers import BertConfig, BertForPreTraining, BertForSequenceClassification

from hawadith.bundle import Bundle, read_bundle, write_bundle
from hawadith.calibration import uncalibrated
from hawadith.records import Record
from hawadith.text.article import PreparedArticle, TextProfile, prepare_article
from hawadith.typology import Typology, dump_typology, load_typology
from hawadith.windows import Windowing
from hawadith_evaluation.targets import Targets
from hawadith_evaluation.targets import build_targets as targets_of
from hawadith_training.config import TrainConfig, parse_config
from hawadith_training.encoder.config import ScratchConfig
from hawadith_training.encoder.fit import fit_encoder
from hawadith_training.encoder.fitted import FittedEncoder
from hawadith_training.encoder.load import label_config
from hawadith_training.encoder.model import ArticleClassifier
from hawadith_training.encoder.scratch import build_config, learn_tokenizer

SHAPE = ScratchConfig(vocabulary=800, layers=2, hidden=32, heads=2, positions=64)
WINDOWING = Windowing(max_length=64, overlap=16, max_title=8)
PLACES = ("القرية", "الوادي", "الميناء", "السوق", "الجسر", "المدرسة", "الحدود", "المزرعة")


@cache
def read_samples() -> tuple[PreparedArticle, ...]:
    """The sample articles, prepared."""
    rows = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    return tuple(prepare_article(row["title"], row["text"], profile=TextProfile()) for row in rows)


def invent_records(n: int) -> list[Record]:
    """Articles whose labels a small encoder can learn: one word carries each."""
    records = []
    for number in range(n):
        place = PLACES[number % len(PLACES)]
        labels = [label for label, period in (("mine", 2), ("arms", 3)) if number % period == 0]
        words = [{"mine": "لغم", "arms": "بندقية"}[label] for label in labels]
        middle = " ".join(f"وشوهد {word} قرب {place} ." for word in words)
        text = f"زار وفد {place} صباح اليوم . {middle} وعاد الهدوء إلى {place} بعد ذلك . " * (1 + number % 4)
        records.append(Record(id=str(number), title=f"أخبار {place}", text=text, labels=tuple(labels)))
    return records


def build_targets(positive: Sequence[Sequence[int]], judged: Sequence[Sequence[int]]) -> Targets:
    """Targets of two labels, from zeros and ones."""
    return Targets(
        labels=("mine", "arms"), positive=np.array(positive, dtype=bool), judged=np.array(judged, dtype=bool)
    )


def prepare(records: Sequence[Record]) -> list[PreparedArticle]:
    """The records, prepared."""
    return [prepare_article(record.title, record.text, profile=TextProfile()) for record in records]


def build_bert(
    folder: Path, *, labels: Sequence[str], spread: float = 0.1, **shape: int
) -> BertForSequenceClassification:
    """A random classifier on the sample articles' word-pieces, whose file is left in `folder`.

    `spread` is the scale of its weights: larger than in training, so that articles differ in their logits.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = folder / "tokenizer.json"
    if not tokenizer.exists():
        learn_tokenizer(read_samples()[:20], size=SHAPE.vocabulary, target=tokenizer)
    config = label_config(build_config(SHAPE, tokenizer=tokenizer), labels=labels)
    config.initializer_range = spread
    config.update(shape)
    torch.manual_seed(7)
    return BertForSequenceClassification(config)


def build_fitted(folder: Path, *, labels: Sequence[str] = ("mine", "arms"), spread: float = 0.1) -> FittedEncoder:
    """A random classifier as if it had been trained."""
    classifier = build_bert(folder, labels=labels, spread=spread)
    return FittedEncoder(
        model=ArticleClassifier(classifier, rules=["max"] * len(labels), token_budget=1024),
        tokenizer=folder / "tokenizer.json",
        windowing=WINDOWING,
        encoder="tests",
        revision=None,
        token_budget=1024,
    )


def write_fitted(fitted: FittedEncoder, path: Path, *, typology: Typology) -> Bundle:
    """Write a model into a bundle, uncalibrated."""
    manifest = replace(build_manifest(kind="transformer"), windowing=fitted.windowing)
    with write_bundle(path, manifest=manifest, typology=typology, calibration=uncalibrated(typology.ids)) as folder:
        fitted.write(folder)
    return read_bundle(path)


def publish_encoder(folder: Path, *, settings: Mapping[str, object] | None = None) -> BertForPreTraining:
    """Leave an encoder as AraBERT's authors publish theirs: old files, pickled weights, heads of pre-training, no problem type."""
    folder.mkdir(parents=True, exist_ok=True)
    learn_tokenizer(read_samples()[:20], size=400, target=folder / "tokenizer.json")
    vocabulary = Tokenizer.from_file(str(folder / "tokenizer.json")).get_vocab()
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.txt").write_text(
        "\n".join(sorted(vocabulary, key=vocabulary.__getitem__)) + "\n", encoding="utf-8"
    )
    (folder / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": False, "max_len": 48}))
    torch.manual_seed(3)
    model = BertForPreTraining(
        BertConfig(
            vocab_size=len(vocabulary),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=64,
        )
    )
    raw = json.loads(model.config.to_json_string(use_diff=False))
    kept = {key: value for key, value in raw.items() if key not in ("problem_type", "id2label", "label2id")}
    (folder / "config.json").write_text(json.dumps({**kept, **(settings or {})}))
    state = dict(model.state_dict())
    state["bert.embeddings.position_ids"] = torch.arange(64).unsqueeze(0)
    torch.save(state, folder / "pytorch_model.bin")
    return model


def build_train_config(
    folder: Path, finetune: Mapping[str, object] | None = None, *, labels: Sequence[str] = ("mine", "arms")
) -> TrainConfig:
    """A configuration for a small encoder from scratch, `finetune` on top; its typology is written into `folder`."""
    file = folder / f"typology-{len(labels)}.yaml"
    file.write_text(dump_typology(build_typology(*labels)), encoding="utf-8")
    settings = {
        "scratch": {"vocabulary": 200, "layers": 1, "hidden": 16, "heads": 2, "positions": 64},
        "windowing": {"max_length": 48, "overlap": 8, "max_title": 4},
        "epochs": 2,
        "learning_rate": 5e-3,
        "token_budget": 512,
        "accumulation": 2,
        "log_every": 1,
        "patience": None,
        "threads": 1,
        **(finetune or {}),
    }
    raw = {"typology": str(file), "data": {"train": "none"}, "encoder": {"kind": "transformer"}, "finetune": settings}
    return parse_config(raw, where="test")


def fit(
    config: TrainConfig, *, folder: Path, n_train: int = 48, n_dev: int = 12, resume: bool = False
) -> FittedEncoder:
    """Fit on invented articles."""
    records = invent_records(n_train + n_dev)
    targets = targets_of(records, typology=load_typology(Path(config.typology)))
    articles = prepare(records)
    return fit_encoder(
        articles[:n_train],
        targets=targets.select(np.arange(n_train)),
        dev_articles=articles[n_train:],
        dev_targets=targets.select(np.arange(n_train, n_train + n_dev)),
        config=config,
        work_dir=folder / "work",
        resume=resume,
    )
