"""Rows and their lines: bytes of JSON lines stay, rows of other formats read back as they were."""

from dataclasses import replace
from pathlib import Path

import pytest

from hawadith.errors import DataError
from hawadith.readers import read_records
from hawadith.records import Mark, Record
from hawadith_training.data.lines import encode_record, load_lines

MARK = Mark(label="x", field="text", start=0, end=3)


def test_load_lines_keeps_the_bytes_of_json_lines(tmp_path: Path) -> None:
    lines = [b'{"text":"a",  "id":1, "extra": [1.50]}', '{"id": "ب", "text": "\\u0628"}'.encode()]
    (tmp_path / "in.jsonl").write_bytes(b"\xef\xbb\xbf" + b"\r\n\r\n".join(lines))
    loaded = load_lines([tmp_path / "in.jsonl"])
    assert [line.line for line in loaded] == lines
    assert [line.record.id for line in loaded] == ["1", "ب"]


def test_load_lines_writes_other_formats_as_json_lines(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,text,labels,unknown\n7,خبر\u2028,a|b,c\n", encoding="utf-8")
    (loaded,) = load_lines([tmp_path])
    (tmp_path / "out.jsonl").write_bytes(loaded.line)
    assert read_records(tmp_path / "out.jsonl") == [loaded.record]
    assert loaded.record == Record(id="7", text="خبر\u2028", labels=("a", "b"), unknown=("c",))


def test_load_lines_refuses_bad_rows(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "x"}\n{\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"1 of 2 rows are bad(.|\n)*in\.jsonl:2: not JSON"):
        load_lines([path])


def test_encode_record_reads_back(tmp_path: Path) -> None:
    record = Record(id="1", title="ع", text="a\nb", date="2024-01-01", source="s", labels=("x",), unknown=("y",))
    marked = replace(record, evidence=(MARK,), context=(replace(MARK, end=1),))
    (tmp_path / "a.jsonl").write_bytes(encode_record(record) + b"\n" + encode_record(marked))
    assert read_records(tmp_path / "a.jsonl") == [record, marked]
