"""Small jobs over invented articles and a model without weights, for the tests of this folder."""

import json
from collections.abc import Iterable
from pathlib import Path

from tests.builders import KeywordModel, build_bundle

from hawadith.batch.fingerprint import JobSettings
from hawadith.batch.job import JobResult, run_job
from hawadith.classifier import IncidentClassifier
from hawadith.model import ArticleModel

TEXTS = ("انفجر لغم قرب القرية. وعاد الناس.", "خبر عادي عن السوق.", "", "خبر آخر عن الطقس.", "انفجر لغم ثان.")


def build_classifier(model: ArticleModel | None = None) -> IncidentClassifier:
    """A classifier that knows one label by its keyword."""
    return IncidentClassifier(build_bundle("mine"), model=model or KeywordModel(["لغم"]))


def write_rows(path: Path, rows: Iterable[object]) -> Path:
    """Write values as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_articles(path: Path, count: int = 10) -> Path:
    """Write articles; the fourth of every seven is none and costs its own row."""
    rows = [{"id": f"a{n}", "text": None if n % 7 == 3 else f"{TEXTS[n % len(TEXTS)]} {n}"} for n in range(count)]
    return write_rows(path, rows)


def run(
    *sources: Path, output: Path | str, model: ArticleModel | None = None, resume: bool = True, **settings: object
) -> JobResult:
    """Run a job in shards of three rows."""
    chosen = JobSettings(**{"shard_rows": 3, **settings})  # type: ignore[arg-type]
    return run_job(sources, output=str(output), classifier=build_classifier(model), settings=chosen, resume=resume)


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def read_lines(path: Path) -> list[dict[str, object]]:
    """The values of a JSON lines file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
