"""The typology: faults are found all at once, and YAML reads back what was written."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from tests.builders import CONFIGS, build_type, build_typology

from hawadith.errors import TypologyError
from hawadith.typology import Revision, Typology, dump_typology, load_typology, parse_typology


def test_typology_default_file_loads() -> None:
    typology = load_typology(CONFIGS / "typology.yaml")
    assert len(typology.labels) == 3
    assert all(label.includes and label.excludes for label in typology.labels)


def test_typology_round_trips_through_yaml() -> None:
    typology = Typology(
        version=2,
        labels=(build_type("mine", pooling="mean"), build_type("arms", since=2)),
        history=(Revision(version=2, renamed={"weapons": "arms"}, removed=("riot",)),),
    )
    assert parse_typology(yaml.safe_load(dump_typology(typology))) == typology


def test_typology_names_all_faults_at_once() -> None:
    labels = (build_type("Mine!"), build_type("arms", since=9), replace(build_type("arms"), definition=" "))
    with pytest.raises(TypologyError) as caught:
        Typology(version=1, labels=labels)
    message = str(caught.value)
    assert "'Mine!'" in message
    assert "since 9" in message
    assert "2 times" in message
    assert "`definition` is empty" in message


def test_typology_refuses_a_removed_label_that_is_still_there() -> None:
    history = (Revision(version=1, renamed={"arms": "weapons"}, removed=("mine",)),)
    with pytest.raises(TypologyError, match=r"'arms' was renamed.*\n.*'mine' was removed"):
        Typology(version=1, labels=build_typology("mine", "arms").labels, history=history)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([], "not list"),
        ({"version": "1", "labels": []}, "`version` is '1'"),
        ({"version": 1, "labels": {}}, "must be a list"),
        ({"version": 1, "labels": ["mine"]}, r"labels\[0\] must be a mapping"),
        ({"version": 1, "labels": [{"id": "a", "colour": "red"}]}, "unknown key 'colour'"),
        ({"version": 1, "labels": [{"id": "a"}]}, "`definition` is missing"),
        ({"version": 1, "labels": [{"id": "a", "includes": "x"}]}, "`includes` must be a list"),
        ({"version": 1, "labels": [{"id": "a", "since": "x"}]}, "`since` is 'x'"),
        ({"version": 1, "labels": [], "history": [1]}, "`history` must be"),
        ({"version": 1, "labels": []}, "`labels` is empty"),
        ({"version": 1, "labels": [], "extra": 1}, "unknown key 'extra'"),
    ],
)
def test_typology_refuses_malformed_values(raw: object, expected: str) -> None:
    with pytest.raises(TypologyError, match=expected):
        parse_typology(raw)


def test_typology_refuses_unknown_pooling() -> None:
    raw = build_typology("mine").to_mapping()
    raw["labels"][0]["pooling"] = "median"  # type: ignore[index]
    with pytest.raises(TypologyError, match="pooling 'median' is none of max, mean, first"):
        parse_typology(raw)


def test_typology_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(TypologyError, match="Give the path"):
        load_typology(tmp_path / "none.yaml")


def test_typology_broken_yaml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text("labels: [")
    with pytest.raises(TypologyError, match=r"broken\.yaml is not valid YAML"):
        load_typology(path)
