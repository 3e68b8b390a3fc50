"""Files of scores: what `hawadith score` writes comes back; anything else is named by file and row."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hawadith.errors import DataError
from hawadith.prediction import Evidence, Prediction
from hawadith.rows import build_row
from hawadith.writers import choose_format
from hawadith_evaluation.scores_file import read_scores

PREDICTIONS = [
    Prediction(id="unread", status="parse_error", scores={}, error="broken"),
    Prediction(
        id="hit",
        status="ok",
        labels=("arms",),
        scores={"mine": 0.25, "arms": 0.75},
        evidence=(Evidence(label="arms", field="text", start=3, end=9, text="جملة.", score=1.5),),
        n_tokens=80,
        n_windows=2,
    ),
    Prediction(
        id="long", status="truncated", scores={"mine": 0.0, "arms": 1.0}, n_tokens=900, n_windows=3, truncated=True
    ),
]


@pytest.mark.parametrize("name", ["scores.jsonl", "scores.parquet", "shards/"])
def test_scores_come_back_from_every_form(name: str, tmp_path: Path) -> None:
    rows = [build_row(prediction, model_id="linear-1") for prediction in PREDICTIONS]
    parts = {"part-000000.parquet": rows[:2], "part-000001.parquet": rows[2:]} if name == "shards/" else {"": rows}
    for part, held in parts.items():
        path = tmp_path / f"{name}{part}"
        path.parent.mkdir(exist_ok=True)
        choose_format(path.suffix, labels=["mine", "arms"]).write(path, held)
    scores = read_scores(tmp_path / name)
    assert scores.labels == ("mine", "arms")
    assert scores.model == "linear-1"
    assert [replace(p, scores=dict(p.scores)) for p in scores.predictions] == PREDICTIONS


def write(folder: Path, *rows: object) -> Path:
    path = folder / "scores.jsonl"
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


SENTENCE = {"label": "mine", "field": "text", "start": 0, "end": 5}
GOOD = {"id": "1", "scores": {"mine": 0.5}, "labels": ["mine"]}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{", r"scores\.jsonl:2: not JSON"),
        ([1], r":2: a row must be an object, got list"),
        ({**GOOD, "id": 7}, ":2: `id` must be a string, got 7"),
        ({**GOOD, "scores": {"mine": 1.5}}, ":2: `scores` must be probabilities"),
        ('{"id": "2", "scores": {"mine": NaN}, "labels": []}', ":2: `scores` must be probabilities"),
        ({**GOOD, "scores": {"mine": True}}, ":2: `scores` must be probabilities"),
        ({**GOOD, "scores": [0.5]}, ":2: `scores` must be probabilities"),
        ({"id": "2", "scores": {"mine": 0.5}}, ":2: `labels` must list"),
        ({**GOOD, "evidence": "sentence"}, ":2: `evidence` must list sentences"),
        ({**GOOD, "evidence": [3]}, ":2: `evidence` must list sentences"),
        ({**GOOD, "evidence": [{**SENTENCE, "field": "body"}]}, ":2: `evidence` must list sentences"),
        ({**GOOD, "evidence": [{**SENTENCE, "start": 6}]}, ":2: `evidence` must list sentences"),
        ({**GOOD, "evidence": [{**SENTENCE, "score": "high"}]}, ":2: `evidence` must list sentences"),
        ({**GOOD, "n_windows": -1}, ":2: `n_windows` must be a whole number from 0, got -1"),
        ({**GOOD, "n_tokens": 1.5}, ":2: `n_tokens` must be a whole number from 0, got 1.5"),
        ({**GOOD, "labels": ["arms"]}, ":2: given arms, but there are scores of mine"),
        ({**GOOD, "scores": {"arms": 0.5}, "labels": []}, ":2: scores of arms; the rows before have mine"),
    ],
)
def test_scores_name_the_row_that_is_wrong(row: object, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=message):
        read_scores(write(tmp_path, GOOD, row))


def test_scores_skip_blank_lines_and_count_them(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=":3: not JSON"):
        read_scores(write(tmp_path, GOOD, "", "{"))


def test_scores_without_any_score_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no row holds scores"):
        read_scores(write(tmp_path, {"id": "1", "scores": {}, "labels": []}))


def test_scores_without_a_model_are_unnamed(tmp_path: Path) -> None:
    assert read_scores(write(tmp_path, GOOD)).model == "unnamed"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("scores.txt", b"", r"read from \.jsonl, \.parquet"),
        ("scores.parquet", b"no parquet", "Cannot read the scores"),
        ("scores.jsonl", b"\xff\xfe", "not UTF-8"),
    ],
)
def test_scores_of_an_unreadable_file_are_refused(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_scores(tmp_path / name)


def test_scores_of_a_missing_file_or_an_empty_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Cannot read the scores"):
        read_scores(tmp_path / "none.jsonl")
    with pytest.raises(DataError, match=r"no part-\*\.parquet"):
        read_scores(tmp_path)


def test_scores_without_details_take_their_defaults(tmp_path: Path) -> None:
    bare, cut = {**GOOD, "evidence": None, "n_tokens": None}, {**GOOD, "status": "truncated", "evidence": [SENTENCE]}
    first, second = read_scores(write(tmp_path, bare, cut)).predictions
    assert (first.evidence, first.n_tokens, first.n_windows, first.truncated, first.error) == ((), 0, 0, False, None)
    assert second.truncated
    assert second.evidence == (Evidence(label="mine", field="text", start=0, end=5, text="", score=0.0),)
