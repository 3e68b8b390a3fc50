"""The list of actors: forms, agreement, prefixes, and files that are laid out wrongly."""

from pathlib import Path

import pytest

from hawadith.errors import ConfigError
from hawadith_evaluation.robustness.actors import Actor, ActorList, Slot, attach, load_actors

HAMAS = Actor(id="hamas", agreement="f", names=("حركة حماس", "حماس"), short="حماس")
SYRIA = Actor(id="syria", agreement="f", names=("سوريا",), nisba=("سوري",), capital=("دمشق",))
KURD = Actor(id="kurd", agreement="p", nisba=("كردي",), plural=("أكراد", "كرد"))


@pytest.mark.parametrize(
    ("prefix", "phrase", "written"),
    [
        ("", "العراق", "العراق"),
        ("و", "العراق", "والعراق"),
        ("ل", "العراق", "للعراق"),
        ("ول", "العراق", "وللعراق"),
        ("ل", "اللبنانية", "للبنانية"),
        ("ل", "لبنان", "للبنان"),
        ("ب", "حركة حماس", "بحركة حماس"),
    ],
)
def test_prefix_is_written_as_arabic_writes_it(prefix: str, phrase: str, written: str) -> None:
    assert attach(prefix, phrase) == written


@pytest.mark.parametrize(
    ("actor", "slot", "definite", "form"),
    [
        (HAMAS, "name", False, "حركة حماس"),
        (HAMAS, "short", False, "حماس"),
        (SYRIA, "name", False, "سوريا"),
        (SYRIA, "short", False, "سوريا"),
        (SYRIA, "capital", False, "دمشق"),
        (SYRIA, "f", True, "السورية"),
        (SYRIA, "people_oblique", False, "سوريين"),
        (KURD, "people", True, "الأكراد"),
        (KURD, "m", False, "كردي"),
        (KURD, "name", False, None),
        (HAMAS, "capital", False, None),
        (HAMAS, "people", True, "عناصر حركة حماس"),
        (HAMAS, "people", False, "تابعون لحركة حماس"),
        (HAMAS, "f", True, "التابعة لحركة حماس"),
        (Actor(id="none", agreement="m"), "f", True, None),
    ],
)
def test_actor_fills_a_slot_by_a_form_that_agrees(actor: Actor, slot: Slot, definite: bool, form: str | None) -> None:
    assert actor.fill(slot, definite=definite) == form


def test_forms_are_names_seats_adjectives_and_broken_plurals() -> None:
    forms = {text: (slot, definite) for text, slot, definite in [*SYRIA.forms(), *HAMAS.forms(), *KURD.forms()]}
    assert forms["حركة حماس"] == ("name", False)
    assert forms["حماس"] == ("short", False)
    assert forms["دمشق"] == ("capital", False)
    assert forms["السوريين"] == ("people_oblique", True)
    assert forms["سوريات"] == ("women", False)
    assert forms["الكرد"] == ("people_oblique", True)


def test_peers_are_of_the_same_kind_and_agreement() -> None:
    actors = load_actors()
    iran = next(actor for actor in actors.kinds["country"] if actor.id == "iran")
    peers = actors.peers("country", iran)
    assert iran not in peers
    assert {peer.agreement for peer in peers} == {"f"}
    assert "syria" in {peer.id for peer in peers}
    assert "iraq" not in {peer.id for peer in peers}


def test_every_packaged_actor_has_a_peer_and_a_form() -> None:
    actors = load_actors()
    assert set(actors.kinds) == {"faction", "jihadist_group", "force", "country", "community"}
    for kind, members in actors.kinds.items():
        for actor in members:
            assert actors.peers(kind, actor), actor.id
            assert list(actor.forms()), actor.id


def test_one_form_names_one_actor() -> None:
    names: dict[str, str] = {}
    for members in load_actors().kinds.values():
        for actor in members:
            for name in actor.names:
                assert names.setdefault(name, actor.id) == actor.id


def test_actor_ids_are_unique() -> None:
    with pytest.raises(ConfigError, match="more than once: hamas"):
        ActorList(kinds={"faction": (HAMAS,), "other": (HAMAS,)})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("country:\n  - {id: a, agreement: x, neme: [b]}\n", r"(?s)country\.0\.agreement.*country\.0\.neme"),
        ("country: 3\n", "country"),
        ("protected: [3]\n", "does not fit the schema"),
        ("[", "not valid YAML"),
    ],
)
def test_wrong_actor_list_is_refused_with_every_fault(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "actors.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_actors(path)


def test_missing_actor_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"Cannot read .*none\.yaml"):
        load_actors(tmp_path / "none.yaml")
