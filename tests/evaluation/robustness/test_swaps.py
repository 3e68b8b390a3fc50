"""Actors exchanged: everywhere, in agreement, never for one who is there already."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evaluation.robustness.suites import RECORDS

from hawadith.records import Record
from hawadith_evaluation.robustness.actors import Actor, ActorList, load_actors
from hawadith_evaluation.robustness.mentions import build_lexicon, find_mentions
from hawadith_evaluation.robustness.swaps import Swap, exchange_actors, put_in_place, swap_actors

ACTORS = load_actors()
LEXICON = build_lexicon(ACTORS)
BY_ID = {actor.id: actor for members in ACTORS.kinds.values() for actor in members}


def swap(record: Record, *, seed: int = 0, targets: int = 1) -> list[Swap]:
    return swap_actors(record, np.random.default_rng(seed), actors=ACTORS, lexicon=LEXICON, targets=targets)


def exchange(text: str, **mapping: str) -> str:
    mentions = find_mentions(text, lexicon=LEXICON)
    return put_in_place(text, mentions=mentions, mapping={old: BY_ID[new] for old, new in mapping.items()})


@pytest.mark.parametrize(
    ("text", "mapping", "changed"),
    [
        ("نفت حركة حماس الخبر", {"hamas": "taliban"}, "نفت حركة طالبان الخبر"),
        ("قالت حماس", {"hamas": "sdf"}, "قالت قسد"),
        ("وبحماس", {"hamas": "fatah"}, "وبحركة فتح"),
        ("للعراق والعراقيين", {"iraq": "lebanon"}, "للبنان واللبنانيين"),
        ("إلى لبنان ولبنانيين", {"lebanon": "iraq"}, "إلى العراق وعراقيين"),
        ("سلاح لسوريا", {"syria": "saudi_arabia"}, "سلاح للسعودية"),
        ("طائرة للمملكة العربية السعودية", {"saudi_arabia": "iran"}, "طائرة لإيران"),
        ("سيطر الحوثيون", {"houthis": "hamas"}, "سيطر عناصر حركة حماس"),
        ("المليشيات الحوثية", {"houthis": "badr"}, "المليشيات التابعة لمنظمة بدر"),
        ("تنظيم «داعش»", {"islamic_state": "al_qaeda"}, "تنظيم «القاعدة»"),
        ("مقاتلو داعش", {"islamic_state": "al_qaeda"}, "مقاتلو تنظيم القاعدة"),
        ("الأكراد والكردية", {"kurd": "shia"}, "الشيعة والشيعية"),
        ("قالت دمشق وطهران", {"syria": "egypt"}, "قالت القاهرة وطهران"),
        ("مسلح كردي", {"iran": "iraq"}, "مسلح كردي"),
    ],
)
def test_actor_is_put_in_place_in_the_form_of_its_slot(text: str, mapping: dict[str, str], changed: str) -> None:
    assert exchange(text, **mapping) == changed


def test_form_that_the_other_cannot_fill_stays() -> None:
    assert exchange("قالت دمشق في سوريا", syria="tunisia") == "قالت دمشق في تونس"


def test_swap_exchanges_every_mention_in_title_and_text() -> None:
    record = replace(RECORDS[0])
    for found in swap(record, targets=40):
        if found.source.id == "iran":
            mentioned = [
                *find_mentions(found.record.title, lexicon=LEXICON),
                *find_mentions(found.record.text, lexicon=LEXICON),
            ]
            assert "iran" not in {mention.actor.id for mention in mentioned}
            assert found.target.id in {mention.actor.id for mention in mentioned}
            assert found.record.title != record.title


def test_swap_takes_the_most_mentioned_of_each_kind_for_a_peer_that_is_not_there() -> None:
    swaps = swap(RECORDS[0], targets=40)
    assert {(found.kind, found.source.id) for found in swaps} == {
        ("country", "iran"),
        ("faction", "hamas"),
        ("force", "army"),
    }
    assert all(found.target.agreement == found.source.agreement for found in swaps)
    assert "syria" not in {found.target.id for found in swaps if found.kind == "country"}  # its capital is in the text


def test_swap_shows_where_the_actor_was() -> None:
    assert all(
        found.excerpt and found.excerpt in f"{found.record.title}\n{found.record.text}" for found in swap(RECORDS[0])
    )
    [only] = [found for found in swap(Record(id="a", title="زار بغداد", text="لا شيء.")) if found.source.id == "iraq"]
    assert only.excerpt == only.record.title


def test_swap_needs_a_peer_with_all_forms() -> None:
    lonely = ActorList(
        kinds={
            "country": (
                Actor(id="here", agreement="f", names=("سوريا",), capital=("دمشق",)),
                Actor(id="there", agreement="f", names=("مصر",)),
            )
        }
    )
    lexicon = build_lexicon(lonely)
    random = np.random.default_rng(0)
    assert swap_actors(Record(id="a", text="دمشق"), random, actors=lonely, lexicon=lexicon) == []
    assert len(swap_actors(Record(id="a", text="سوريا"), random, actors=lonely, lexicon=lexicon)) == 1


def test_exchange_leaves_no_actor_and_brings_no_actor_twice() -> None:
    record = RECORDS[0]
    before = {mention.actor.id for mention in find_mentions(record.text, lexicon=LEXICON)}
    for seed in range(20):
        changed = exchange_actors(record, np.random.default_rng(seed), actors=ACTORS, lexicon=LEXICON)
        after = {mention.actor.id for mention in find_mentions(changed.text, lexicon=LEXICON)}
        assert before.isdisjoint(after)
        assert len(after) == len(before)


def test_exchange_gives_the_very_record_without_actors() -> None:
    assert exchange_actors(RECORDS[2], np.random.default_rng(0), actors=ACTORS, lexicon=LEXICON) is RECORDS[2]


@given(text=st.text(max_size=50), seed=st.integers(0, 3))
def test_exchange_never_raises(text: str, seed: int) -> None:
    record = Record(id="a", text=f"{text} إيران {text}")
    changed = exchange_actors(record, np.random.default_rng(seed), actors=ACTORS, lexicon=LEXICON)
    assert changed.text != "" and changed.id == "a"
