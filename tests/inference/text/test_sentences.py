"""Sentence boundaries: what ends a sentence, what only looks like it, and the laws of the spans."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hawadith.text.sentences import MAX_SENTENCE, split_sentences

LAW = settings(deadline=None, max_examples=250)
PIECES = [
    "كلمة",
    "د",
    "بي",
    "ه",
    "3",
    "14",
    ".",
    "..",
    "…",
    "؟",
    "!",
    "،",
    " ",
    "\t",
    "\n",
    "\u2028",
    "»",
    "«",
    "(",
    ")",
    '"',
    "َ",
    "a.com",
    "?a=b",
]
pieces = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def split(raw: str) -> list[str]:
    return [raw[start:end] for start, end in split_sentences(raw)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["انفجر لغم في الطريق.", "نُقل المصابون إلى المستشفى."],
        ["من زرع اللغم؟", "لا أحد يعرف!", "التحقيق مستمر."],
        ["قال: «عبرنا ليلاً.»", "ثم سكت."],
        ["انتهت الدورية.", "(وكالات)"],
        ["بقي الأهالي ينتظرون خبراً عن العالقين في الوادي…", "ثم جاء الخبر."],
        ["وصلت القافلة في عام 2024.", "وغادرت بعد شهر."],
        ["جرت المعركة عام 40 هـ.", "ثم هدأت الجبهة."],
        ["تضررت الضيعةُ.", "وبقيت المدرسة."],
    ],
)
def test_split_ends_sentences_at_their_marks(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "بلغت النسبة 3.14 في المئة",
        "التقى د. سامي بالأهالي",
        "حضر أ. د. كريم الجلسة",
        "بثت بي.بي.سي الخبر",
        "أعلنت (أ . ف . ب) النبأ",
        "زوروا https://example.com/a.b?c=d!e للتفاصيل",
        "كتب إلى news@example.com مراراً",
        "1. شهادة السائق",
        "- 2. شهادة الجار",
        "بغداد.. مقتل ثلاثة",
        "قال الشاهد (...) ثم مضى",
        "عرضت U.S. الوساطة",
    ],
)
def test_split_keeps_what_only_looks_like_an_end(sentence: str) -> None:
    assert split(sentence) == [sentence]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("غادر الوفد .وبقي الحرس", ["غادر الوفد .", "وبقي الحرس"]),
        ("غادر الوفد.وبقي الحرس", ["غادر الوفد.", "وبقي الحرس"]),
        ("قال «لن نعود».وتابع السير", ["قال «لن نعود».", "وتابع السير"]),
        ("بنسبة 2.3%.وفيما بعد", ["بنسبة 2.3%.", "وفيما بعد"]),
        ("في عام 2014.كما عاد", ["في عام 2014.", "كما عاد"]),
        ("سطر أول\n\nسطر ثان\r\nسطر ثالث", ["سطر أول", "سطر ثان", "سطر ثالث"]),
        ("انتهى الأمر. . . وعادوا", ["انتهى الأمر. . .", "وعادوا"]),
    ],
)
def test_split_reads_hasty_typing(raw: str, expected: list[str]) -> None:
    assert split(raw) == expected


def test_split_cuts_endless_text_at_commas() -> None:
    clause = "وتحركت القافلة نحو الشرق"
    sentences = split("، ".join([clause] * 100))
    assert all(len(sentence) <= MAX_SENTENCE for sentence in sentences)
    assert all(sentence.endswith("،") for sentence in sentences[:-1])


def test_split_cuts_text_without_any_space() -> None:
    assert [len(sentence) for sentence in split("ا" * (2 * MAX_SENTENCE + 5))] == [MAX_SENTENCE, MAX_SENTENCE, 5]


@LAW
@given(pieces | st.text(st.characters(exclude_categories=()), max_size=60))
def test_split_covers_everything_but_white_space(raw: str) -> None:
    spans = split_sentences(raw)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert all(0 <= start < end <= len(raw) and raw[start:end] == raw[start:end].strip() for start, end in spans)
    assert "".join("".join(raw[start:end] for start, end in spans).split()) == "".join(raw.split())


@pytest.mark.parametrize("piece", ["ا.", "a.", "؟»", "1. ", "كلمة.", ".", "(", "ا\n", " ", "، "])
def test_split_is_fast_on_hostile_text(piece: str) -> None:
    raw = piece * (50_000 // len(piece))
    start = time.process_time()
    split_sentences(raw)
    assert time.process_time() - start < 0.5
