"""Which files an input stands for, and what is said of the others."""

import logging
import shutil
from pathlib import Path

import pytest

from hawadith.errors import DataError
from hawadith.readers import InputFile, ReadOptions, find_files, read_records, read_rows
from hawadith.readers.html import ArticleExtractor
from hawadith.readers.reading import read_file
from hawadith.readers.sources import Kind, SkipCounter, walk_folder
from hawadith.records import Record, RowFault


def fill(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("خبر", encoding="utf-8")
    return folder


def test_find_files_walks_a_folder_in_sorted_order(tmp_path: Path) -> None:
    fill(tmp_path, "b.txt", "a.txt", "sub/c.TXT", "sub/a/z.txt", ".hidden.txt", ".git/x.txt", "read.me", "none")
    skipped: list[tuple[str, str]] = []
    files = find_files(tmp_path, on_skip=lambda path, reason: skipped.append((path.name, reason)))
    assert [file.name for file in files] == ["a.txt", "b.txt", "sub/c.TXT", "sub/a/z.txt"]
    assert skipped == [("none", "unknown ending"), ("read.me", "unknown ending")]


def test_find_files_follows_no_links(tmp_path: Path) -> None:
    outside = fill(tmp_path / "outside", "secret.txt")
    inside = fill(tmp_path / "inside", "a.txt")
    (inside / "b.txt").symlink_to(outside / "secret.txt")
    (inside / "loop").symlink_to(inside)
    (inside / "gone.txt").symlink_to(tmp_path / "nothing")
    skipped: list[str] = []
    files = find_files(inside, on_skip=lambda path, _: skipped.append(path.name))
    assert [file.name for file in files] == ["a.txt"]
    assert sorted(skipped) == ["b.txt", "gone.txt", "loop"]


def test_read_rows_says_once_how_many_files_were_not_read(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    fill(tmp_path, "a.txt", "b.pdf", "c.pdf")
    with caplog.at_level(logging.WARNING, logger="hawadith"):
        assert len(list(read_rows(tmp_path))) == 1
    assert [record.getMessage() for record in caplog.records] == ["2 files were not read (unknown ending .pdf: 2)."]


@pytest.mark.parametrize(
    ("name", "reason"), [("gone.jsonl", "does not exist"), ("a.docx", "known endings are .jsonl ")]
)
def test_read_rows_refuses_an_input_before_reading_any(tmp_path: Path, name: str, reason: str) -> None:
    fill(tmp_path, "a.docx", "a.txt")
    with pytest.raises(DataError, match=reason):
        read_rows([tmp_path / "a.txt", tmp_path / name])


def test_read_rows_refuses_a_folder_with_nothing_to_read(tmp_path: Path) -> None:
    fill(tmp_path, "a.pdf")
    with pytest.raises(DataError, match="holds no file that can be read"):
        list(read_rows(tmp_path))


def test_read_rows_unreadable_file_in_a_folder_costs_itself_alone(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "b.csv", "c.parquet", "d.txt")
    rows = list(read_rows(tmp_path))
    assert [row.id for row in rows] == ["a.txt", "b.csv", "c.parquet", "d.txt"]
    assert [row.status for row in rows if isinstance(row, RowFault)] == ["parse_error", "parse_error"]


def test_read_rows_keeps_the_order_of_its_sources(tmp_path: Path) -> None:
    fill(tmp_path, "b/x.txt", "a.txt")
    assert [row.id for row in read_rows([tmp_path / "b", tmp_path / "a.txt"])] == ["x.txt", "a.txt"]


def test_read_text_is_one_article_per_file(tmp_path: Path) -> None:
    path = tmp_path / "خبر.txt"
    path.write_bytes("\ufeffعنوان\r\n\r\nنص".encode())
    assert list(read_rows(path)) == [Record(id="خبر.txt", text="عنوان\r\n\r\nنص")]


def test_read_text_names_encoding_and_size_faults(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("لغم".encode("windows-1256"))
    (fault,) = read_rows(path)
    assert isinstance(fault, RowFault)
    assert (fault.id, fault.status, fault.location) == ("a.txt", "decode_error", str(path))
    assert list(read_rows(path, options=ReadOptions(encoding="windows-1256"))) == [Record(id="a.txt", text="لغم")]
    (fault,) = read_rows(path, options=ReadOptions(max_row_bytes=2))
    assert isinstance(fault, RowFault)
    assert fault.status == "too_large"


def test_read_text_refuses_an_unknown_encoding(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt")
    with pytest.raises(DataError, match="'klingon' is no text encoding"):
        list(read_rows(tmp_path / "a.txt", options=ReadOptions(encoding="klingon")))


def test_read_rows_tells_file_names_apart_that_are_no_unicode(tmp_path: Path) -> None:
    for name in ("a\udcfe.txt", "a\udcff.txt"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert [row.id for row in read_rows(tmp_path)] == [r"a\udcfe.txt", r"a\udcff.txt"]


def test_read_records_names_the_first_twenty_bad_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "x"}\n' + "bad\n" * 25, encoding="utf-8")
    with pytest.raises(DataError) as raised:
        read_records(path)
    message = str(raised.value)
    assert message.startswith("25 of 26 rows are bad")
    assert f"{path}:21:" in message
    assert f"{path}:22:" not in message
    assert "and 5 more" in message


def test_read_records_leaves_bad_rows_out_on_request(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('bad\n{"text": "x"}\n', encoding="utf-8")
    with caplog.at_level(logging.WARNING, logger="hawadith"):
        assert [record.text for record in read_records([path], skip_bad=True)] == ["x"]
    assert f"{path}:1: not JSON" in caplog.text


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet", "text", "html"])
def test_read_file_that_vanished_is_one_clear_error(tmp_path: Path, kind: Kind) -> None:
    file = InputFile(path=tmp_path / "gone", name="gone", kind=kind)
    with ArticleExtractor(timeout=1) as extractor, pytest.raises(DataError, match="gone cannot be read"):
        list(read_file(file, options=ReadOptions(), extractor=extractor))


def test_read_rows_says_what_it_skipped_without_steering_the_terminal(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.txt").write_text("x")
    for number in range(12):
        (tmp_path / f"b.\x1b[3{number}m").touch()
    list(read_rows(tmp_path))
    [message] = [record.getMessage() for record in caplog.records]
    assert message.startswith(r"12 files were not read (unknown ending '.\x1b[30m': 1, ")
    assert message.endswith(", and 2 further reasons).")


def test_walk_folder_goes_on_where_a_folder_in_it_is_removed_meanwhile(tmp_path: Path) -> None:
    fill(tmp_path, "a.txt", "b/c.txt", "d/e.txt")
    files = walk_folder(tmp_path, on_skip=SkipCounter().add)
    assert next(files).name == "a.txt"
    shutil.rmtree(tmp_path / "b")
    assert [file.name for file in files] == ["d/e.txt"]
