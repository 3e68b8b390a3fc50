"""Auxiliary articles tell nothing about measured ones, and a fingerprint speaks of all that a model can learn from."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from tests.builders import build_typology

from hawadith.records import Mark, Record
from hawadith.text.article import TextProfile
from hawadith_training.articles import (
    LabelledArticles,
    fingerprint,
    join_articles,
    prepare_records,
    select_auxiliary,
)

STORY = "انفجر لغم أرضي بسيارة مزارع قرب القرية صباح أمس وأصيب اثنان من أبنائه بجروح خطيرة"
RETOLD = f"{STORY} ونقلتهما سيارة الإسعاف إلى مستشفى المدينة حيث وصف الأطباء حالتهما بالمستقرة"
RETOLD_AGAIN = RETOLD.removeprefix(STORY[:60]).strip()
OTHERS = [
    "افتتح الوزير معرض الكتاب في العاصمة بحضور عدد كبير من الناشرين العرب",
    "تعادل الفريقان في مباراة الذهاب أمام جمهور غفير ملأ مدرجات الملعب",
    "ارتفعت أسعار القمح في الأسواق العالمية هذا الأسبوع بعد موجة من الجفاف",
]


def build_records(*texts: str, prefix: str = "a") -> list[Record]:
    """Records of the given bodies; every second reports a mine."""
    return [
        Record(id=f"{prefix}{row}", title=f"خبر {row}", text=text, labels=("mine",) * (row % 2))
        for row, text in enumerate(texts)
    ]


def prepare(records: Sequence[Record]) -> LabelledArticles:
    return prepare_records(records, typology=build_typology("mine", "arms"), profile=TextProfile())


def ids(articles: LabelledArticles) -> list[str]:
    return [record.id for record in articles.records]


def test_auxiliary_articles_that_retell_a_measured_one_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    auxiliary = prepare(build_records(OTHERS[0], RETOLD, OTHERS[1], STORY))
    kept = select_auxiliary(auxiliary, measured=build_records(STORY, OTHERS[2], prefix="m"))
    assert ids(kept) == ["a0", "a2"]
    assert kept.auxiliary is not None
    assert kept.auxiliary.tolist() == [True, True]
    assert [article.text.raw for article in kept.articles] == [OTHERS[0], OTHERS[1]]
    assert kept.targets.positive.shape == (2, 2)
    assert [record.getMessage() for record in caplog.records] == [
        "2 of 4 auxiliary articles retell a measured one and are left out."
    ]


def test_auxiliary_articles_that_retell_one_another_stay(caplog: pytest.LogCaptureFixture) -> None:
    kept = select_auxiliary(prepare(build_records(STORY, RETOLD)), measured=build_records(OTHERS[0], prefix="m"))
    assert ids(kept) == ["a0", "a1"]
    assert not caplog.records


@pytest.mark.parametrize(("texts", "kept"), [([RETOLD, RETOLD_AGAIN], []), ([OTHERS[0], RETOLD_AGAIN], ["a0", "a1"])])
def test_auxiliary_articles_at_second_hand_are_left_out_where_the_first_is_there(
    texts: list[str], kept: list[str]
) -> None:
    measured = build_records(STORY, prefix="m")
    assert ids(select_auxiliary(prepare(build_records(*texts)), measured=measured)) == kept


def test_auxiliary_articles_may_all_be_left_out() -> None:
    learned = prepare(build_records(STORY, OTHERS[0], prefix="m"))
    none = select_auxiliary(prepare(build_records(RETOLD)), measured=learned.records)
    joined = join_articles(learned, none)
    assert ids(joined) == ["m0", "m1"]
    assert joined.measured.tolist() == [0, 1]


def test_measured_articles_are_all_that_are_not_auxiliary() -> None:
    learned = prepare(build_records(*OTHERS, prefix="m"))
    assert learned.measured.tolist() == [0, 1, 2]
    auxiliary = select_auxiliary(prepare(build_records(STORY)), measured=learned.records)
    assert auxiliary.measured.tolist() == []
    joined = join_articles(join_articles(learned, auxiliary), learned)
    assert joined.measured.tolist() == [0, 1, 2, 4, 5, 6]


def test_articles_stay_auxiliary_where_they_are_selected() -> None:
    learned = prepare(build_records(*OTHERS, prefix="m"))
    joined = join_articles(select_auxiliary(prepare(build_records(STORY)), measured=learned.records), learned)
    turned = joined.select(np.array([2, 0, 1]))
    assert ids(turned) == ["m1", "a0", "m0"]
    assert turned.measured.tolist() == [0, 2]
    assert learned.select(np.array([1])).auxiliary is None


def former_fingerprint(records: Sequence[Record]) -> str:
    """As it was before records carried marks."""
    digest = hashlib.sha256()
    for record in records:
        row = (record.id, record.title, record.text, record.labels, record.unknown)
        digest.update(json.dumps(row).encode() + b"\n")
    return digest.hexdigest()


def test_fingerprint_of_records_without_marks_is_what_it_ever_was() -> None:
    records = [*build_records(STORY, *OTHERS), Record(id="u", text=STORY, unknown=("arms",), source="s")]
    assert fingerprint(records) == former_fingerprint(records)
    assert fingerprint([]) == former_fingerprint([])


def test_fingerprint_knows_every_mark() -> None:
    plain, other = build_records(OTHERS[0], STORY)
    first, second = (Mark(label="mine", field="text", start=start, end=11) for start in (0, 7))
    variants = [
        plain,
        replace(plain, evidence=(first,)),
        replace(plain, evidence=(second,)),
        replace(plain, evidence=(first, second)),
        replace(plain, evidence=(first,), context=(second,)),
        replace(plain, context=(first,)),
        replace(plain, evidence=(replace(first, label="arms"),)),
        replace(plain, evidence=(replace(first, field="title"),)),
    ]
    assert len({fingerprint([variant, other]) for variant in variants}) == len(variants)
