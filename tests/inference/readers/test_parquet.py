"""Parquet: rows in bounded batches, faults by row."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hawadith.errors import DataError
from hawadith.readers import ReadOptions, read_rows
from hawadith.records import Mark, Record, Row, RowFault


def read(tmp_path: Path, table: pa.Table, *, options: ReadOptions | None = None) -> list[Row]:
    path = tmp_path / "in.parquet"
    pq.write_table(table, path)
    return list(read_rows(path, options=options))


def test_read_parquet_reads_lists_dates_and_missing_values(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": [1, None],
            "text": ["خبر", "آخر"],
            "date": [dt.date(2024, 5, 31), None],
            "labels": [["a", "b"], None],
            "embedding": [[0.5], [0.5]],
        }
    )
    assert read(tmp_path, table) == [
        Record(id="1", text="خبر", date="2024-05-31", labels=("a", "b")),
        Record(id="in.parquet:2", text="آخر"),
    ]


def test_read_parquet_reads_marked_sentences(tmp_path: Path) -> None:
    mark = {"label": "mine", "field": "text", "start": 0, "end": 3, "text": "خبر"}
    evidence, context = (Mark(label="mine", field="text", start=0, end=end) for end in (3, 2))
    table = pa.table({"text": ["خبر", "آخر"], "evidence": [[mark], None], "context": [[mark | {"end": 2}], []]})
    assert read(tmp_path, table) == [
        Record(id="in.parquet:1", text="خبر", evidence=(evidence,), context=(context,)),
        Record(id="in.parquet:2", text="آخر"),
    ]


def test_read_parquet_reads_categories_and_many_row_groups(tmp_path: Path) -> None:
    table = pa.table({"text": pa.array([f"نص {n % 3}" for n in range(1000)]).dictionary_encode()})
    path = tmp_path / "in.parquet"
    pq.write_table(table, path, row_group_size=70)
    rows = list(read_rows(path))
    assert [row.id for row in rows] == [f"in.parquet:{n}" for n in range(1, 1001)]
    assert all(isinstance(row, Record) and row.text == f"نص {n % 3}" for n, row in enumerate(rows))


def test_read_parquet_faults_cost_their_row_alone(tmp_path: Path) -> None:
    texts = pa.Array.from_buffers(
        pa.string(),
        4,
        [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0\7\0\0\0\x08\0\0\0"), pa.py_buffer(b"a\xff12345b")],
    )
    rows = read(tmp_path, pa.table({"id": ["1", "2", "3", "4"], "text": texts}), options=ReadOptions(max_row_bytes=4))
    assert [row.status if isinstance(row, RowFault) else row.text for row in rows] == [
        "a",
        "decode_error",
        "too_large",
        "b",
    ]
    assert [row.id for row in rows] == ["1", "in.parquet:2", "3", "4"]


def test_read_parquet_null_text_is_not_the_word_none(tmp_path: Path) -> None:
    (fault,) = read(tmp_path, pa.table({"text": pa.array([None], pa.string())}))
    assert isinstance(fault, RowFault)
    assert (fault.status, fault.location) == ("parse_error", f"{tmp_path}/in.parquet:1")


def test_read_parquet_refuses_a_table_without_text(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no column `text`; found body"):
        read(tmp_path, pa.table({"body": ["x"]}))


def test_read_parquet_refuses_other_files(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        list(read_rows(path))


def test_read_parquet_says_how_many_rows_are_lost_in_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    table = pa.table({"text": [f"{n} {hash(n) ** 3}" for n in range(4000)]})
    pq.write_table(table, path, row_group_size=1000, use_dictionary=False)
    content = bytearray(path.read_bytes())
    start = pq.ParquetFile(path).metadata.row_group(2).column(0).data_page_offset
    content[start : start + 200] = b"\xff" * 200
    path.write_bytes(content)
    *rows, last = read_rows(path)
    assert isinstance(last, RowFault)
    assert f"the last {4000 - len(rows)} rows cannot be read" in last.message


@pytest.mark.parametrize("zone", [None, "UTC", "Foo/Bar"])
def test_read_parquet_day_beyond_the_calendar_or_the_map_costs_nothing(tmp_path: Path, zone: str | None) -> None:
    path = tmp_path / "a.parquet"
    days = pa.array([10**15, 0], type=pa.timestamp("ms", tz=zone))
    pq.write_table(pa.table({"id": ["far", "near"], "text": ["x", "y"], "date": days}), path)
    far, near = read_rows(path)
    assert isinstance(far, Record)
    assert isinstance(near, Record)
    assert (far.id, far.date) == ("far", None)
    assert near.date is None if zone == "Foo/Bar" else str(near.date).startswith("1970-01-01")


def test_read_parquet_refuses_a_column_that_is_there_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_arrays([pa.array(["x"]), pa.array(["y"])], names=["text", "text"]), path)
    with pytest.raises(DataError, match="names text more than once"):
        list(read_rows(path))


def test_read_parquet_text_that_is_repeated_a_thousand_times_takes_its_memory_once(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table({"id": [str(n) for n in range(512)], "text": ["x" * 2**20] * 512})
    pq.write_table(table, path, store_schema=False)
    del table
    before = pa.total_allocated_bytes()
    rows = read_rows(path)
    assert next(rows).id == "0"
    assert pa.total_allocated_bytes() - before < 2**26


def test_read_parquet_passes_over_a_known_name_inside_another_column(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"text": ["x"], "more": [{"title": "inside"}]}), path)
    [row] = read_rows(path)
    assert isinstance(row, Record)
    assert (row.text, row.title) == ("x", "")
