"""The annotations in `configs/`: small, sorted, without text, and right for the articles that they speak of."""

import json
from pathlib import Path

import numpy as np
import pytest
from tests.builders import CONFIGS, SHARED_DATA

from hawadith.readers import read_records
from hawadith.text.article import TextProfile
from hawadith.typology import load_typology
from hawadith_training.articles import prepare_records
from hawadith_training.data.annotate import write_annotated
from hawadith_training.data.annotations import read_annotations
from hawadith_training.data.sentence_targets import build_sentence_targets, find_marked

FOLDER = CONFIGS / "annotations"
FILES = sorted(FOLDER.glob("*.jsonl"))
EVIDENCE = FOLDER / "articles-evidence.jsonl"
KEYS = {"id", "sha256", "labels", "unknown", "evidence", "context"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_annotation_file_is_small_sorted_and_described(file: Path) -> None:
    annotations = read_annotations([file])
    assert list(annotations) == sorted(annotations)
    assert all(annotation.sha256 for annotation in annotations.values())
    assert file.stat().st_size < 1_000_000
    assert f"`{file.name}` | {len(annotations):,}" in (FOLDER / "README.md").read_text("utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_annotation_file_holds_no_text(file: Path) -> None:
    assert file.read_bytes().isascii()
    for line in file.read_bytes().splitlines():
        row = json.loads(line)
        marks = row.get("evidence", []) + row.get("context", [])
        assert set(row) <= KEYS
        assert all(set(mark) == {"label", "field", "start", "end"} for mark in marks)


def test_annotation_files_lie_beside_nothing_else() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == ["README.md", *(file.name for file in FILES)]


def test_marked_articles_of_dev_are_all_there_and_each_mark_is_one_sentence(tmp_path: Path) -> None:
    source = SHARED_DATA / "articles.dev.jsonl"
    if not source.exists():
        pytest.skip("the labelled articles are not beside this repository")
    typology = load_typology(CONFIGS / "typology.yaml")
    output = tmp_path / "dev.jsonl"
    report = write_annotated([source], annotations=read_annotations([EVIDENCE]), output=output, only_annotated=True)
    labelled = {record.id for record in read_records(source) if set(record.labels) & set(typology.ids)}
    assert set(report.found) == labelled
    articles = prepare_records(read_records(output), typology=typology, profile=TextProfile())
    for record, article in zip(articles.records, articles.articles, strict=True):
        assert {mark.label for mark in record.evidence} <= set(record.labels)
        assert all(find_marked(article, marks=[mark]).sum() == 1 for mark in record.evidence + record.context)
    for table, record in zip(build_sentence_targets(articles), articles.records, strict=True):
        proven = {typology.ids[column] for column in np.flatnonzero((table == 1).any(axis=0))}
        assert proven == {mark.label for mark in record.evidence}
