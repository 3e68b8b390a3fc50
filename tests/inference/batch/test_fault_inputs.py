"""Fault cases 7 to 13, 17 and 24: what single rows and files of an input may hold, each in a whole job."""

import io
import json
import tarfile
import zipfile
from pathlib import Path
from typing import cast

import pyarrow.parquet as pq
import pytest
from tests.inference.batch.jobs import read_lines, run, write_articles, write_rows

from hawadith.errors import DataError
from hawadith.readers import ReadOptions

MINE = "انفجر لغم قرب القرية."


def score(source: Path, *, shard_rows: int = 3, reading: ReadOptions | None = None) -> list[dict[str, object]]:
    """The output rows of a job."""
    output = source.parent / "scores.jsonl"
    run(source, output=output, shard_rows=shard_rows, reading=reading or ReadOptions())
    return read_lines(output)


def line(id_: str) -> bytes:
    return json.dumps({"id": id_, "text": MINE}).encode() + b"\n"


def statuses(rows: list[dict[str, object]]) -> list[tuple[object, object]]:
    return [(row["id"], row["status"]) for row in rows]


def test_fault_07_one_malformed_line_costs_itself_alone(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "in.jsonl", 3)
    with source.open("ab") as stream:
        stream.write(b'{"id": "torn", "text": "' + "خبر".encode()[:3] + b"\n" + b'{"id": "last", "text": "x"}\n')
    run(source, output=f"{tmp_path}/out/")
    [torn] = read_lines(tmp_path / "out" / "errors.jsonl")
    assert (torn["id"], torn["line"], torn["file"], torn["status"]) == ("torn", 4, str(source), "decode_error")
    rows = [row for part in sorted((tmp_path / "out").glob("part-*")) for row in pq.read_table(part).to_pylist()]
    assert [row["id"] for row in rows] == ["a0", "a1", "a2", "torn", "last"]


@pytest.mark.slow
def test_fault_07_one_malformed_line_of_a_million_costs_itself_alone(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    with source.open("w", encoding="utf-8") as stream:
        stream.writelines(
            "{broken\n" if n == 700_000 else f'{{"id": "{n}", "text": "خبر {n % 9}"}}\n' for n in range(1_000_000)
        )
    result = run(source, output=f"{tmp_path}/out/", shard_rows=20_000, evidence=False)
    assert (result.counts.rows, result.counts.errors) == (1_000_000, 1)
    assert read_lines(tmp_path / "out" / "errors.jsonl")[0]["line"] == 700_001


def test_fault_08_rows_that_are_no_articles_are_named_and_none_becomes_the_word_none(tmp_path: Path) -> None:
    values = ["text", ["text"], 7, None, {"id": "null", "text": None}, {"id": "number", "text": 5}]
    source = write_rows(tmp_path / "in.jsonl", [*values, {"id": "list", "text": ["x"]}, {"id": "good", "text": MINE}])
    rows = score(source)
    assert [row["status"] for row in rows] == ["parse_error"] * 7 + ["ok"]
    assert [row["id"] for row in rows[4:]] == ["null", "number", "list", "good"]
    assert all(row["labels"] == [] and row["scores"] == {} for row in rows[:7])


def test_fault_09_a_new_key_after_thousands_of_rows_changes_nothing(tmp_path: Path) -> None:
    articles = [{"id": str(n), "text": "خبر"} for n in range(3_000)]
    late = {"id": "late", "text": MINE, "note": {"nested": [1]}, "labels": "mine", "score": 0.5}
    rows = score(write_rows(tmp_path / "in.jsonl", [*articles, late]), shard_rows=1_000)
    assert {row["status"] for row in rows} == {"ok"}
    assert (rows[-1]["id"], rows[-1]["labels"]) == ("late", ["mine"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1256"])
def test_fault_10_csv_cells_stay_the_text_that_they_are(tmp_path: Path, encoding: str) -> None:
    cells = [("007", "NA"), ("null", MINE), ("NA", "null"), ("1e5", "a\0b"), ("nan", "")]
    content = "id,text\n" + "".join(f"{id_},{text}\n" for id_, text in cells)
    (tmp_path / "in.csv").write_bytes(content.encode(encoding))
    rows = score(tmp_path / "in.csv", reading=ReadOptions(encoding="utf-8" if "8" in encoding else encoding))
    assert [row["id"] for row in rows] == [id_ for id_, _ in cells]
    assert [row["labels"] for row in rows] == [[], ["mine"], [], [], []]
    assert [row["status"] for row in rows] == ["ok", "ok", "ok", "ok", "empty"]


def test_fault_10_csv_in_another_encoding_than_said_is_named(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(f"id,text\na,{MINE}\n".encode("windows-1256"))
    [row] = score(tmp_path / "in.csv")
    assert row["status"] == "decode_error"
    assert "windows-1256" in str(row["error"])


def test_fault_11_invalid_utf8_and_lone_surrogates(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(
        b'{"id": "bytes", "text": "\xff\xfe"}\n' + rb'{"id": "half", "text": "\ud83d ' + f'{MINE}"}}\n'.encode()
    )
    bad, good = score(tmp_path / "in.jsonl")
    assert (bad["id"], bad["status"]) == ("bytes", "decode_error")
    assert (good["status"], good["labels"]) == ("ok", ["mine"])
    assert [quote["text"] for quote in cast(list[dict[str, str]], good["evidence"])] == [f"\ufffd {MINE}"]


def test_fault_12_articles_without_a_word_are_empty_and_carry_no_label(tmp_path: Path) -> None:
    texts = ["", " \n\t\u00a0", "\u0640\u0640\u0640", "😀🔥", "\u200f\u200b\ufeff", "\u064b\u0651"]
    rows = score(write_rows(tmp_path / "in.jsonl", [{"id": str(n), "text": text} for n, text in enumerate(texts)]))
    assert [row["status"] for row in rows] == ["empty"] * len(texts)
    assert all(row["labels"] == [] and row["scores"] == {} and row["error"] is None for row in rows)


def test_fault_13_a_hundred_megabytes_in_one_article_cost_their_row_alone(tmp_path: Path) -> None:
    with (tmp_path / "in.jsonl").open("wb") as stream:
        stream.write(b'{"id": "big", "text": "')
        for _ in range(100):
            stream.write("خبر ".encode() * 150_000)
        stream.write(b'"}\n' + line("small"))
    assert (tmp_path / "in.jsonl").stat().st_size > 100_000_000
    assert statuses(score(tmp_path / "in.jsonl")) == [("big", "too_large"), ("small", "ok")]


@pytest.mark.parametrize(
    ("name", "ids"), [("in.jsonl", ["big", "small"]), ("in.csv", ["in.csv:2", "small"]), ("in.txt", ["in.txt"])]
)
def test_fault_13_row_beyond_the_bound_is_too_large_in_every_format(tmp_path: Path, name: str, ids: list[str]) -> None:
    big = "خبر " * 1_000
    rows = {
        "in.jsonl": f'{{"id": "big", "text": "{big}"}}\n{{"id": "small", "text": "x"}}\n',
        "in.csv": f"id,text\nbig,{big}\nsmall,x\n",
        "in.txt": big,
    }
    (tmp_path / name).write_text(rows[name], encoding="utf-8")
    found = score(tmp_path / name, reading=ReadOptions(max_row_bytes=2_000))
    assert [row["id"] for row in found] == ids
    assert found[0]["status"] == "too_large"


def test_fault_13_an_article_beyond_the_profile_is_truncated_and_scored(tmp_path: Path) -> None:
    long = {"id": "long", "text": f"{MINE} " + "خبر " * 100_000}
    [row] = score(write_rows(tmp_path / "in.jsonl", [long]))
    assert (row["status"], row["truncated"], row["labels"]) == ("truncated", True, ["mine"])


@pytest.mark.parametrize(
    ("page", "seconds", "status"),
    [
        ("<p>" * 100_000, 0.5, "extract_timeout"),
        ("<div>" * 2_000 + "نص" + "</div>" * 2_000, 30, "extract_empty"),
    ],
)
def test_fault_17_page_that_hangs_the_extractor_costs_itself_alone(
    tmp_path: Path, page: str, seconds: float, status: str
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    (folder / "b.txt").write_text(MINE, encoding="utf-8")
    rows = score(folder, reading=ReadOptions(extract_timeout=seconds))
    assert statuses(rows) == [("a.html", status), ("b.txt", "ok")]


def write_archive(path: Path, members: dict[str, bytes]) -> Path:
    """A .zip or .tar.gz of the given members, names unchecked; one that ends in `-> x` is a link."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                info = zipfile.ZipInfo(name.removesuffix(" ->"))
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = (0o120777 if name.endswith(" ->") else 0o100644) << 16
                archive.writestr(info, content)
        return path
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name.removesuffix(" ->"))
            if name.endswith(" ->"):
                member.type, member.linkname = tarfile.SYMTYPE, content.decode()
                tar.addfile(member)
            else:
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize("name", ["in.zip", "in.tar.gz"])
def test_fault_24_archive_members_that_lead_out_and_links_are_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    secret = write_rows(tmp_path / "secret.jsonl", [{"id": "secret", "text": MINE}])
    members = {
        "news/a.jsonl": line("a"),
        "../../x.jsonl": line("escaped"),
        "/abs.jsonl": line("absolute"),
        "link.jsonl ->": str(secret).encode(),
        "b.txt": MINE.encode(),
    }
    rows = score(write_archive(tmp_path / name, members))
    assert statuses(rows) == [("a", "ok"), (f"{name}/b.txt", "ok")]
    assert "3 files were not read" in caplog.text
    assert not (tmp_path.parent / "x.jsonl").exists()


@pytest.mark.parametrize("name", ["in.zip", "in.tar.gz"])
def test_fault_24_archive_of_zeros_is_refused_before_anything_is_scored(tmp_path: Path, name: str) -> None:
    source = write_archive(tmp_path / name, {"a.jsonl": line("a"), "zeros.txt": bytes(2**24), "b.jsonl": line("b")})
    assert source.stat().st_size < 2**16
    with pytest.raises(DataError, match=f"{name} unpacks to more than 1048576 bytes"):
        score(source, reading=ReadOptions(max_archive_bytes=2**20))
    assert statuses(score(source)) == [("a", "ok"), (f"{name}/zeros.txt", "empty"), ("b", "ok")]
