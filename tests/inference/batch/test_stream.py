"""Streams: rows to standard output or to a listener as they are read, with nothing left behind."""

import io
import json
import sys
from pathlib import Path

import pytest
from tests.inference.batch.jobs import build_classifier, read_lines, run, write_articles, write_rows

from hawadith.batch.fingerprint import JobSettings
from hawadith.batch.stream import stream_rows
from hawadith.errors import DataError

SETTINGS = JobSettings(shard_rows=3)


def test_stream_writes_the_rows_of_a_job(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    result = stream_rows([source], classifier=build_classifier(), settings=SETTINGS, to_stdout=True)
    run(source, output=tmp_path / "out.jsonl")
    assert capfdbinary.readouterr().out == (tmp_path / "out.jsonl").read_bytes()
    assert (result.counts.rows, result.counts.errors, result.resumed) == (10, 1, 0)
    assert result.figures.articles == 9


def test_stream_of_standard_input_is_read_but_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = b'{"id": "a", "text": "x"}\n{"id": "a", "text": "y"}\n'
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    stream_rows([Path("-")], classifier=build_classifier(), settings=SETTINGS, to_stdout=True)
    assert [json.loads(line)["id"] for line in capsys.readouterr().out.splitlines()] == ["a", "a"]


def test_stream_without_output_takes_articles_without_ids(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "in.jsonl", [{"text": "x"}, {"text": "y"}])
    heard: list[str] = []
    stream_rows(
        [source],
        classifier=build_classifier(),
        settings=SETTINGS,
        on_shard=lambda rows, _: heard.extend(row.id for row in rows),
    )
    assert heard == ["in.jsonl:1", "in.jsonl:2"]
    with pytest.raises(DataError, match="without an `id`, 2 of them"):
        stream_rows([source], classifier=build_classifier(), settings=SETTINGS, to_stdout=True)


def test_stream_leaves_nothing_behind(tmp_path: Path) -> None:
    source = write_articles(tmp_path / "in.jsonl")
    stream_rows([source], classifier=build_classifier(), settings=SETTINGS)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
    assert len(read_lines(source)) == 10
