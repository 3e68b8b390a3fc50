"""Formats: every one holds the same rows, and a file joined from parts holds what its parts hold."""

import csv
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hawadith.prediction import Evidence, Prediction
from hawadith.rows import OutputRow, build_error, build_row
from hawadith.writers import FORMATS, choose_format
from hawadith.writers.jsonl import open_stdout, write_lines

LABELS = ("mine", "arms")


def build_rows() -> list[OutputRow]:
    evidence = Evidence(label="mine", field="text", start=3, end=9, text="لغم\u2028\ud800", score=1.23456789)
    good = Prediction(
        id="أ", status="ok", labels=("mine",), scores={"mine": 0.9, "arms": 0.1}, evidence=(evidence,), n_tokens=7
    )
    bad = Prediction(id="007", status="parse_error", scores={}, error="a.jsonl:2: no JSON,\nnone")
    return [build_row(prediction, model_id="linear-abc") for prediction in (good, bad)]


def write(folder: Path, suffix: str, *parts: Sequence[OutputRow], formula_safe: bool = False) -> Path:
    """Write parts and join them."""
    part_format = choose_format(suffix, labels=LABELS, formula_safe=formula_safe)
    paths = [folder / f"part-{number}{suffix}" for number in range(len(parts))]
    for path, rows in zip(paths, parts, strict=True):
        part_format.write(path, rows)
        assert part_format.count(path) == len(rows)
    part_format.join(folder / f"out{suffix}", paths)
    return folder / f"out{suffix}"


def read_cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_writers_jsonl_keeps_rows_and_lines(tmp_path: Path) -> None:
    rows = build_rows()
    lines = write(tmp_path, ".jsonl", rows[:1], rows[1:]).read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == rows
    assert "007" in lines[1]


def test_writers_jsonl_counts_no_line_without_its_end(tmp_path: Path) -> None:
    path = write(tmp_path, ".jsonl", build_rows())
    path.write_bytes(path.read_bytes()[:-1])
    assert choose_format(".jsonl", labels=LABELS).count(path) == 1


def test_writers_csv_has_a_column_per_label(tmp_path: Path) -> None:
    first, second = read_cells(write(tmp_path, ".csv", build_rows()[:1], build_rows()[1:]))
    assert (first["score_mine"], first["labels"]) == ("0.9", "mine")
    assert json.loads(first["evidence"])[0]["end"] == 9
    assert (second["id"], second["score_mine"], second["error"]) == ("007", "", "a.jsonl:2: no JSON,\nnone")


def test_writers_parquet_has_a_fixed_schema(tmp_path: Path) -> None:
    # A part without any score must not change the schema.
    bad, good = pq.read_table(write(tmp_path, ".parquet", build_rows()[1:], build_rows()[:1])).to_pylist()
    assert (bad["scores"], bad["evidence"], bad["id"]) == (None, [], "007")
    assert good["scores"] == {"mine": 0.9, "arms": 0.1}
    assert good["evidence"][0]["score"] == 1.234568


@pytest.mark.parametrize("suffix", FORMATS)
def test_writers_same_rows_give_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    first = write(tmp_path, suffix, build_rows()).read_bytes()
    assert write(tmp_path, suffix, build_rows()).read_bytes() == first


def test_writers_no_parts_give_a_file_without_rows(tmp_path: Path) -> None:
    assert pq.read_table(write(tmp_path, ".parquet")).num_rows == 0
    assert write(tmp_path, ".jsonl").read_bytes() == b""
    assert read_cells(write(tmp_path, ".csv")) == []
    assert (tmp_path / "out.csv").read_text().startswith("id,status,labels,score_mine,")


def test_writers_stdout_is_utf8_whatever_the_terminal_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    terminal = io.TextIOWrapper(raw, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    terminal.write("before\n")
    write_lines(open_stdout(), [{**build_rows()[1], "id": "لغم"}])
    first, row = raw.getvalue().decode("utf-8").splitlines()
    assert first == "before"
    assert json.loads(row)["id"] == "لغم"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_writers_csv_is_formula_safe_on_request(tmp_path: Path, start: str) -> None:
    id_ = f'{start}HYPERLINK("x")'
    rows: list[OutputRow] = [{**build_rows()[1], "id": id_, "error": id_}, build_rows()[0]]
    plain = read_cells(write(tmp_path, ".csv", rows))
    safe = read_cells(write(tmp_path, ".csv", rows, formula_safe=True))
    assert (plain[0]["id"], plain[0]["error"]) == (id_, id_)
    assert (safe[0]["id"], safe[0]["error"]) == (f"'{id_}", f"'{id_}")
    assert safe[1] == plain[1]


def test_writers_csv_keeps_a_carriage_return_in_a_cell(tmp_path: Path) -> None:
    row = build_row(Prediction(id="a\rb", status="ok", scores={}), model_id="m")
    path = write(tmp_path, ".csv", [row, row])
    with path.open(encoding="utf-8", newline="") as stream:
        assert [cells[0] for cells in csv.reader(stream)] == ["id", "a\rb", "a\rb"]


def test_writers_csv_holds_no_nul(tmp_path: Path) -> None:
    path = write(tmp_path, ".csv", [{**build_rows()[1], "id": "a\0b"}])
    assert b"\0" not in path.read_bytes()
    assert read_cells(path)[0]["id"] == "a\ufffdb"


@pytest.mark.parametrize(
    ("location", "file", "line"),
    [("in/a.jsonl:12", "in/a.jsonl", 12), ("in/a.txt", "in/a.txt", None), ("odd:name", "odd:name", None)],
)
def test_error_row_says_file_and_line(location: str, file: str, line: int | None) -> None:
    row = build_error(Prediction(id="x", status="parse_error", scores={}, error="no JSON"), location=location)
    assert (row["file"], row["line"], row["status"]) == (file, line, "parse_error")
