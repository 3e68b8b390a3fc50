"""JSON lines: one row per line that is not blank, in order, whatever the lines hold."""

import gzip
import io
import json
import lzma
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith.readers import InputFile, ReadOptions, read_rows
from hawadith.readers.jsonl import parse_line, read_lines
from hawadith.records import Record, Row, RowFault

FILE = InputFile(path=Path("in.jsonl"), name="in.jsonl", kind="jsonl")
GOOD = '{"id": "a", "text": "انفجر لغم"}'.encode()


def read(content: bytes, *, max_bytes: int = 1000) -> list[Row]:
    return [parse_line(line, file=FILE) for line in read_lines(io.BytesIO(content), max_bytes=max_bytes)]


def only_fault(content: bytes, *, max_bytes: int = 1000) -> RowFault:
    (row,) = read(content, max_bytes=max_bytes)
    assert isinstance(row, RowFault)
    return row


good_lines = st.builds(
    lambda number, text: json.dumps({"id": f"good-{number}", "text": text}).encode(),
    st.integers(0, 99),
    st.text(max_size=9),
)
garbage = st.binary(max_size=40).map(lambda raw: raw.replace(b"\n", b"?"))


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.one_of(good_lines, garbage, st.just(b"  \t"), st.just(b"x" * 300)), max_size=12),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
)
def test_read_lines_gives_one_row_per_line_in_order(lines: list[bytes], end: bytes, ends: bool) -> None:
    content = end.join(lines) + (end if ends and lines else b"")
    rows = read(content, max_bytes=200)
    expected = [n for n, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1) if line.strip()]
    fallback = [FILE.locate(number) for number in expected]
    assert len(rows) == len(expected)
    for row, location, number in zip(rows, fallback, expected, strict=True):
        line = lines[number - 1]
        if line.startswith(b'{"id": "good'):
            assert isinstance(row, Record)
            assert row.id == json.loads(line)["id"]
        elif isinstance(row, RowFault):
            assert row.location == location


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b'{"text": NaN}', "NaN is no JSON value"),
        (b'{"text": "x", "n": -Infinity}', "-Infinity is no JSON value"),
        (b'{"text": "x", "n": ' + b"9" * 5000 + b"}", "not JSON"),
        (b"[" * 5000 + b"]" * 5000, "nested too deeply"),
        (b"[1]", "must be an object"),
        (b'{"text": null}', "`text` is NoneType"),
        (b'{"text": 7}', "`text` is int"),
        (b'{"text": ["x"]}', "`text` is list"),
        (b'{"title": "x"}', "no `text`"),
    ],
)
def test_parse_line_names_what_is_no_record(line: bytes, reason: str) -> None:
    fault = only_fault(line, max_bytes=20_000)
    assert fault.status == "parse_error"
    assert reason in fault.message
    assert fault.message.startswith("in.jsonl:1: ")


def test_parse_line_invalid_utf8_is_a_decode_error() -> None:
    fault = only_fault(b'{"text": "\xff"}')
    assert (fault.status, fault.id) == ("decode_error", "in.jsonl:1")


def test_parse_line_replaces_lone_surrogates_one_for_one() -> None:
    (row,) = read(rb'{"id": "\udc00", "title": "\ud800", "text": "a\ud83d\ude00b\ud83d!", "labels": ["\ud800"]}')
    assert row == Record(id="\ufffd", title="\ufffd", text="a😀b\ufffd!", labels=("\ufffd",))


def test_parse_line_keeps_the_id_of_a_bad_row() -> None:
    lines = [
        b'{"id": "x", "text": 5}',
        b'{"id": "y", "text":',
        b'{"id": 7, "t',
        b'{"text": "\xff", "id": "z"}',
        b'{"id": "\xff", ',
    ]
    assert [row.id for row in read(b"\n".join(lines))] == ["x", "y", "7", "in.jsonl:4", "in.jsonl:5"]


def test_parse_line_accepts_duplicate_and_unknown_keys() -> None:
    (row,) = read(b'{"text": "a", "sure": true, "text": "b"}')
    assert row == Record(id="in.jsonl:1", text="b")


def test_read_lines_accepts_byte_order_mark_crlf_and_blank_lines() -> None:
    rows = read(b"\xef\xbb\xbf" + GOOD + b"\r\n\r\n  \n" + GOOD)
    assert [row.id for row in rows] == ["a", "a"]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_read_lines_holds_a_line_of_exactly_the_bound(end: bytes) -> None:
    assert isinstance(read(GOOD + end, max_bytes=len(GOOD))[0], Record)
    assert only_fault(GOOD + end, max_bytes=len(GOOD) - 1).status == "too_large"


def test_read_lines_passes_over_a_long_line_and_reads_on() -> None:
    rows = read(b'{"id": "big", "text": "' + b"x" * 5000 + b'"}\n' + GOOD)
    assert [(row.id, row.status if isinstance(row, RowFault) else "ok") for row in rows] == [
        ("big", "too_large"),
        ("a", "ok"),
    ]


def test_read_rows_never_holds_a_bomb(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for _ in range(40):
            stream.write(bytes(2**20))
        stream.write(b"\n" + GOOD)
    tracemalloc.start()
    rows = list(read_rows(path, options=ReadOptions(max_row_bytes=2**20)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [type(row) for row in rows] == [RowFault, Record]
    assert peak < 8 * 2**20


def test_read_rows_reads_compressed_lines(tmp_path: Path) -> None:
    content = b"\n".join([GOOD] * 50) + b"\n"
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(content) * 2)
    with pa.CompressedOutputStream(str(tmp_path / "b.jsonl.zst"), "zstd") as stream:
        stream.write(content)
    assert len(list(read_rows(tmp_path / "a.jsonl.gz"))) == 100
    (tmp_path / "c.jsonl.xz").write_bytes(lzma.compress(content) * 2)
    assert len(list(read_rows(tmp_path / "b.jsonl.zst"))) == 50
    assert len(list(read_rows(tmp_path / "c.jsonl.xz"))) == 100


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "zst": lambda content: bytes(pa.compress(content, codec="zstd", asbytes=True)),
    "xz": lzma.compress,
}


@pytest.mark.parametrize("suffix", PACK)
def test_read_rows_says_where_a_torn_archive_breaks_off(tmp_path: Path, suffix: str) -> None:
    content = b"".join(json.dumps({"text": f"{n} {hash(n) ** 3}"}).encode() + b"\n" for n in range(3000))
    whole = PACK[suffix](content)
    path = tmp_path / f"torn.jsonl.{suffix}"
    path.write_bytes(whole[: len(whole) // 2])
    *rows, last = read_rows(path)
    assert all(isinstance(row, Record) for row in rows)
    assert isinstance(last, RowFault)
    assert last.status == "decode_error"
    assert last.location == f"{path}:{len(rows) + 1}"


@pytest.mark.parametrize("suffix", PACK)
def test_read_rows_names_a_file_that_is_not_packed_at_all(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"plain.jsonl.{suffix}"
    path.write_bytes(GOOD)
    (row,) = read_rows(path)
    assert isinstance(row, RowFault)
    assert (row.status, row.location) == ("decode_error", f"{path}:1")


def test_read_rows_reads_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"text": "x"}\n{')))
    good, bad = read_rows(Path("-"))
    assert good == Record(id="stdin:1", text="x")
    assert isinstance(bad, RowFault)
    assert bad.location == "stdin:2"
