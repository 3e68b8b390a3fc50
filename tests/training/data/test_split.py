"""Splits: no story in two parts, no row lost or changed."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith.errors import DataError
from hawadith.records import Record
from hawadith_evaluation.duplicates import group_duplicates
from hawadith_training.data.lines import load_lines
from hawadith_training.data.split import parse_cut, parse_day, parse_parts, split_records, write_parts

SHARES = {"train": 0.6, "dev": 0.2, "test": 0.2}
WORDS = ["لغم", "سلاح", "قرية", "شرطة", "حدود", "شاحنة", "راع", "جندي", "طريق", "ميناء"]


def build_story(seed: int, *, edited: bool = False) -> str:
    random = np.random.default_rng(seed)
    words = [f"{WORDS[i]}{j}" for i, j in random.integers(0, 10, size=(40, 2))]
    return " ".join(words[4:] if edited else words)


stories = st.lists(
    st.tuples(st.integers(0, 15), st.booleans(), st.sampled_from(["", "mine", "arms"])), min_size=3, max_size=40
)


@settings(deadline=None, max_examples=30)
@given(stories, st.integers(0, 99))
def test_split_records_no_story_on_both_sides(rows: list[tuple[int, bool, str]], seed: int) -> None:
    records = [
        Record(id=str(n), text=build_story(story, edited=edited), labels=(label,) if label else ())
        for n, (story, edited, label) in enumerate(rows)
    ]
    groups = group_duplicates([record.text for record in records])
    parts = split_records(records, shares=SHARES, groups=groups, seed=seed)
    by_story: dict[int, set[int]] = {}
    for (story, _, _), part in zip(rows, parts.tolist(), strict=True):
        by_story.setdefault(story, set()).add(part)
    assert all(len(found) == 1 for found in by_story.values())


def test_split_records_newest_groups_make_the_last_part() -> None:
    dates = ["2024-06-01", "2024-01-01", None, "2023-05-01T10:00:00Z", "not a day", "2022-01-01"]
    records = [Record(id=str(n), text="", date=day, labels=("mine",)) for n, day in enumerate(dates)]
    groups = np.array([0, 1, 2, 3, 4, 0])
    parts = split_records(
        records, shares={"train": 0.5, "test": 0.5}, groups=groups, seed=1, newest_from=date(2024, 1, 1)
    )
    assert parts.tolist() == [1, 1, 0, 0, 0, 1]


def test_write_parts_loses_no_row(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b"\n".join(json.dumps({"id": n, "text": build_story(n)}).encode() for n in range(50)))
    lines = load_lines([path])
    groups = np.arange(50, dtype=np.int64)
    parts = split_records([line.record for line in lines], shares=SHARES, groups=groups, seed=1)
    files = write_parts(lines, parts=parts, names=list(SHARES), folder=tmp_path / "out", sources=[path])
    assert [file.name for file in files] == ["train.jsonl", "dev.jsonl", "test.jsonl"]
    written = [line for file in files for line in file.read_bytes().splitlines()]
    assert len(written) == 50
    assert sorted(written) == sorted(path.read_bytes().splitlines())
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["dev.jsonl", "test.jsonl", "train.jsonl"]


def test_write_parts_overwrites_no_input(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(b'{"text": "x"}')
    with pytest.raises(DataError, match="would be overwritten"):
        write_parts(load_lines([path]), parts=np.array([0]), names=["train", "test"], folder=tmp_path, sources=[path])
    assert path.read_bytes() == b'{"text": "x"}'


def test_write_parts_overwrites_no_file_of_an_input_folder(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    path.write_bytes(b'{"text": "x"}')
    lines = load_lines([tmp_path])
    with pytest.raises(DataError, match=r"train\.jsonl is an input"):
        write_parts(lines, parts=np.array([1]), names=["train", "test"], folder=tmp_path, sources=[tmp_path])
    assert [file.name for file in tmp_path.iterdir()] == ["train.jsonl"]
    assert path.read_bytes() == b'{"text": "x"}'


def test_parse_parts_reads_names_and_shares() -> None:
    assert parse_parts("train=8, dev=1,test=1") == {"train": 8.0, "dev": 1.0, "test": 1.0}


@pytest.mark.parametrize(
    "text", ["", "train=1", "train=0.5,test=0", "a=1,a=2", "a=1,../b=1", "a=1,b=1.2.3", "a=1,b=-1"]
)
def test_parse_parts_refuses_other_forms(text: str) -> None:
    with pytest.raises(DataError, match="--parts"):
        parse_parts(text)


def test_parse_day_reads_the_day_of_dates_and_times() -> None:
    assert parse_day("2024-05-31T08:00:00+03:00") == date(2024, 5, 31)
    assert parse_day(None) is parse_day("") is parse_day("31 مايو") is None


def test_parse_cut_refuses_what_is_no_day() -> None:
    with pytest.raises(DataError, match="is no day"):
        parse_cut("yesterday")
