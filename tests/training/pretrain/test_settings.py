"""The door of a pre-training configuration: strict, and all faults at once."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

import pytest

from hawadith.errors import ConfigError
from hawadith_training.pretrain.settings import Between, build_settings, read_settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A part."""

    length: Annotated[int, Between(low=1, high=9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Animal:
    """A whole, with a rule of its own."""

    name: str
    kind: Literal["cat", "dog"] = "cat"
    weight: float = 1.0
    tame: bool = True
    age: Annotated[int, Between(low=0, high=30)] | None = None
    legs: tuple[Leg, ...] = ()
    tail: Leg = field(default_factory=lambda: Leg(length=1))

    def __post_init__(self) -> None:
        if self.kind == "dog" and not self.tame:
            raise ConfigError("dogs are tame")


def build(**raw: object) -> Animal:
    return build_settings(Animal, raw, where="test")


def test_settings_are_built_with_their_types() -> None:
    animal = build(name="m", weight=3, age=None, legs=[{"length": 2}], tail={"length": 3})
    assert animal == Animal(name="m", weight=3.0, legs=(Leg(length=2),), tail=Leg(length=3))
    assert isinstance(animal.weight, float)


def test_settings_take_numbers_that_yaml_reads_as_words() -> None:
    animal = build(name="m", weight="1e-3", age="1e1")
    assert (animal.weight, animal.age) == (0.001, 10)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"age": 31}, "age: 31 is not between 0 and 30"),
        ({"age": 1.5}, "age: expected int, got 1.5"),
        ({"age": True}, "age: expected int, got True"),
        ({"weight": "much"}, "weight: expected float, got 'much'"),
        ({"weight": [1]}, r"weight: expected float, got \[1\]"),
        ({"tame": "yes"}, "tame: expected bool, got 'yes'"),
        ({"name": 5}, "name: expected str, got 5"),
        ({"kind": "cow"}, "kind: 'cow' is none of 'cat', 'dog'"),
        ({"colour": "red"}, "colour: there is no such setting"),
        ({"legs": {"length": 2}}, "legs: expected a list"),
        ({"legs": [{"length": 2}, {"length": 10}]}, r"legs\.1\.length: 10 is not between 1 and 9"),
        ({"tail": {}}, r"tail\.length: missing"),
        ({"tail": 3}, "tail: expected a section"),
        ({"kind": "dog", "tame": False}, "dogs are tame"),
    ],
)
def test_settings_that_do_not_fit_are_named(raw: dict[str, object], expected: str) -> None:
    with pytest.raises(ConfigError, match=expected):
        build(**{"name": "m", **raw})


def test_settings_name_all_faults_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        build(age="old", tail={"length": 0, "width": 1}, kind=None)
    message = str(caught.value)
    for path in ("name: missing", "age: ", "tail.length: ", "tail.width: ", "kind: "):
        assert f"- {path}" in message


def test_settings_file_takes_overrides(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("name: m\ntail: {length: 2}\n")
    read = read_settings(
        tmp_path / "a.yaml", kind=Animal, overrides=["tail.length=3", "name=a=b", "legs=[{length: 4}]"]
    )
    assert (read.tail.length, read.name, read.legs) == (3, "a=b", (Leg(length=4),))


@pytest.mark.parametrize(
    ("content", "overrides", "expected"),
    [
        (None, [], "Cannot read the configuration"),
        ("name: [", [], "not valid YAML"),
        ("- name", [], "must be a mapping"),
        ("name: m", ["name"], "expected a.b=value"),
        ("name: m", ["name.x=1"], "'name' is a value, not a section"),
        ("name: m", ["name=["], "not valid YAML"),
    ],
)
def test_settings_file_that_cannot_be_read_is_refused(
    tmp_path: Path, content: str | None, overrides: list[str], expected: str
) -> None:
    if content is not None:
        (tmp_path / "a.yaml").write_text(content)
    with pytest.raises(ConfigError, match=expected):
        read_settings(tmp_path / "a.yaml", kind=Animal, overrides=overrides)
