"""Page residue: what goes, and above all what stays. All pages here are invented."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import SAMPLES

from hawadith.text.aligned import outside
from hawadith.text.residue import find_residue

LEAD = "قتل ثلاثة رعاة عندما انفجر لغم أرضي من مخلفات الحرب تحت عربتهم في وادي السرو شرقي البلدة صباح أمس."
MORE = "وقال شهود من أهالي الوادي إن العربة كانت عائدة من سوق الماشية، وإن المنطقة لم تمسح من الألغام حتى اليوم."
HEADLINES = [
    "ضبط شحنة صواريخ على متن قارب في الميناء",
    "وزير النقل يفتتح طريقا جديدا في الشمال",
    "من يزرع الألغام في حقول القمح؟",
]


def keep(raw: str) -> str:
    return "".join(raw[start:end] for start, end in outside(find_residue(raw), len(raw)))


def lines(*parts: str) -> str:
    return "\n".join(parts)


@pytest.mark.parametrize(
    "line",
    [
        "شارك",
        "شارك هذا الموضوع:",
        "مشاركة على فيسبوك",
        "Share on Facebook",
        "Tweet",
        "واتساب",
        "طباعة",
        "حجم الخط + -",
        "تابعنا على تويتر وتلغرام",
        "النشرة البريدية",
        "اشترك في النشرة ليصلك كل جديد",
        "...المزيد",
        "اترك تعليقا إلغاء الرد",
        "التعليقات (0)",
        "جميع الحقوق محفوظة © رصيف الجنوب",
        "حقوق النشر محفوظة لصحيفة الوادي",
        "// انتهى //",
        "{{sidebarTitle}}",
        "صوت الوادي – متابعات",
        "اقرأ أيضا: ضبط شحنة صواريخ في الميناء",
        "مقالات ذات صلة",
        "الأكثر قراءة",
    ],
)
def test_find_residue_drops_furniture_wherever_it_stands(line: str) -> None:
    assert keep(lines(line, LEAD, MORE)).strip() == lines(LEAD, MORE)
    assert keep(lines(LEAD, line, MORE)).split("\n\n") == [LEAD, MORE]
    assert keep(lines(LEAD, MORE, line)).strip() == lines(LEAD, MORE)


@pytest.mark.parametrize(
    "line",
    [
        "شارك المئات في تشييع الضحايا",
        "المزيد من الضحايا في الطريق إلى المستشفى",
        "الأكثر تضررا هم الأطفال",
        "طباعة المنشورات أدت إلى اعتقالهم",
        "تويتر تغلق حسابات الميليشيا",
        "أخبار ذات صلة بالألغام وردت إلى الوكالة",
        "اقرأ أيها القارئ هذه الشهادة",
        "العالم يتفرج",
        "جريمة على الطريق",
    ],
)
def test_find_residue_keeps_prose_that_begins_alike(line: str) -> None:
    assert line in keep(lines(LEAD, line, MORE))


def test_find_residue_drops_headlines_under_a_final_header() -> None:
    assert keep(lines(LEAD, MORE, "مقالات ذات صلة", *HEADLINES, "اترك تعليقا")).strip() == lines(LEAD, MORE)


def test_find_residue_drops_headlines_behind_a_bar_of_buttons() -> None:
    assert keep(lines(LEAD, MORE, "شارك", "تويتر", "واتساب", *HEADLINES)).strip() == lines(LEAD, MORE)


def test_find_residue_drops_a_list_in_mid_article_and_goes_on() -> None:
    assert keep(lines(LEAD, "اقرأ أيضا", *HEADLINES, MORE)).split() == lines(LEAD, MORE).split()


def test_find_residue_keeps_a_subheading_behind_a_list() -> None:
    kept = keep(lines(LEAD, "اقرأ أيضا", HEADLINES[0], "شهادات من الوادي", MORE))
    assert kept.split() == lines(LEAD, "شهادات من الوادي", MORE).split()


@pytest.mark.parametrize("line", ["مواضيع ذات صله", "إقرأ أيضا", "اخبار اخري", "الاكثر قراءه", "إلغاء الرد"])
def test_find_residue_reads_letters_that_writers_interchange_alike(line: str) -> None:
    assert keep(lines(LEAD, line, MORE)).split("\n\n") == [LEAD, MORE]


@pytest.mark.parametrize("header", ["من أرشيفنا", "السابق", "درعا"])
def test_find_residue_drops_headlines_that_nothing_announces_below_the_last_sentence(header: str) -> None:
    assert keep(lines(LEAD, MORE, *HEADLINES)).strip() == lines(LEAD, MORE)
    assert keep(lines(LEAD, MORE, header, *HEADLINES)).strip() == lines(LEAD, MORE)


@pytest.mark.parametrize(
    "own",
    [
        ["وطالب أهالي الوادي في بيانهم بما يلي:", *HEADLINES],
        [f"- {headline}" for headline in HEADLINES],
        [f"{number}. {headline}" for number, headline in enumerate(HEADLINES, start=1)],
        HEADLINES[:2],
        ["بقلم سعاد", "مراسلة", "وادي السرو", "صوت الوادي"],
        [*HEADLINES, MORE.rstrip(".") + " ولا يعرف أحد متى يبدأ المسح"],
    ],
)
def test_find_residue_keeps_short_lines_of_the_article_at_its_end(own: list[str]) -> None:
    assert keep(lines(LEAD, MORE, *own)) == lines(LEAD, MORE, *own)


def test_find_residue_keeps_short_sentences_above_and_among_short_lines() -> None:
    last = "ولم ترد أي معلومات عن الأضرار."
    assert keep(lines(LEAD, MORE, last, *HEADLINES)).strip() == lines(LEAD, MORE, last)
    sentences = [f"{headline.rstrip('؟')}." for headline in HEADLINES]
    assert keep(lines(LEAD, MORE, *sentences)) == lines(LEAD, MORE, *sentences)


def test_find_residue_keeps_headlines_below_what_is_no_sentence() -> None:
    paragraph = f"{MORE.rstrip('.')} وهو ما أكده مختار القرية الواقعة على الطرف الآخر من الوادي في حديثه إلينا"
    assert keep(lines(LEAD, MORE, paragraph, *HEADLINES)) == lines(LEAD, MORE, paragraph, *HEADLINES)


def test_find_residue_keeps_headlines_without_a_header() -> None:
    assert keep(lines(LEAD, *HEADLINES, MORE)) == lines(LEAD, *HEADLINES, MORE)


def test_find_residue_keeps_short_paragraphs_where_nobody_writes_full_stops() -> None:
    paragraphs = [
        LEAD.rstrip("."),
        MORE.rstrip("."),
        "ونقل المصابون إلى المستشفى الريفي في البلدة",
        "ولم تعلن أي جهة مسؤوليتها",
    ]
    raw = lines(*paragraphs[:2], "مقالات ذات صلة", *paragraphs[2:])
    assert keep(raw).split() == lines(*paragraphs).split()


def test_find_residue_drops_a_final_list_under_a_header_where_nobody_writes_full_stops() -> None:
    paragraph = f"{LEAD.rstrip('.')} {MORE.rstrip('.')}"
    assert keep(lines(paragraph, "مقالات ذات صلة", *HEADLINES)).strip() == paragraph
    assert keep(lines(paragraph, *HEADLINES)) == lines(paragraph, *HEADLINES)


def test_find_residue_drops_menus() -> None:
    menu = "الرئيسية سياسة اقتصاد رياضة منوعات"
    assert keep(f"{menu} {LEAD}").strip() == LEAD
    assert keep(lines(*menu.split(), LEAD, MORE)).strip() == lines(LEAD, MORE)


def test_find_residue_keeps_sections_named_in_prose() -> None:
    prose = "ناقش البرنامج سياسة واقتصاد ورياضة البلاد، ثم عاد إلى الصفحة الرئيسية للموقع."
    assert keep(prose) == prose


def test_find_residue_drops_the_site_head_but_not_the_page_title() -> None:
    title = "لغم يقتل ثلاثة رعاة في وادي السرو - صوت الوادي"
    raw = lines(title, *HEADLINES[:2], "الرئيسية", LEAD, MORE)
    assert keep(raw).split() == lines(title, LEAD, MORE).split()


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("القاهرة - رويترز: قتل ثلاثة.", "قتل ثلاثة."),
        ("صنعاء (أ ف ب) - قتل ثلاثة.", "قتل ثلاثة."),
        ("وكالات - قتل ثلاثة.", "قتل ثلاثة."),
        ("قتل ثلاثة في الوادي. (وكالات)", "قتل ثلاثة في الوادي."),
        ("قتل ثلاثة في الوادي. (أ .ف .ب)", "قتل ثلاثة في الوادي."),
        ("قتل ثلاثة في الوادي. (رويترز، د.ب.أ)", "قتل ثلاثة في الوادي."),
        ("لغم يقتل ثلاثة في الوادي - سبوتنيك", "لغم يقتل ثلاثة في الوادي"),
    ],
)
def test_find_residue_drops_agency_tags_alone(raw: str, kept: str) -> None:
    assert keep(raw).strip() == kept


@pytest.mark.parametrize(
    "raw",
    [
        "قالت رويترز إن لغما انفجر.",
        "نقلت وكالة سبوتنيك عن الجيش: انفجر لغم.",
        "انفجر لغم قرب مقر (رويترز) في المدينة.",
        "تحدث إلينا (بنا نبدأ) شاهد.",
        "الأناضول هضبة واسعة.",
    ],
)
def test_find_residue_keeps_agencies_that_are_named_in_prose(raw: str) -> None:
    assert find_residue(raw) == []


@pytest.mark.parametrize("raw", ["", "   ", "شارك", "تويتر\nفيسبوك", "(وكالات)"])
def test_find_residue_leaves_a_text_that_is_nothing_else(raw: str) -> None:
    assert find_residue(raw) == []


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [LEAD, MORE, *HEADLINES, "شارك", "تويتر", "الرئيسية", "مقالات ذات صلة", "", "- رويترز", "2022/01/01"]
        ),
        max_size=14,
    )
)
def test_find_residue_never_touches_a_full_sentence(parts: list[str]) -> None:
    raw = lines(*parts)
    spans = find_residue(raw)
    assert all(0 <= start < end <= len(raw) for start, end in spans)
    assert all(first[1] < second[0] for first, second in pairwise(spans))
    assert [line for line in keep(raw).split("\n") if line in (LEAD, MORE)] == [p for p in parts if p in (LEAD, MORE)]


@pytest.mark.skipif(not SAMPLES.exists(), reason="samples/articles.jsonl is absent")
def test_find_residue_keeps_all_evidence_of_the_samples() -> None:
    rows = [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]
    lost = [
        (row["id"], span)
        for row in rows
        for span in find_residue(row["text"])
        for item in row.get("evidence", [])
        if item["field"] == "text" and span[0] < item["end"] and item["start"] < span[1]
    ]
    assert lost == []
