"""The review page, parsed back and held against the articles."""

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from tests.builders import build_typology
from tests.inference.explain.articles import TEXT, TYPOLOGY, build_item, quote
from tests.inference.explain.reading import Node, read_cards, read_marked, read_page, read_text, read_title

from hawadith.errors import DataError
from hawadith.explain import render_page, write_page
from hawadith.explain.views import READ
from hawadith.prediction import Prediction
from hawadith.records import Record, Status

TRUCK = "ضبطت دورية حدودية شاحنة محملة بالبنادق قرب المعبر."
MINE = "لغماً انفجر تحت إطارها فأصيب شرطيان."


def _render(*items: tuple[Record, Prediction]) -> str:
    return render_page(items, typology=TYPOLOGY, model_id="linear-0123456789ab")


def _chips(card: Node) -> dict[str, tuple[str, bool]]:
    """Label id -> the probability as shown, and whether the label was given."""
    chips = [
        (re.sub(r"\s+", " ", chip.raw_text()).strip().split(" ", 2), chip) for chip in card.find_all("li", style="chip")
    ]
    return {words[1]: (words[2], "given" in chip.classes) for words, chip in chips}


def test_page_shows_each_article_as_published() -> None:
    first = build_item(TEXT, quote(TEXT, TRUCK, label="arms"), id_="a-1")
    second = build_item("خبر ثقافي\nعن معرض كتاب.", title="معرض", id_="a-2")
    cards = read_cards(_render(first, second))
    assert [(read_title(card), read_text(card)) for card in cards] == [
        (record.title, record.text) for record, _ in (first, second)
    ]
    assert all(part in cards[0].find("p", style="meta").raw_text() for part in ("وكالة مخترعة", "2024-05-01", "a-1"))


def test_marks_cover_exactly_the_evidence_and_the_quotes_lead_to_them() -> None:
    title = "قتلى بلغم، وشاحنة سلاح"
    evidence = (
        quote(TEXT, MINE, label="mine"),
        quote(title, "شاحنة سلاح", label="arms", field="title"),
        quote(TEXT, TRUCK, label="arms"),
    )
    [card] = read_cards(_render(build_item(TEXT, *evidence, title=title)))
    marked = read_marked(card)
    assert marked == {f"a1-e{key}": item.text for key, item in enumerate(evidence)}
    links = [(link.attributes["href"], link.raw_text()) for link in card.find("section", style="quotes").find_all("a")]
    assert links == [(f"#a1-e{key}", evidence[key].text) for key in (1, 2, 0)]  # typology order, best first


def test_overlapping_and_coinciding_marks_each_cover_their_evidence() -> None:
    evidence = (
        quote(TEXT, TRUCK + "\n\nوقال ضابط", label="arms"),
        quote(TEXT, "قرب المعبر.\n\nوقال ضابط إن سائقها", label="mine"),
        quote(TEXT, TRUCK + "\n\nوقال ضابط", label="deal"),
    )
    [card] = read_cards(_render(build_item(TEXT, *evidence)))
    assert read_marked(card) == {f"a1-e{key}": item.text for key, item in enumerate(evidence)}
    assert read_text(card) == TEXT


def test_marks_say_their_label_without_colour() -> None:
    [card] = read_cards(_render(build_item(TEXT, quote(TEXT, TRUCK, label="arms"), quote(TEXT, MINE, label="deal"))))
    assert {mark.attributes["title"] for mark in card.find_all("mark")} == {"نوع arms", "نوع deal"}
    assert [mark.attributes["data-name"] for mark in card.find_all("mark", style="closes")] == ["نوع arms", "نوع deal"]


def test_long_article_is_folded_around_its_evidence() -> None:
    text = "جلس الصيادون على الرصيف. " * 200 + TRUCK + " وعادوا إلى بيوتهم مساء. " * 200
    [card] = read_cards(_render(build_item(text, quote(text, TRUCK, label="arms"))))
    folds = card.find_all("details", style="fold")
    assert read_text(card) == text
    assert len(folds) == 2
    assert not any("open" in fold.attributes or fold.find_all("mark") for fold in folds)
    assert sum(len(fold.raw_text()) for fold in folds) > len(text) * 0.8


def test_article_without_labels_is_collapsed() -> None:
    labelled, unlabelled = read_cards(_render(build_item(TEXT, quote(TEXT, TRUCK, label="arms")), build_item(TEXT)))
    assert (labelled.tag, unlabelled.tag) == ("article", "details")
    assert "open" not in unlabelled.attributes
    assert unlabelled.find("summary").find("h2").raw_text() == "شاحنة على المعبر"


def test_chips_show_given_labels_first_and_never_claim_certainty() -> None:
    record, _ = build_item()
    scores = {"arms": 0.0004, "mine": 0.423, "deal": 0.9999}
    prediction = Prediction(id=record.id, status="ok", labels=("deal",), scores=scores)
    [card] = read_cards(_render((record, prediction)))
    assert list(_chips(card).items()) == [
        ("deal", ("فوق 99%", True)),
        ("arms", ("دون 1%", False)),
        ("mine", ("42%", False)),
    ]


def test_summary_counts_labels_and_statuses() -> None:
    items = [
        build_item(TEXT, quote(TEXT, TRUCK, label="arms"), quote(TEXT, MINE, label="mine")),
        build_item(TEXT, quote(TEXT, TRUCK, label="arms"), status="truncated"),
        build_item(TEXT),
        build_item("", status="empty"),
    ]
    page = read_page(_render(*items))
    top = [node.raw_text() for node in page.find("dl", style="sums").find_all("dd")]
    assert top == ["3", "2", "1", "1"]
    assert [node.find("b").raw_text() for node in page.find_all("span", style="count")] == ["2", "1", "0"]
    facts = [
        (fact.find("dt").raw_text(), fact.find("dd").raw_text())
        for fact in page.find("dl", style="facts").find_all("div")
    ]
    assert facts == [
        ("النموذج", "linear-0123456789ab"),
        ("قُرئ كاملًا ok", "2"),
        ("قُرئ جزء منه truncated", "1"),
        ("لا نص فيه empty", "1"),
    ]


def test_legend_defines_every_label_in_both_languages() -> None:
    legend = read_page(_render()).find("details", style="legend").raw_text()
    assert all(text in legend for label in TYPOLOGY.labels for text in (label.name_ar, label.name_en, label.definition))


def test_failed_rows_are_listed_with_status_and_error() -> None:
    fault = (
        Record(id="in-7", text=""),
        Prediction(id="in-7", status="parse_error", scores={}, error="in.jsonl:7: <no> `text`"),
    )
    broken = build_item(TEXT, id_="x", status="nonfinite", error="not a number", title="عنوان الصف")
    html = _render(fault, broken)
    rows = [row.raw_text() for row in read_page(html).find("section", style="failures").find_all("li")]
    assert read_cards(html) == []
    assert all(part in rows[0] for part in ("in-7", "parse_error", "in.jsonl:7: <no> `text`"))
    assert all(part in rows[1] for part in ("x", "nonfinite", "not a number", "عنوان الصف"))
    assert TRUCK not in html


@pytest.mark.parametrize("status", get_args(Status))
def test_every_status_has_a_page(status: Status) -> None:
    html = _render(build_item("", status=status))
    assert bool(read_cards(html)) == (status in READ)
    assert f"<code>{status}</code>" in html


def test_page_begins_with_its_document_type() -> None:
    assert _render().startswith('<!doctype html>\n<html lang="ar" dir="rtl">\n')


def test_empty_input_gives_a_page_that_says_so() -> None:
    page = read_page(_render())
    assert read_cards(_render()) == []
    assert page.find("p", style="nothing").raw_text()
    assert page.find_all("section", style="failures") == []


def test_page_is_deterministic_and_undated_unless_told() -> None:
    item = build_item(TEXT, quote(TEXT, TRUCK, label="arms"))
    assert _render(item) == _render(item)
    dated = render_page([item], typology=TYPOLOGY, model_id="m", generated="2025-03-01")
    assert "2025-03-01" in dated
    assert "2025-03-01" not in _render(item)


def test_filter_offers_every_label_and_has_a_rule_for_each() -> None:
    html = _render(build_item(TEXT, quote(TEXT, TRUCK, label="deal")))
    page = read_page(html)
    choices = [choice.attributes["id"] for choice in page.find_all("input") if choice.attributes["type"] == "radio"]
    assert choices == ["show-all", "show-any", "show-0", "show-1", "show-2", "show-none"]
    assert all(f"#{choice}:checked" in html for choice in choices[1:])
    assert "is-2" in page.find("article").classes


def test_further_labels_use_the_colours_again_with_another_line() -> None:
    typology = build_typology(*(f"type_{number}" for number in range(10)))
    html = render_page([], typology=typology, model_id="m")
    styles = [frozenset(section.classes - {"type"}) for section in read_page(html).find_all("section", style="type")]
    assert len(set(styles)) == 10
    assert styles[8] == {"c0", "again"}


def test_policy_allows_only_the_page_own_style_sheet() -> None:
    page = read_page(_render(build_item()))
    [style] = page.find_all("style")
    [policy] = [meta.attributes["content"] for meta in page.find_all("meta") if "http-equiv" in meta.attributes]
    digest = base64.b64encode(hashlib.sha256(style.raw_text().encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


@pytest.mark.parametrize(
    ("prediction", "message"),
    [
        (Prediction(id="b", status="ok", scores={}), "same order"),
        (Prediction(id="a", status="ok", labels=("spy",), scores={}), "lacks spy"),
        (Prediction(id="a", status="ok", scores={}, evidence=(quote("xلغم", "لغم", label="mine"),)), "offsets"),
    ],
)
def test_prediction_of_something_else_is_refused(prediction: Prediction, message: str) -> None:
    with pytest.raises(DataError, match=message):
        _render((Record(id="a", text="لغم في الحقل"), prediction))


def test_written_page_is_the_rendered_page(tmp_path: Path) -> None:
    items = [build_item(TEXT, quote(TEXT, TRUCK, label="arms")), build_item("سطر\r\nوسطر \ud800")]
    write_page(tmp_path / "new" / "page.html", iter(items), typology=TYPOLOGY, model_id="m")
    expected = render_page(items, typology=TYPOLOGY, model_id="m")
    assert (tmp_path / "new" / "page.html").read_bytes() == expected.encode("utf-8")


def test_page_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    def break_off() -> Iterator[tuple[Record, Prediction]]:
        yield build_item()
        raise DataError("the input ends here")

    path = tmp_path / "page.html"
    path.write_text("old")
    with pytest.raises(DataError, match="ends here"):
        write_page(path, break_off(), typology=TYPOLOGY, model_id="m")
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]
