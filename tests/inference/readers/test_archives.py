"""Archives: every article in them is read as a stream, and nothing of them is trusted."""

import gzip
import io
import logging
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from hawadith.errors import DataError
from hawadith.readers import ReadOptions, read_rows
from hawadith.records import Record, RowFault

ARTICLE = '{"id": "a", "text": "خبر"}\n'.encode()


def build_parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": ["p"], "text": ["خبر"]}), sink)
    return sink.getvalue()


MEMBERS = {
    "in/a.jsonl": ARTICLE,
    "in/b.jsonl.gz": gzip.compress(ARTICLE.replace(b'"a"', b'"b"')),
    "c.csv": "id,text\nc,خبر\n".encode(),
    "d.parquet": build_parquet(),
    "e.txt": "خبر".encode(),
    "f.HTML": f"<html><body><article><p>{'خبر عن المدينة. ' * 40}</p></article></body></html>".encode(),
}


def write_tar(path: Path, members: dict[str, bytes], *, mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        archive.addfile(tarfile.TarInfo("in"), None)
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("in")  # a folder is no member that could be read
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize("name", ["x.zip", "x.tar", "x.tar.gz", "x.tgz"])
def test_read_archive_gives_the_rows_of_every_known_member(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_zip(path, MEMBERS) if name == "x.zip" else write_tar(path, MEMBERS, mode="w" if name == "x.tar" else "w:gz")
    rows = list(read_rows(path))
    assert all(isinstance(row, Record) for row in rows)
    assert [row.id for row in rows] == ["a", "b", "c", "p", f"{name}/e.txt", f"{name}/f.HTML"]
    assert [row.location for row in rows[:3]] == [f"{path}/in/a.jsonl:1", f"{path}/in/b.jsonl.gz:1", f"{path}/c.csv:2"]


def test_read_archive_says_what_it_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    names = ["a.jsonl", "b.pdf", ".hidden.jsonl", "__MACOSX/a.jsonl", "inner.zip", "C:\\x.jsonl", "../x.jsonl"]
    with caplog.at_level(logging.WARNING, logger="hawadith"):
        rows = list(read_rows(write_zip(tmp_path / "x.zip", dict.fromkeys(names, ARTICLE))))
    assert [row.location for row in rows] == [f"{tmp_path}/x.zip/a.jsonl:1"]
    [message] = [record.getMessage() for record in caplog.records]
    assert message.startswith("6 files were not read")
    for reason in (
        "hidden file: 2",
        "archive in an archive: 1",
        "leads out of the archive: 2",
        "unknown ending .pdf: 1",
    ):
        assert reason in message


def test_read_archive_passes_over_devices_and_encrypted_members(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with tarfile.open(tmp_path / "x.tar", "w") as archive:
        pipe = tarfile.TarInfo("pipe.jsonl")
        pipe.type = tarfile.FIFOTYPE
        archive.addfile(pipe)
    locked = write_zip(tmp_path / "x.zip", {"a.jsonl": ARTICLE})
    content = bytearray(locked.read_bytes())
    content[content.rindex(b"PK\x03\x04") + 6] |= 1
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(content)
    assert list(read_rows([tmp_path / "x.tar", locked])) == []
    assert "not a plain file: 1" in caplog.text
    assert "encrypted: 1" in caplog.text


def test_read_archive_member_that_is_damaged_costs_itself_alone(tmp_path: Path) -> None:
    members = {"a.txt": b"x" * 999, "b.jsonl": ARTICLE, "c.parquet": b"PAR1 not", "d.parquet": build_parquet()}
    path = write_zip(tmp_path / "x.zip", members)
    content = bytearray(path.read_bytes())
    for name in (b"a.txt", b"d.parquet"):
        start = content.index(name) + len(name)  # the member's compressed bytes
        content[start : start + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(content)
    bad, good, torn, lost = read_rows(path)
    assert isinstance(bad, RowFault)
    assert isinstance(lost, RowFault)
    assert (bad.id, bad.status) == ("x.zip/a.txt", "parse_error")
    assert (good.id, torn.id) == ("a", "x.zip/c.parquet")
    assert (lost.id, lost.status) == ("x.zip/d.parquet", "parse_error")


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz"])
def test_read_archive_that_is_torn_is_one_clear_error(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = (write_zip if name == "x.zip" else write_tar)(folder / name, {"a.jsonl": ARTICLE, "b.jsonl": ARTICLE * 99})
    path.write_bytes(path.read_bytes()[:-40])
    (folder / "z.txt").write_text("x")
    with pytest.raises(DataError, match=f"{name} cannot be read as an archive from here on"):
        list(read_rows(path))
    *_, fault, last = read_rows(folder)
    assert isinstance(fault, RowFault)
    assert (fault.id, fault.status, last.id) == (name, "parse_error", "z.txt")


@pytest.mark.parametrize("how", ["damaged", "cut"])
def test_read_archive_with_a_bad_header_inside_does_not_end_there_without_a_word(tmp_path: Path, how: str) -> None:
    path = write_tar(tmp_path / "x.tar", {"a.jsonl": ARTICLE, "b.jsonl": ARTICLE}, mode="w")
    content = bytearray(path.read_bytes())
    header = content.index(b"b.jsonl")
    content[header + 10] ^= 0xFF
    path.write_bytes(content if how == "damaged" else content[: header + 100])
    rows = read_rows(path)
    assert next(rows).id == "a"
    with pytest.raises(
        DataError, match=r"x\.tar cannot be read as an archive from here on: (bad checksum|truncated header)"
    ):
        next(rows)


def test_read_archive_member_with_a_name_of_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    long = tarfile.TarInfo("././@LongLink")
    long.type, long.size = tarfile.GNUTYPE_LONGNAME, 2**31
    path.write_bytes(long.tobuf() + bytes(1024))
    with pytest.raises(DataError, match="a header of 2147483648 bytes"):
        list(read_rows(path))


def test_read_archive_budget_counts_what_is_passed_over(tmp_path: Path) -> None:
    path = write_tar(tmp_path / "x.tar.gz", {"a.bin": bytes(2**20), "b.jsonl": ARTICLE})
    with pytest.raises(DataError, match="unpacks to more than 65536 bytes"):
        list(read_rows(path, options=ReadOptions(max_archive_bytes=2**16)))


def test_read_archive_member_without_a_name_is_passed_over(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write_zip(tmp_path / "x.zip", {"a.jsonl": ARTICLE})
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(zipfile.ZipInfo("b"), ARTICLE)
        archive.infolist()[-1].filename = ""
    assert [row.id for row in read_rows(path)] == ["a"]
    assert "member without a name: 1" in caplog.text
