"""Every form of a corpus is one stream of rows."""

import gzip
import lzma
from pathlib import Path

import pytest
from tests.training.pretrain.runs import write_corpus

from hawadith.errors import DataError
from hawadith.records import Record, RowFault
from hawadith_training.pretrain.corpus import describe_corpus, find_corpus, read_corpus


def read_ids(*paths: Path) -> list[str]:
    return [row.id for row in read_corpus(find_corpus([str(path) for path in paths]))]


def test_corpus_is_read_from_xz_gz_plain_and_txt_alike(tmp_path: Path) -> None:
    content = write_corpus(tmp_path / "a.jsonl", n_articles=3).read_bytes()
    (tmp_path / "b.jsonl.xz").write_bytes(lzma.compress(content))
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(content))
    (tmp_path / "d.txt").write_text("نص")
    rows = list(read_corpus(find_corpus([str(tmp_path)])))
    assert [row.id for row in rows] == ["0", "1", "2"] * 3 + ["d.txt"]
    assert all(isinstance(row, Record) for row in rows)
    assert rows[0] == rows[3] == rows[6]


def test_corpus_folder_leaves_hidden_files_links_and_others_alone(tmp_path: Path) -> None:
    write_corpus(tmp_path / "sub" / "a.jsonl", n_articles=1)
    write_corpus(tmp_path / ".hidden" / "b.jsonl", n_articles=2)
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "sub" / "a.jsonl")
    (tmp_path / "notes.md").write_text("nothing")
    assert read_ids(tmp_path) == ["0"]


def test_corpus_row_that_is_bad_costs_itself_alone(tmp_path: Path) -> None:
    content = write_corpus(tmp_path / "a.jsonl", n_articles=2).read_bytes()
    (tmp_path / "a.jsonl.xz").write_bytes(lzma.compress(b'{"id": "x"}\n' + content))
    rows = list(read_corpus([tmp_path / "a.jsonl.xz"]))
    assert isinstance(rows[0], RowFault)
    assert "a.jsonl.xz:1" in rows[0].message
    assert [row.id for row in rows[1:]] == ["0", "1"]


@pytest.mark.parametrize("damage", ["torn", "other"])
def test_corpus_archive_that_is_damaged_ends_in_a_fault(tmp_path: Path, damage: str) -> None:
    packed = lzma.compress(write_corpus(tmp_path / "a.jsonl", n_articles=50).read_bytes())
    (tmp_path / "a.jsonl.xz").write_bytes(packed[: len(packed) // 2] if damage == "torn" else b"no archive")
    *_, last = read_corpus([tmp_path / "a.jsonl.xz"])
    assert isinstance(last, RowFault)
    assert "cannot be read from here on" in last.message


@pytest.mark.parametrize("name", ["missing.jsonl", "empty", "a.doc"])
def test_corpus_path_without_articles_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.doc").touch()
    with pytest.raises(DataError, match=r"--set corpus\.paths"):
        find_corpus([str(tmp_path / name)])


def test_corpus_is_described_by_content(tmp_path: Path) -> None:
    first = describe_corpus([write_corpus(tmp_path / "x" / "a.jsonl")])
    assert describe_corpus([write_corpus(tmp_path / "y" / "a.jsonl")]) == first
    assert describe_corpus([write_corpus(tmp_path / "y" / "a.jsonl", seed=2)]) != first
