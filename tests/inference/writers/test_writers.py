"""Writers: every format holds the same rows, and nothing carries the final name before it is whole."""

import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from hawadith.errors import OutputError
from hawadith.prediction import Evidence, Prediction
from hawadith.rows import OutputRow, build_row
from hawadith.writers import open_writer

LABELS = ("mine", "arms")


def build_rows() -> list[OutputRow]:
    evidence = Evidence(label="mine", field="text", start=3, end=9, text="لغم\u2028\ud800", score=1.23456789)
    good = Prediction(
        id="أ", status="ok", labels=("mine",), scores={"mine": 0.9, "arms": 0.1}, evidence=(evidence,), n_tokens=7
    )
    bad = Prediction(id="007", status="parse_error", scores={}, error="a.jsonl:2: no JSON")
    return [build_row(prediction, model_id="linear-abc") for prediction in (good, bad)]


def test_writers_jsonl_keeps_rows_and_lines(tmp_path: Path) -> None:
    rows = build_rows()
    with open_writer(f"{tmp_path}/out.jsonl", labels=LABELS) as writer:
        writer.write(rows[:1])
        writer.write(rows[1:])
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == rows
    assert "007" in lines[1]


def test_writers_stdout_holds_rows_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with open_writer("-", labels=LABELS) as writer:
        writer.write(build_rows())
    assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == ["أ", "007"]


def test_writers_csv_has_a_column_per_label(tmp_path: Path) -> None:
    with open_writer(f"{tmp_path}/out.csv", labels=LABELS) as writer:
        writer.write(build_rows())
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert (first["score_mine"], first["labels"]) == ("0.9", "mine")
    assert json.loads(first["evidence"])[0]["end"] == 9
    assert (second["id"], second["score_mine"], second["error"]) == ("007", "", "a.jsonl:2: no JSON")


def test_writers_parquet_has_a_fixed_schema(tmp_path: Path) -> None:
    with open_writer(f"{tmp_path}/out.parquet", labels=LABELS) as writer:
        writer.write(build_rows()[1:])  # a shard without any score must not change the schema
        writer.write(build_rows()[:1])
    bad, good = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert (bad["scores"], bad["evidence"], bad["id"]) == (None, [], "007")
    assert good["scores"] == {"mine": 0.9, "arms": 0.1}
    assert good["evidence"][0]["score"] == 1.234568


def test_writers_folder_holds_shards_manifest_and_errors(tmp_path: Path) -> None:
    with open_writer(f"{tmp_path}/out/", labels=LABELS) as writer:
        writer.write(build_rows())
        writer.write(build_rows()[:1])
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["errors.jsonl", "manifest.json", "part-00000.parquet", "part-00001.parquet"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert (manifest["rows"], [shard["rows"] for shard in manifest["shards"]]) == (3, [2, 1])
    errors = (tmp_path / "out" / "errors.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["id"] for line in errors] == ["007"]


def test_writers_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").touch()
    with pytest.raises(OutputError, match="is not empty"), open_writer(f"{tmp_path}/out/", labels=LABELS):
        pass


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet", "out/"])
def test_writers_interrupted_output_leaves_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyboardInterrupt), open_writer(f"{tmp_path}/{name}", labels=LABELS) as writer:
        writer.write(build_rows())
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet"])
def test_writers_interrupted_output_keeps_the_older_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("older")
    with pytest.raises(KeyboardInterrupt), open_writer(f"{tmp_path}/{name}", labels=LABELS) as writer:
        writer.write(build_rows())
        raise KeyboardInterrupt
    assert (tmp_path / name).read_text() == "older"


def test_writers_empty_input_gives_an_empty_table(tmp_path: Path) -> None:
    with open_writer(f"{tmp_path}/out.parquet", labels=LABELS):
        pass
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


@pytest.mark.parametrize("name", ["out.xlsx", "out"])
def test_writers_unknown_form_lists_the_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"\.jsonl, \.csv, \.parquet"), open_writer(f"{tmp_path}/{name}", labels=()):
        pass


def test_writers_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="Cannot write"), open_writer(f"{tmp_path}/file/out.jsonl", labels=()):
        pass
