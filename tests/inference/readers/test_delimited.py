"""CSV and TSV: cells stay text, neither an open quote nor an unquoted delimiter loses rows unseen, and columns have names of their own."""

from pathlib import Path

import pytest

from hawadith.errors import DataError
from hawadith.readers import ReadOptions, TableLayout, read_records, read_rows
from hawadith.records import Record, Row, RowFault

BINARY = {"1": "mine", "0": None}


def read(
    tmp_path: Path, content: str | bytes, *, options: ReadOptions | None = None, name: str = "in.csv"
) -> list[Row]:
    path = tmp_path / name
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


def read_layout(
    tmp_path: Path,
    content: str,
    *,
    columns: dict[str, str | int] | None = None,
    classes: dict[str, str | None] | None = None,
    name: str = "in.tsv",
) -> list[Row]:
    layout = TableLayout(columns=columns or {}, classes=classes or {})
    return read(tmp_path, content, options=ReadOptions(table=layout), name=name)


def test_read_tsv_lone_quotes_swallow_no_line(tmp_path: Path) -> None:
    rows = read(tmp_path, 'id\ttext\n1\t"قال الوزير\n2\tرفض "الصفقة\n3\tخبر، آخر; ثالث\n', name="in.tsv")
    assert [row.text for row in rows if isinstance(row, Record)] == ['"قال الوزير', 'رفض "الصفقة', "خبر، آخر; ثالث"]


@pytest.mark.parametrize("content", ["\ufefftext\tlabels\r\nخبر\ta|b\r\n\r\n", '"text"\t"labels"\n"خبر"\t"a|b"\n\n'])
def test_read_tsv_reads_what_spreadsheets_write(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content, name="IN.TSV") == [Record(id="IN.TSV:2", text="خبر", labels=("a", "b"))]


@pytest.mark.parametrize("broken", ["1\tقتل\tوجرح\ta", "1\tقتل"])
def test_read_tsv_tab_or_line_end_in_a_cell_is_a_fault(tmp_path: Path, broken: str) -> None:
    fault, good = read(tmp_path, f"id\ttext\tlabels\n{broken}\n2\tخبر\ta\n", name="in.tsv")
    assert isinstance(fault, RowFault)
    assert fault.status == "parse_error"
    assert "the header has 3; a cell holds no tab and no line end" in fault.message
    assert good == Record(id="2", text="خبر", labels=("a",))


def test_read_tsv_line_end_inside_quotes_is_two_faults(tmp_path: Path) -> None:
    rows = read(tmp_path, 'id\ttext\tlabels\n1\t"سطر\nثان"\ta\n', name="in.tsv")
    assert [(row.id, isinstance(row, RowFault)) for row in rows] == [("in.tsv:2", True), ("in.tsv:3", True)]


@pytest.mark.parametrize("big", ["x" * 5000, '"' + "x" * 5000])
def test_read_tsv_passes_over_a_line_that_is_too_large(tmp_path: Path, big: str) -> None:
    content = f"id\ttext\n1\ta\n2\t{big}\n3\tc\n"
    rows = read(tmp_path, content, options=ReadOptions(max_row_bytes=1000), name="in.tsv")
    assert [row.id for row in rows] == ["1", "in.tsv:3", "3"]
    assert isinstance(rows[1], RowFault)
    assert "line 3 is too long; split or drop it" in rows[1].message


def test_read_tsv_has_tabs_alone(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="found 'id,text'"):
        read(tmp_path, "id,text\n1,a\n", name="in.tsv")


@pytest.mark.parametrize(("name", "delimiter"), [("in.tsv", "\t"), ("in.csv", ","), ("in.csv", ";")])
def test_read_table_finds_columns_by_their_own_names(tmp_path: Path, name: str, delimiter: str) -> None:
    lines = [["id", "sentence", "text", "label"], ["7", "خبر", "مصدر", "1"], ["8", "آخر", "مصدر", "0"]]
    content = "\n".join(delimiter.join(line) for line in lines)
    columns: dict[str, str | int] = {"text": "sentence", "labels": "label"}
    rows = read_layout(tmp_path, content, columns=columns, classes=BINARY, name=name)
    assert rows == [Record(id="7", text="خبر", labels=("mine",)), Record(id="8", text="آخر")]


@pytest.mark.parametrize(("name", "delimiter"), [("in.tsv", "\t"), ("in.csv", ",")])
def test_read_table_without_a_header_goes_by_number(tmp_path: Path, name: str, delimiter: str) -> None:
    content = f"خبر{delimiter}1\nآخر{delimiter}0\n"
    rows = read_layout(tmp_path, content, columns={"text": 0, "labels": 1}, classes=BINARY, name=name)
    assert rows == [Record(id=f"{name}:1", text="خبر", labels=("mine",)), Record(id=f"{name}:2", text="آخر")]


def test_read_table_without_a_header_refuses_rows_unlike_the_first(tmp_path: Path) -> None:
    rows = read_layout(tmp_path, "خبر\t1\nقتل\tوجرح\t1\n", columns={"text": 0})
    assert isinstance(rows[1], RowFault)
    assert "3 cells, the first row has 2" in rows[1].message


def test_read_table_refuses_a_number_beyond_the_row(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="`labels` is column 2, counted from 0, but the first row has 2 cells"):
        read_layout(tmp_path, "خبر\t1\n", columns={"text": 0, "labels": 2})


def test_read_table_names_the_row_of_a_strange_class_where_labels_count(tmp_path: Path) -> None:
    content = "text\tlabels\nخبر\t1\nآخر\tnan\n"
    rows = read_layout(tmp_path, content, classes=BINARY)
    assert all(isinstance(row, Record) for row in rows)
    with pytest.raises(DataError, match=r"in\.tsv:3: `labels` is 'nan'; the classes are '1', '0'"):
        read_records(tmp_path / "in.tsv", options=ReadOptions(table=TableLayout(classes=BINARY)))


def test_read_table_says_that_a_header_was_read_as_a_row(tmp_path: Path) -> None:
    header, row = read_layout(tmp_path, "sentence\tlabel\nخبر\tx\n", columns={"text": 0, "labels": 1}, classes=BINARY)
    assert isinstance(header, Record)
    assert isinstance(row, Record)
    assert "If this is a header line, name the columns" in str(header.label_fault)
    assert "header" not in str(row.label_fault)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"text": "sentence"}, "no column `sentence`; found 'text, class, class'"),
        ({"labels": "label"}, "no column `label`; found"),
        ({"labels": "class"}, "names class more than once"),
        ({}, "classes are given, but no column holds `labels`"),
    ],
)
def test_read_table_refuses_a_header_without_the_columns(
    tmp_path: Path, columns: dict[str, str | int], reason: str
) -> None:
    with pytest.raises(DataError, match=reason):
        read_layout(tmp_path, "text\tclass\tclass\nخبر\t1\t1\n", columns=columns, classes=BINARY)


def test_read_table_of_no_rows_gives_none(tmp_path: Path) -> None:
    assert read_layout(tmp_path, "", columns={"text": 0}) == []
