"""Writers: every format holds the same rows, and nothing carries the final name before it is whole."""

import csv
import errno
import io
import json
import os
import sys
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


def test_writers_folder_named_as_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("older")
    with pytest.raises(OutputError, match="is a file"), open_writer(f"{tmp_path}/out.csv/", labels=LABELS):
        pass
    assert (tmp_path / "out.csv").read_text() == "older"


@pytest.mark.parametrize("call", ["write_table", "fsync"])
def test_writers_folder_on_a_full_disk_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr({"write_table": pq, "fsync": os}[call], call, fail)
    with (
        pytest.raises(OutputError, match=r"out/: .*No space left"),
        open_writer(f"{tmp_path}/out/", labels=LABELS) as writer,
    ):
        writer.write(build_rows())
    assert list(tmp_path.iterdir()) == []


def test_writers_folder_is_synced_before_it_takes_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").readlink()))
    with open_writer(f"{tmp_path}/out/", labels=LABELS) as writer:
        writer.write(build_rows())
    *files, folder, parent = synced
    assert {file.name for file in files} == {"errors.jsonl", "manifest.json", "part-00000.parquet"}
    assert {file.parent for file in files} == {folder}
    assert (folder.suffix, parent) == (".tmp", tmp_path)


def test_writers_folder_takes_the_users_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with open_writer(f"{tmp_path}/out/", labels=LABELS) as writer:
            writer.write(build_rows())
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in [tmp_path / "out", *(tmp_path / "out").iterdir()]}
    assert modes.pop("out") == 0o750
    assert set(modes.values()) == {0o640}


def test_writers_folder_takes_the_place_of_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with open_writer(f"{tmp_path}/out/", labels=LABELS) as writer:
        writer.write(build_rows())
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_writers_stdout_is_utf8_whatever_the_terminal_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    terminal = io.TextIOWrapper(raw, encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    terminal.write("before\n")
    with open_writer("-", labels=LABELS) as writer:
        writer.write(build_rows()[1:])
        writer.write([{**build_rows()[1], "id": "لغم"}])
    first, *rows = raw.getvalue().decode("utf-8").splitlines()
    assert first == "before"
    assert [json.loads(row)["id"] for row in rows] == ["007", "لغم"]


def read_cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_writers_csv_is_formula_safe_on_request(tmp_path: Path, start: str) -> None:
    id_ = f'{start}HYPERLINK("x")'
    row: OutputRow = {**build_rows()[1], "id": id_, "error": id_}
    for name, formula_safe in (("plain", False), ("safe", True)):
        with open_writer(f"{tmp_path}/{name}.csv", labels=LABELS, formula_safe=formula_safe) as writer:
            writer.write([row, build_rows()[0]])
    plain, safe = read_cells(tmp_path / "plain.csv"), read_cells(tmp_path / "safe.csv")
    assert (plain[0]["id"], plain[0]["error"]) == (id_, id_)
    assert (safe[0]["id"], safe[0]["error"]) == (f"'{id_}", f"'{id_}")
    assert safe[1] == plain[1]


def test_writers_csv_holds_no_nul(tmp_path: Path) -> None:
    with open_writer(f"{tmp_path}/out.csv", labels=LABELS) as writer:
        writer.write([{**build_rows()[1], "id": "a\0b"}])
    assert b"\0" not in (tmp_path / "out.csv").read_bytes()
    assert read_cells(tmp_path / "out.csv")[0]["id"] == "a\ufffdb"
