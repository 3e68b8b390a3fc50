"""`make model`, the whole way of the bundled model, on news of a few dozen articles."""

import hashlib
import json
import lzma
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from tests.builders import SAMPLES

from hawadith import IncidentClassifier
from hawadith.bundle import read_bundle

_MARKS = ("evidence", "context")
_N_SENTENCES = 20


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    _write_news(folder)
    _make(folder)
    return folder


def test_dry_run_prints_the_steps_and_takes_none(tmp_path: Path) -> None:
    printed = _make(tmp_path, "--dry-run")
    steps = ["data annotate", "data annotate", "train configs/train/default.yaml"]
    found = [step for line in printed.splitlines() for step in sorted(set(steps)) if step in line]
    assert found == steps
    assert not list(tmp_path.iterdir())


def test_recipe_writes_a_bundle_that_judges_sentences(made: Path) -> None:
    bundle = read_bundle(made / "bundle")
    assert bundle.manifest.kind == "linear"
    [prediction] = IncidentClassifier.load(made / "bundle").predict(
        ["انفجر لغم أرضي بسيارة مزارع وقتل اثنان من أبنائه."]
    )
    assert prediction.scores["landmine_casualties"] > prediction.scores["arms_smuggling"]


def test_recipe_learns_from_the_corpus_and_calibrates_on_the_articles_alone(made: Path) -> None:
    articles = (made / "labelled" / "articles.jsonl").read_text("utf-8").splitlines()
    corpus = (made / "labelled" / "corpus.jsonl").read_text("utf-8").splitlines()
    card = (made / "bundle" / "README.md").read_text("utf-8")
    assert f"Learned from {len(articles) + len(corpus)} articles and {_N_SENTENCES} sentences" in card
    assert f"On {len(articles)} articles" in card


def _write_news(folder: Path) -> None:
    """The samples as labelled articles without marks, six more in a packed corpus, and the marks by id."""
    samples = [json.loads(line) for line in SAMPLES.read_text("utf-8").splitlines()]
    corpus = [sample for sample in samples if sample["labels"]][:6]
    articles = [sample for sample in samples if sample not in corpus]
    _write_rows(folder / "articles.train.jsonl", (_bare(sample) for sample in articles[::2]))
    _write_rows(folder / "articles.dev.jsonl", (_bare(sample) for sample in articles[1::2]))
    (folder / "corpus").mkdir()
    unlabelled = [{"id": f"c-{row['id']}", "text": row["text"]} for row in (*corpus, *articles[:9])]
    with lzma.open(folder / "corpus" / "part-1.jsonl.xz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in unlabelled)
    sentences = (SAMPLES.parent / "sentences.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "sentences.jsonl").write_text("".join(sentences[:: len(sentences) // _N_SENTENCES]), encoding="utf-8")
    (folder / "annotations").mkdir()
    _write_rows(folder / "annotations" / "articles-evidence.jsonl", map(_annotate, filter(_has_marks, articles)))
    _write_rows(
        folder / "annotations" / "corpus-labels.jsonl",
        ({**_annotate(row), "id": f"c-{row['id']}", "labels": row["labels"]} for row in corpus),
    )


def _write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def _bare(sample: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in sample.items() if key not in _MARKS}


def _has_marks(sample: Mapping[str, object]) -> bool:
    return bool(sample.get("evidence"))


def _annotate(sample: Mapping[str, object]) -> dict[str, object]:
    digest = hashlib.sha256(str(sample["text"]).encode()).hexdigest()[:16]
    return {"id": sample["id"], "sha256": digest, **{key: sample.get(key) or [] for key in _MARKS}}


def _make(folder: Path, *options: str) -> str:
    environment = Path(sys.prefix)
    values = {
        "DEV": environment,
        "NEWS": folder,
        "ANNOTATIONS": folder / "annotations",
        "SENTENCES": folder / "sentences.jsonl",
        "LABELLED": folder / "labelled",
        "MODEL": folder / "bundle",
        "MODEL_FLAGS": "--set linear.min_df=2 --set linear.scout_folds=2",
    }
    command = ["make", *options, f"--old-file={environment / '.ready'}", "model"]
    done = subprocess.run(
        [*command, *(f"{name}={value}" for name, value in values.items())],
        cwd=SAMPLES.parent.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
