"""Parts of the data as a configuration names them: auxiliary articles come last, without those that retell another part."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.builders import CONFIGS, SAMPLES

from hawadith.readers import read_records
from hawadith.records import Record
from hawadith.typology import load_typology
from hawadith_training.config import DataConfig, TrainConfig, load_config
from hawadith_training.train import read_parts

RECORDS = read_records(SAMPLES)
TRAIN, DEV, MORE, LAST = RECORDS[:8], RECORDS[8:12], RECORDS[12:15], RECORDS[15:17]


def retell(record: Record, *, id_: str) -> Record:
    return replace(record, id=id_, title="عنوان آخر", text=f"{record.text}\nوفق ما نقلته وكالات الأنباء.")


def write(records: list[Record], path: Path) -> str:
    rows = ({"id": r.id, "title": r.title, "text": r.text, "labels": r.labels} for r in records)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def configure(data: DataConfig, *overrides: str) -> TrainConfig:
    fixed = [f"typology={CONFIGS}/typology.yaml", *overrides]
    return replace(load_config(CONFIGS / "train" / "linear.yaml", overrides=fixed), data=data)


@pytest.fixture
def data(tmp_path: Path) -> DataConfig:
    """Two files of auxiliary articles, of which one retells an article of `train` and one an article of `dev`."""
    auxiliary = [*MORE[:2], retell(TRAIN[0], id_="retold"), MORE[2]]
    return DataConfig(
        train=write(TRAIN, tmp_path / "train.jsonl"),
        dev=write(DEV, tmp_path / "dev.jsonl"),
        auxiliary=(
            write(auxiliary, tmp_path / "more.jsonl"),
            write([retell(DEV[1], id_="retold dev"), *LAST], tmp_path / "last.jsonl"),
        ),
    )


def test_auxiliary_articles_stand_last_without_those_that_retell_another_part(data: DataConfig) -> None:
    config = configure(data)
    learned, held_out = read_parts(config, typology=load_typology(Path(config.typology)))
    assert held_out is not None
    assert [record.id for record in learned.records] == [record.id for record in (*TRAIN, *MORE, *LAST)]
    assert learned.measured.tolist() == list(range(len(TRAIN)))
    assert [record.id for record in held_out.records] == [record.id for record in DEV]
    assert held_out.auxiliary is None


def test_auxiliary_articles_are_compared_with_the_parts_that_are_read_alone(data: DataConfig) -> None:
    config = configure(replace(data, dev=None))
    learned, held_out = read_parts(config, typology=load_typology(Path(config.typology)))
    assert held_out is None
    assert [record.id for record in learned.records[len(TRAIN) :]] == [
        *(record.id for record in MORE),
        "retold dev",
        *(record.id for record in LAST),
    ]


def test_auxiliary_articles_have_copies_as_others_do(data: DataConfig) -> None:
    config = configure(data, "augment=actors")
    learned, _ = read_parts(config, typology=load_typology(Path(config.typology)))
    assert len(learned.copies) == len(learned.records)
    assert any(learned.copies[len(TRAIN) :])


def test_parts_without_auxiliary_articles_are_all_measured(data: DataConfig) -> None:
    config = configure(replace(data, auxiliary=None))
    learned, _ = read_parts(config, typology=load_typology(Path(config.typology)))
    assert learned.measured.tolist() == list(range(len(TRAIN)))


@pytest.mark.parametrize(
    ("auxiliary", "paths"), [(None, ()), ("a.jsonl", ("a.jsonl",)), (("a.jsonl", "b.csv"), ("a.jsonl", "b.csv"))]
)
def test_auxiliary_paths_are_one_or_many_or_none(
    auxiliary: str | tuple[str, ...] | None, paths: tuple[str, ...]
) -> None:
    assert DataConfig(train="t.jsonl", auxiliary=auxiliary).auxiliary_paths == paths


def test_sentences_stand_behind_auxiliary_articles_and_are_fragments(data: DataConfig, tmp_path: Path) -> None:
    invented = [replace(record, id=f"s{row}", text=record.title) for row, record in enumerate(LAST)]
    config = configure(replace(data, sentences=write(invented, tmp_path / "sentences.jsonl")))
    learned, _ = read_parts(config, typology=load_typology(Path(config.typology)))
    assert [record.id for record in learned.records[-len(LAST) :]] == ["s0", "s1"]
    assert learned.measured.tolist() == list(range(len(TRAIN)))
    assert learned.fragments is not None
    assert learned.fragments.nonzero()[0].tolist() == [len(learned.records) - 2, len(learned.records) - 1]
    turned = learned.select(np.arange(len(learned.records))[::-1])
    assert turned.fragments is not None
    assert turned.fragments.nonzero()[0].tolist() == [0, 1]
    assert config.data.sentence_paths == (str(tmp_path / "sentences.jsonl"),)
    assert DataConfig(train="t.jsonl").sentence_paths == ()
    assert DataConfig(train="t.jsonl", sentences=("a", "b")).sentence_paths == ("a", "b")
