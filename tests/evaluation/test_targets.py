"""Records to truth: masks, foreign labels, order."""

import logging

import pytest

from hawadith.errors import DataError
from hawadith.records import Record
from hawadith.typology import IncidentType, Typology
from hawadith_evaluation.targets import build_targets, label_targets

TYPOLOGY = Typology(
    version=1,
    labels=tuple(IncidentType(id=name, name_ar=name, name_en=name, definition=name) for name in ("mines", "arms")),
)


def record(name: str, *, labels: tuple[str, ...] = (), unknown: tuple[str, ...] = ()) -> Record:
    return Record(id=name, text="نص", labels=labels, unknown=unknown)


def test_targets_hold_one_row_per_record_in_typology_order() -> None:
    targets = build_targets([record("1", labels=("arms",)), record("2")], typology=TYPOLOGY)
    assert targets.labels == ("mines", "arms")
    assert targets.positive.tolist() == [[False, True], [False, False]]
    assert targets.judged.all()


def test_targets_mask_unknown_labels() -> None:
    targets = build_targets([record("1", labels=("arms",), unknown=("mines", "drugs"))], typology=TYPOLOGY)
    assert targets.judged.tolist() == [[False, True]]
    assert not targets.positive[0, 0]


def test_targets_of_a_label_both_given_and_unknown_are_judged() -> None:
    targets = build_targets([record("1", labels=("arms",), unknown=("arms",))], typology=TYPOLOGY)
    assert targets.positive[0, 1]
    assert targets.judged[0, 1]


def test_targets_name_foreign_labels_once_with_their_count(caplog: pytest.LogCaptureFixture) -> None:
    records = [record("1", labels=("drugs",)), record("2", labels=("drugs", "arms")), record("3", labels=("spies",))]
    with caplog.at_level(logging.WARNING, logger="hawadith"):
        targets = build_targets(records, typology=TYPOLOGY)
    assert [entry.getMessage() for entry in caplog.records] == [
        "Labels that the typology lacks were dropped: drugs (2 articles), spies (1 articles)"
    ]
    assert targets.positive.sum() == 1


def test_targets_refuse_foreign_labels_when_strict() -> None:
    with pytest.raises(DataError, match=r"drugs \(1 articles\).*mines, arms"):
        build_targets([record("1", labels=("drugs",))], typology=TYPOLOGY, strict=True)


def test_targets_select_rows_in_the_given_order() -> None:
    targets = label_targets([record("1", labels=("a",)), record("2", unknown=("a",)), record("3")], labels=["a"])
    chosen = targets.select(targets.judged[:, 0])
    assert chosen.labels == ("a",)
    assert chosen.positive.tolist() == [[True], [False]]
