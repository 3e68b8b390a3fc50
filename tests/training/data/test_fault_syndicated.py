"""Fault case 25: one story under two ids, in training and in test, would make every figure wrong."""

import json
from pathlib import Path

from hawadith.readers import read_records
from hawadith_evaluation.duplicates import group_duplicates
from hawadith_training.data.check import check_sources
from hawadith_training.data.split import split_records

STORY = "أصيب راع صباح اليوم في انفجار لغم أرضي قرب القرية القديمة ونقل إلى المستشفى القريب من البلدة وفق شهود"
OTHERS = [f"خبر رقم {n} عن معرض الكتاب رقم {n * 7} في المدينة {n * 3} صباح يوم {n * 11} من الشهر" for n in range(20)]


def write(path: Path, texts: dict[str, str]) -> Path:
    rows = [
        {"id": id_, "text": text, "labels": ["mine"] if text.startswith("أصيب") else []} for id_, text in texts.items()
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_fault_25_story_syndicated_across_train_and_test_is_found(tmp_path: Path) -> None:
    train = write(tmp_path / "train.jsonl", {"agency-1": STORY, "other": OTHERS[0]})
    test = write(tmp_path / "test.jsonl", {"paper-9": f"{STORY} عيان", "another": OTHERS[1]})
    [leak] = [story for story in check_sources([train, test]).stories if story.is_leak]
    assert (leak.first_id, leak.second_id) == ("agency-1", "paper-9")


def test_fault_25_split_keeps_a_syndicated_story_on_one_side(tmp_path: Path) -> None:
    texts = {str(n): text for n, text in enumerate([STORY, *OTHERS, f"{STORY} عيان"])}
    records = read_records(write(tmp_path / "all.jsonl", texts))
    groups = group_duplicates([record.text for record in records])
    for seed in range(10):
        parts = split_records(records, shares={"train": 0.5, "test": 0.5}, groups=groups, seed=seed)
        assert parts[0] == parts[-1]
