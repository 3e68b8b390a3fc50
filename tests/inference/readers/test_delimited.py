"""CSV: cells stay text, and neither an open quote nor an unquoted comma loses rows unseen."""

from pathlib import Path

import pytest

from hawadith.errors import DataError
from hawadith.readers import ReadOptions, read_rows
from hawadith.records import Record, Row, RowFault


def read(tmp_path: Path, content: str | bytes, *, options: ReadOptions | None = None) -> list[Row]:
    path = tmp_path / "in.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_rows(path, options=options))


def test_read_csv_keeps_cells_as_text(tmp_path: Path) -> None:
    rows = read(tmp_path, "id,title,text,labels,unknown\n007,NA,null,a|b,c\n")
    assert rows == [Record(id="007", title="NA", text="null", labels=("a", "b"), unknown=("c",))]


def test_read_csv_keeps_nul_newlines_and_empty_text(tmp_path: Path) -> None:
    rows = read(tmp_path, '\ufefftext,date\r\n"a\x00b\nسطر ""ثان""",2024-01-01\r\n\r\n"",\r\n')
    assert rows == [
        Record(id="in.csv:2", text='a\x00b\nسطر "ثان"', date="2024-01-01"),
        Record(id="in.csv:5", text=""),
    ]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_read_csv_finds_the_delimiter_of_the_header(tmp_path: Path, delimiter: str) -> None:
    rows = read(tmp_path, f"id{delimiter}text\n1{delimiter}خبر، آخر\n")
    assert rows == [Record(id="1", text="خبر، آخر")]


def test_read_csv_reads_windows_1256(tmp_path: Path) -> None:
    content = "id,text\n1,انفجر لغم\n".encode("windows-1256")
    assert read(tmp_path, content, options=ReadOptions(encoding="windows-1256")) == [Record(id="1", text="انفجر لغم")]
    (fault,) = read(tmp_path, content)
    assert isinstance(fault, RowFault)
    assert (fault.id, fault.status) == ("1", "decode_error")
    assert "windows-1256" in fault.message


def test_read_csv_undecodable_byte_costs_its_row_alone(tmp_path: Path) -> None:
    rows = read(tmp_path, b"id,text\n1,a\n2,\xff\n3,c\n")
    assert [(row.id, isinstance(row, Record)) for row in rows] == [("1", True), ("2", False), ("3", True)]


def test_read_csv_unquoted_comma_is_a_fault(tmp_path: Path) -> None:
    (fault, good) = read(tmp_path, "id,text\n1,قتل, وجرح\n2,خبر\n")
    assert isinstance(fault, RowFault)
    assert (fault.id, fault.status) == ("1", "parse_error")
    assert "3 cells, the header has 2" in fault.message
    assert good == Record(id="2", text="خبر")


def test_read_csv_open_quote_does_not_swallow_the_file_unseen(tmp_path: Path) -> None:
    good, fault = read(tmp_path, 'id,text\n1,a\n2,"b\n3,c\n4,d\n')
    assert good == Record(id="1", text="a")
    assert isinstance(fault, RowFault)
    assert fault.status == "parse_error"
    assert fault.location.endswith("in.csv:3")
    assert "up to line 5" in fault.message


@pytest.mark.parametrize("big", ["x" * 5000, '"' + "x\n" * 2500 + '"', '"' + 'x""\n' * 1500 + '"'])
def test_read_csv_passes_over_a_record_that_is_too_large(tmp_path: Path, big: str) -> None:
    rows = read(tmp_path, f"id,text\n1,a\n2,{big}\n3,c\n", options=ReadOptions(max_row_bytes=1000))
    assert [row.id for row in rows] == ["1", "in.csv:3", "3"]
    fault = rows[1]
    assert isinstance(fault, RowFault)
    assert fault.status == "too_large"


def test_read_csv_reads_cells_beyond_pythons_default_limit(tmp_path: Path) -> None:
    (row,) = read(tmp_path, f"text\n{'x' * 200_000}\n")
    assert isinstance(row, Record)
    assert len(row.text) == 200_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("id,body\n1,x\n", "found 'id, body'"),
        ("", "found 'nothing'"),
        ("text,text\nx,y\n", "names text more than once"),
        ("x" * 2000, "header line is longer"),
    ],
)
def test_read_csv_refuses_a_header_without_one_text(tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        read(tmp_path, content, options=ReadOptions(max_row_bytes=1000))


def test_read_csv_refuses_an_unknown_encoding(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="'cp-nonsense' is no text encoding"):
        read(tmp_path, "text\nx\n", options=ReadOptions(encoding="cp-nonsense"))


def test_read_csv_says_where_a_file_breaks_off(tmp_path: Path) -> None:
    content = "text\nخبر\nآخر".encode("utf-16-le")[:-1]
    *rows, fault = read(tmp_path, content, options=ReadOptions(encoding="utf-16-le"))
    assert [row.text for row in rows if isinstance(row, Record)] in ([], ["خبر"])
    assert isinstance(fault, RowFault)
    assert "cannot be read from here on" in fault.message


def test_read_csv_undecodable_id_of_a_bad_row_is_not_passed_on(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"id,text\na\xff,one,two\n")
    (row,) = read_rows(tmp_path / "a.csv")
    assert isinstance(row, RowFault)
    assert (row.id, row.status) == ("a.csv:2", "parse_error")
