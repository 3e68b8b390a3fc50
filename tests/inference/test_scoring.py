"""Scoring: as many rows out as in, in order, whatever single rows hold."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import KeywordModel, build_bundle

from hawadith.classifier import IncidentClassifier
from hawadith.prediction import Prediction
from hawadith.records import Record, Row, RowFault
from hawadith.scoring import score_rows

FAULT = RowFault(id="bad", status="parse_error", message="a.jsonl:3: no JSON", location="a.jsonl:3")


def build_classifier() -> IncidentClassifier:
    return IncidentClassifier(build_bundle("mine"), model=KeywordModel(["لغم"]))


def score(rows: Sequence[Row], shard_rows: int = 4) -> list[tuple[Row, Prediction]]:
    shards = score_rows(rows, predictor=build_classifier(), evidence=True, shard_rows=shard_rows)
    return [pair for shard in shards for pair in shard]


texts = st.sampled_from(["انفجر لغم", "خبر عادي", "", "سم", "عدم"])
rows = st.lists(st.one_of(st.builds(Record, id=st.just("a"), text=texts), st.just(FAULT)), max_size=20)


@given(rows, st.integers(1, 7))
def test_scoring_gives_one_row_for_every_row_in_order(rows: list[Row], shard_rows: int) -> None:
    expected = {"انفجر لغم": "ok", "خبر عادي": "ok", "": "empty", "سم": "error", "عدم": "nonfinite"}
    scored = score(rows, shard_rows)
    assert [row for row, _ in scored] == rows
    assert [p.status for _, p in scored] == [
        "parse_error" if isinstance(row, RowFault) else expected[row.text] for row in rows
    ]


def test_scoring_poison_article_costs_itself_alone(caplog: pytest.LogCaptureFixture) -> None:
    records = [Record(id=str(n), text="سم" if n == 5 else "انفجر لغم") for n in range(16)]
    scored = score(records, shard_rows=16)
    assert [p.id for _, p in scored if p.status == "error"] == ["5"]
    assert all(p.labels == ("mine",) for _, p in scored if p.status == "ok")
    assert scored[5][1].error == "RuntimeError: poisoned"
    assert "'5': the model failed" in caplog.text


def test_scoring_fault_says_where() -> None:
    [(_, prediction)] = score([FAULT])
    assert prediction.error == "a.jsonl:3: no JSON"


def test_scoring_takes_no_more_than_a_shard_ahead() -> None:
    taken = 0

    def endless() -> object:
        nonlocal taken
        while True:
            taken += 1
            yield Record(id=str(taken), text="خبر")

    shards = score_rows(endless(), predictor=build_classifier(), evidence=False, shard_rows=3)  # type: ignore[arg-type]
    next(shards)
    assert taken == 3
