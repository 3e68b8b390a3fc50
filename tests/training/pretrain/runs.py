"""A corpus of invented sentences, and runs on it that take a second."""

import json
import random
from collections.abc import Mapping
from pathlib import Path

from hawadith_training.pretrain.config import PretrainConfig
from hawadith_training.pretrain.settings import build_settings

_TEXT = (
    "انفجر لغم قرب القرية أصيب راع نقل المستشفى القوات ضبطت شحنة أسلحة المعبر الحدودي قال الشهود المدينة اليوم مساء السوق "
    "الطريق الوادي الجسر المزارع الشاحنة الدورية التحقيق المدرسة الأهالي الإسعاف الجرحى البلدة الجديدة القديمة"
)
WORDS = _TEXT.split()


def write_corpus(file: Path, *, n_articles: int = 24, seed: int = 1) -> Path:
    """A .jsonl file of articles, each of a few sentences; the first says `[SEP]` and holds an address."""
    chance = random.Random(seed)  # noqa: S311 - nothing to guess
    lines = []
    for number in range(n_articles):
        sentences = [" ".join(chance.choices(WORDS, k=chance.randint(5, 12))) + "." for _ in range(6)]
        text = "\n".join(["قال [SEP] على https://example.com/a" if not number else "", *sentences]).strip()
        lines.append(json.dumps({"id": str(number), "text": text}, ensure_ascii=False) + "\n")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(lines), encoding="utf-8")
    return file


def build_raw(folder: Path) -> dict[str, object]:
    """Settings of a tiny run as plain values: 16 steps in two phases, with dropout."""
    return {
        "folder": str(folder / "run"),
        "corpus": {"paths": [str(folder / "corpus.jsonl")], "held_out_every": 6, "shard_rows": 10},
        "vocabulary": {"size": 200, "every": 2},
        "model": {"layers": 1, "hidden": 16, "heads": 2, "positions": 32, "dropout": 0.2},
        "phases": [{"length": 16, "tokens": 12 * 64}, {"length": 32, "tokens": 4 * 64}],
        "optimiser": {"batch_tokens": 64, "learning_rate": 0.01, "warmup": 0.2},
        "report": {"log_every": 4, "validate_every": 8, "validation_tokens": 128, "checkpoint_minutes": 1000},
    }


def build_config(folder: Path, /, **changes: object) -> PretrainConfig:
    """A tiny run on `corpus.jsonl` in the same folder; changes by dotted name, dots written `__`."""
    if not (folder / "corpus.jsonl").exists():
        write_corpus(folder / "corpus.jsonl")
    raw = build_raw(folder)
    for name, value in changes.items():
        target: object = raw
        *parents, leaf = name.split("__")
        for parent in parents:
            assert isinstance(target, dict)
            target = target.setdefault(parent, {})
        assert isinstance(target, dict)
        target[leaf] = value
    return build_settings(PretrainConfig, raw, where="test")


def read_events(folder: Path, event: str) -> list[Mapping[str, object]]:
    """The events of one kind in a run's log."""
    lines = (folder / "run" / "log.jsonl").read_text("utf-8").splitlines()
    return [entry for entry in map(json.loads, lines) if entry["event"] == event]
