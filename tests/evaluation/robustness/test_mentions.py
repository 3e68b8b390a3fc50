"""Finding actors: whole words, prefixes, the longest name, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawadith_evaluation.robustness.actors import load_actors
from hawadith_evaluation.robustness.mentions import build_lexicon, find_mentions

LEXICON = build_lexicon(load_actors())


def find(text: str) -> list[tuple[str, str, str]]:
    """Of each mention the actor, the prefix and the words."""
    return [(m.actor.id, m.prefix, text[m.start : m.end]) for m in find_mentions(text, lexicon=LEXICON)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("قالت إيران", [("iran", "", "إيران")]),
        ("قالت ايران", [("iran", "", "ايران")]),
        ("قالت إِيرَان", [("iran", "", "إِيرَان")]),
        ("وإيران وبإيران", [("iran", "و", "وإيران"), ("iran", "وب", "وبإيران")]),
        ("وصل للعراق", [("iraq", "ل", "للعراق")]),
        ("وصل للبنان", [("lebanon", "ل", "للبنان")]),
        ("القوات اللبنانية", [("lebanese_forces", "", "القوات اللبنانية")]),
        ("للجيش اللبناني", [("army", "ل", "للجيش"), ("lebanon", "", "اللبناني")]),
        ("كتائب حزب الله", [("kataib_hezbollah", "", "كتائب حزب الله")]),
        ("حزب الله", [("hezbollah", "", "حزب الله")]),
        ("لحزب الله", [("hezbollah", "ل", "لحزب الله")]),
        ("تنظيم «داعش»", [("islamic_state", "", "داعش")]),
        ("تنظيم الدولة الإسلامية في العراق والشام", [("islamic_state", "", "تنظيم الدولة الإسلامية في العراق والشام")]),
        ("الحوثيون والأكراد", [("houthis", "", "الحوثيون"), ("kurd", "و", "والأكراد")]),
        ("زار سوريا", [("syria", "", "سوريا")]),
        ("الوزيرة السورية", [("syria", "", "السورية")]),
    ],
)
def test_mentions_are_found_with_their_prefixes(text: str, found: list[tuple[str, str, str]]) -> None:
    assert find(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "المحيط الهندي",  # an ocean
        "تركي المالكي",  # a person
        "عبد الملك الحوثي",  # a family
        "هذه السنة",  # a year
        "الشباب والأمل",  # the young, and hope
        "قاعدة جوية",
        "بنان وليد",
        "إيرانX",
        "حزب. الله",
        "حزب",
        "",
    ],
)
def test_what_only_looks_like_an_actor_is_none(text: str) -> None:
    assert find(text) == []


def test_name_goes_before_an_adjective_of_the_same_letters() -> None:
    [mention] = find_mentions("وصل إلى سوريا", lexicon=LEXICON)
    assert mention.slot == "short"


@given(st.text(st.sampled_from([*"وبلكف الإيرانحماسسورية.\n\u0640\u064e«"]), max_size=60))
def test_mentions_are_ordered_disjoint_and_inside(text: str) -> None:
    edges = [edge for mention in find_mentions(text, lexicon=LEXICON) for edge in (mention.start, mention.end)]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
