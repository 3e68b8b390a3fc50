"""Checks of labelled files: leaks, conflicts, bad rows."""

import json
from pathlib import Path

import pytest
from tests.builders import SHARED_DATA

from hawadith_training.data.check import check_sources

STORY = "أصيب راع صباح اليوم في انفجار لغم أرضي قرب القرية القديمة ونقل إلى المستشفى القريب من البلدة وفق شهود"
OTHER = "ضبطت الشرطة في الميناء شاحنة محملة ببنادق ومخازن ذخيرة كانت مخبأة تحت أكياس من القمح المستورد"


def write(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_check_sources_finds_leaks_and_conflicts(tmp_path: Path) -> None:
    train = write(
        tmp_path / "train.jsonl",
        {"id": "a", "text": STORY, "labels": ["mine"]},
        {"id": "b", "text": OTHER, "labels": ["arms"]},
        {"id": "c", "text": OTHER, "labels": ["arms"]},
    )
    dev = write(tmp_path / "dev.jsonl", {"id": "d", "text": STORY + " عيان", "labels": [], "unknown": ["arms"]})
    report = check_sources([train, dev])
    assert [(s.first_id, s.second_id, s.is_exact, s.is_leak, s.conflict) for s in report.stories] == [
        ("b", "c", True, False, ()),
        ("a", "d", False, True, ("mine",)),
    ]
    assert (report.n_groups, report.n_grouped, report.n_leaking_groups) == (2, 4, 1)
    assert report.conflicts == (report.stories[1],)
    mapping = report.to_mapping()
    assert (mapping["n_leaks"], mapping["n_conflicts"]) == (1, 1)
    json.dumps(mapping)


def test_check_sources_unjudged_labels_are_no_conflict(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": "a", "text": STORY, "labels": ["mine"]},
        {"id": "b", "text": STORY, "labels": [], "unknown": ["mine"]},
    ]
    report = check_sources([write(tmp_path / "a.jsonl", *rows)])
    assert report.conflicts == ()
    assert report.n_leaking_groups == 0
    assert report.n_groups == 1


def test_check_sources_counts_rows_labels_and_faults(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        {"id": "a", "text": STORY, "labels": ["mine", "arms"]},
        {"id": "a", "text": OTHER},
        {"id": "c", "text": None},
    )
    (summary,) = (report := check_sources([path])).sources
    assert (summary.n_rows, summary.n_unlabelled, summary.labels) == (2, 1, {"arms": 1, "mine": 1})
    assert [fault.split(": ")[0] for fault in summary.bad_rows] == [f"[parse_error] {path}:3"]
    assert report.repeated_ids == ("a",)


def test_check_sources_one_file_given_twice_leaks(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", {"id": "a", "text": STORY})
    report = check_sources([path, path])
    assert report.n_leaking_groups == 1
    assert report.stories[0].is_leak


def test_check_sources_nothing_to_compare(tmp_path: Path) -> None:
    report = check_sources([write(tmp_path / "a.jsonl"), write(tmp_path / "b.jsonl", {"text": ""}, {"text": ""})])
    assert (report.stories, report.n_groups, report.n_leaking_groups) == ((), 0, 0)


@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="the shared articles are not there")
def test_check_sources_finds_the_stories_of_the_shared_dev_articles() -> None:
    report = check_sources([SHARED_DATA / "articles.dev.jsonl"])
    (summary,) = report.sources
    assert (summary.n_rows, summary.bad_rows) == (640, ())
    assert report.n_leaking_groups == 0
