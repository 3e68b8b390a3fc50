"""The AraBERT v02 profile: reference vectors, a slow transliteration, laws, and cost on hostile input."""

import json
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import SHARED_DATA
from tests.inference.text.reference_profile import normalise_slowly

from hawadith.text.aligned import AlignedText
from hawadith.text.arabert import normalise, normalise_aligned

# Outputs of the published preprocessing for bert-base-arabertv02; frozen.
VECTORS = {
    "قُتِلَ ٣ مدنيين بانفجار لغم أرضي في ١٢/٠٥/٢٠٢٤": "قتل 3 مدنيين بانفجار لغم أرضي في 12 - 05 - 2024",
    "ضبط شحنة أسلحة... 150كغم من المتفجرات!!!": "ضبط شحنة أسلحة . . 150 كغم من المتفجرات ! !",
    "تابعوا https://example.com/a?b=1 أو راسلونا على news@example.com @user_1": "تابعوا [رابط] أو راسلونا على [رابط] [مستخدم]",
    "<p>نص<br />جديد</p> &amp; &quot;اقتباس&quot;": 'نص جديد " اقتباس "',
    "جميـــــل جداااااا": "جميل جداا",
    "العدد 1000000 و 3.14 و1,500": "العدد 1000000 و 3 . 14 و 1 , 500",
    "اندلعت إشتباكات 😀 عنيفة": "اندلعت إشتباكات عنيفة",
    "كلمة/كلمة": "كلمة - كلمة",
    "سعر 5% و ٪٥ و $30": "سعر 5 % و ٪ 5 و $ 30",
    "F16 وM23 وكوفيد19": "F16 وM23 وكوفيد 19",
    "گرداب پەنجە چین": "رداب نج ن",
    "بي.بي.سي عربي bbc.com/arabic": "بي . بي . سي عربي [رابط]",
    "": "",
}

# Further outputs that were compared with the published preprocessing, one oddity each.
ODDITIES = {
    "a@b": "[بريد]",
    "@@": "@ @",
    "ab.http://x": "[رابط]",
    "http:// ab.com": "[رابط]",
    "http://ab.com": "[رابط] [رابط]",
    "F16كلمة": "F 16 كلمة",
    "كلمة16F": "كلمة 16 F",
    "كلمة16كلمة": "كلمة 16 كلمة",
    "abكلمة16كلمة": "abكلمة 16 كلمة",
    "16كلمة16ab": "16 كلمة 16ab",
    "<>": "< >",
    "a<br<br />b>": "a",
    "x<y": "x < y",
    "htttp": "http",
    "ٱ": "ٱ",
    "&fjlig;&#0;": "fj",
    "[SEP]": "[SEP]",
    "[رابط]": "[رابط]",
    "a.comb.com": "[رابط]",
    "قال:نعم": "قال : نعم",
}

PIECES = [
    *(
        "ab",
        "a",
        "x",
        "F",
        "com",
        ".com",
        ".org",
        ".lb",
        "w",
        "www",
        "www.",
        "h",
        "t",
        "p",
        "http",
        "https",
        "://",
        "/",
        ".",
        "@",
    ),
    *(
        "_",
        "-",
        "~",
        "+",
        ":",
        "?",
        "=",
        "%",
        "#",
        "&",
        ";",
        "&amp;",
        "&#65;",
        "&lt;",
        "&gt;",
        "&fjlig;",
        "<",
        ">",
        "<br />",
        "<p",
    ),
    *(
        "ا",
        "ب",
        "كلمة",
        "1",
        "23",
        "٣",
        "۳",
        "३",
        "ـ",
        "َ",
        "ّ",
        "ٱ",
        "ٓ",
        "٪",
        "٫",
        "[",
        "]",
        "رابط",
        "[رابط]",
        "!",
        "؟",
        "…",
    ),
    *(" ", "\n", "\u200c", "\ufe0f", "\xa0", "😀", "é", "²", "\ud83d", "୍"),
]
LONG_PIECES = [
    "a",
    "b.",
    ".cd",
    "w",
    "www.",
    "http://",
    "https://",
    "@",
    ".",
    "x" * 120,
    "y" * 100,
    "z" * 30,
    " ",
    "/",
    "ا",
    "com",
    "&",
]

pieces = st.lists(st.sampled_from(PIECES), max_size=16).map("".join)
long_pieces = st.lists(st.sampled_from(LONG_PIECES), max_size=10).map("".join)
any_text = st.text(st.characters(exclude_categories=()), max_size=60)
LAW = settings(deadline=None, max_examples=250)

HOSTILE = {
    "latin letters": "x" * 50_000,
    "arabic letters": "ا" * 50_000,
    "name.": "a." * 20_000,
    "opening tags": "<" * 20_000,
    "tags without an end": "<a " * 15_000,
    "at signs": "@" * 50_000,
    "half e-mails": "a@" * 20_000,
    "broken e-mails": "a@b." * 10_000,
    "hyphens before an at sign": "a-" * 20_000 + "@",
    "schemes": "http://" * 8_000,
    "half schemes": "://" * 10_000,
    "colons before a domain": "a:" * 25_000 + ".com",
    "www": "www." * 12_000,
    "domains without a last part": "a.Com" * 10_000,
    "entities": "&amp;" * 10_000,
    "half entities": "&#" * 25_000,
    "one endless entity": "&#" + "1" * 50_000 + ";",
    "placeholders": "[رابط]" * 8_000,
    "dots": "." * 50_000,
    "digits in words": "ا1" * 25_000,
}


@pytest.mark.parametrize(("raw", "expected"), VECTORS.items())
def test_normalise_gives_the_reference_vectors(raw: str, expected: str) -> None:
    assert normalise(raw) == expected


@pytest.mark.parametrize(("raw", "expected"), ODDITIES.items())
def test_normalise_keeps_the_oddities_of_the_reference(raw: str, expected: str) -> None:
    assert normalise(raw) == expected


@pytest.mark.parametrize("raw", [*VECTORS, *ODDITIES])
def test_slow_reference_agrees_with_the_vectors(raw: str) -> None:
    assert normalise_slowly(raw) == {**VECTORS, **ODDITIES}[raw]


@LAW
@given(pieces)
def test_normalise_equals_the_slow_reference(raw: str) -> None:
    assert normalise(raw) == normalise_slowly(raw)


@LAW
@given(long_pieces)
def test_normalise_equals_the_slow_reference_on_long_addresses(raw: str) -> None:
    assert normalise(raw) == normalise_slowly(raw)


@LAW
@given(any_text)
def test_normalise_equals_the_slow_reference_on_any_unicode(raw: str) -> None:
    assert normalise(raw) == normalise_slowly(raw)


@LAW
@given(pieces | any_text)
def test_alignment_is_monotone_in_range_and_true(raw: str) -> None:
    profile = normalise_aligned(AlignedText.from_raw(raw))
    assert len(profile.text) == len(profile.starts) == len(profile.ends)
    assert np.all(np.diff(profile.starts) >= 0)
    assert np.all(np.diff(profile.ends) >= 0)
    assert np.all((profile.starts >= 0) & (profile.starts <= profile.ends) & (profile.ends <= len(raw)))
    changed = {
        (char, raw[start])
        for char, start, end in zip(profile.text, profile.starts, profile.ends, strict=True)
        if char != " " and end - start == 1 and char != raw[start]
    }
    assert all(
        (char.isdigit() and given_char.isdigit()) or (char, given_char) == ("-", "/") for char, given_char in changed
    )


# Not idempotent in the reference, and so not here: `<>` survives once and is a tag the second time (`< >`), and a repeat that is shortened
# can become `http` or `www`.
@LAW
@given(
    st.lists(st.sampled_from([piece for piece in PIECES if not set(piece) & set("<>htpw&")]), max_size=16).map("".join)
)
def test_normalise_is_idempotent_where_the_reference_is(raw: str) -> None:
    once = normalise(raw)
    assert normalise(once) == once


@LAW
@given(st.lists(st.tuples(st.sampled_from("ابتج د1.ab@\n"), st.sampled_from(["", "َ", "ّ", "ـ", "ًـ"])), max_size=40))
def test_normalise_ignores_tashkeel_and_tatweel(marked: list[tuple[str, str]]) -> None:
    assert normalise("".join(char + mark for char, mark in marked)) == normalise("".join(char for char, _ in marked))


def test_normalise_covers_marks_with_the_letter_before_them() -> None:
    profile = normalise_aligned(AlignedText.from_raw("لُغَـــمٌ"))
    assert profile.text == "لغم"
    assert profile.raw_span(0, 3) == (0, 9)


def test_normalise_refuses_what_is_no_text() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        normalise(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", HOSTILE)
def test_normalise_is_fast_on_hostile_text(name: str) -> None:
    normalise("كلمة")
    seconds = []
    for _ in range(3):
        start = time.process_time()
        normalise(HOSTILE[name])
        seconds.append(time.process_time() - start)
    assert min(seconds) < 0.05


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="the articles beside the repository are absent")
def test_normalise_equals_the_slow_reference_on_real_articles() -> None:
    with (SHARED_DATA / "articles.dev.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines][::5]
    assert [normalise(text) for text in texts] == [normalise_slowly(text) for text in texts]
