"""Invented articles and two stand-in models for the tests of cascades: the large one knows mines, the small one explosions."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.builders import KeywordModel, build_bundle

from hawadith.bundle import Bundle
from hawadith.bundle_files import FileEntry
from hawadith.classifier import IncidentClassifier

MINE = "انفجر لغم {}."
SHELL = "انفجر صاروخ {}."
CALM = "افتتح معرض {}."
_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def build_named_bundle(name: str, *labels: str, learned: str | None = None) -> Bundle:
    """A bundle on no disk whose identity follows from its name, and which names the file that it learned from."""
    bundle = build_bundle(*labels or ("mine", "arms"))
    manifest = replace(
        bundle.manifest,
        files={"model": FileEntry(size=1, sha256=name)},
        settings={"data": {"train": learned}} if learned else {},
    )
    return replace(bundle, manifest=manifest, path=Path(name))


def load_classifier(path: Path | str | None) -> IncidentClassifier:
    """A classifier by the name of its folder; None is the small one."""
    name = "small" if path is None else str(path)
    keywords = {"large": ["لغم", "لا شيء"], "small": ["انفجر", "لا شيء"], "blind": ["معرض", "لا شيء"]}
    bundle = build_named_bundle(name, learned="learned.jsonl" if name == "large" else None)
    return IncidentClassifier(bundle, model=KeywordModel(keywords.get(name, ["لغم", "سلاح"])))


def write_articles(path: Path, *, mines: int = 120, shells: int = 10, calm: int = 70) -> Path:
    """Write articles without labels, every one a story of its own."""
    kinds = [MINE] * mines + [SHELL] * shells + [CALM] * calm
    rows = [{"id": f"a{n:03}", "text": kind.format(_spell(n))} for n, kind in enumerate(kinds)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_scores(
    data: Path,
    path: Path,
    *,
    probability: Callable[[str], float],
    model: str | None = None,
    labels: tuple[str, ...] = ("mine", "arms"),
) -> Path:
    """Write scores of the first label by an article's text, as a cross-validation writes them."""
    rows = []
    for line in data.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        score = probability(record["text"])
        row = {
            "id": record["id"],
            "scores": {label: score if label == labels[0] else 0.001 for label in labels},
            "labels": [labels[0]] if score >= 0.5 else [],
        }
        rows.append(row if model is None else {**row, "model": model})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _spell(number: int) -> str:
    """A word for every number, so that no two articles share a word beyond their kind's."""
    first, second = divmod(number, len(_LETTERS))
    return " ".join(f"{_LETTERS[first]}{_LETTERS[second]}{letter * 3}" for letter in _LETTERS[:6])
