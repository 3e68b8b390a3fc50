"""The report in Debian's chromium: it renders, asks for nothing, runs nothing, and fits a phone and a sheet of paper."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.evaluation.report.contents import LABELS, full_content
from tests.evaluation.report.test_page_hostile import hostile_content
from tests.inference.explain.test_page_hostile import HOSTILE

from hawadith_evaluation.report import ReportContent, write_report_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DESKTOP, PHONE = (1280, 900), (390, 844)

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")]


@dataclass(kw_only=True)
class Visit:
    """A loaded page, what it asked for and what the browser complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


def open_file(
    browser: Browser, path: Path, *, size: tuple[int, int] = DESKTOP, scheme: Literal["light", "dark"] = "light"
) -> Visit:
    """Open a file and note everything that happens."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    visit = Visit(page=context.new_page())
    visit.page.on("request", lambda request: visit.requests.append(request.url))
    visit.page.on("console", lambda message: visit.complaints.append(message.text))
    visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    visit.page.on("dialog", lambda dialog: visit.complaints.append(f"dialog: {dialog.message}"))
    visit.page.goto(path.as_uri())
    return visit


def open_report(
    browser: Browser,
    folder: Path,
    content: ReportContent,
    *,
    size: tuple[int, int] = DESKTOP,
    scheme: Literal["light", "dark"] = "light",
) -> Visit:
    """Write a report and open it."""
    path = folder / "report.html"
    write_report_page(path, content)
    return open_file(browser, path, size=size, scheme=scheme)


def test_report_renders_without_a_complaint_or_a_request(browser: Browser, tmp_path: Path) -> None:
    visit = open_report(browser, tmp_path, full_content())
    assert visit.requests == [(tmp_path / "report.html").as_uri()]
    assert visit.complaints == []
    assert visit.page.get_by_role("heading", level=1).inner_text() == "Evaluation report"
    assert visit.page.locator("main > section").count() == 12


def test_charts_are_drawn(browser: Browser, tmp_path: Path) -> None:
    visit = open_report(browser, tmp_path, full_content())
    charts = visit.page.locator(".plot svg")
    assert charts.count() == 3 * len(LABELS)
    for number in range(charts.count()):
        box = charts.nth(number).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 150
    curve = visit.page.locator(".plot .curve").first
    length = curve.evaluate("path => path.getTotalLength()")
    colour = curve.evaluate("path => getComputedStyle(path).stroke")
    assert length > 100
    assert colour not in {"none", "rgb(0, 0, 0)"}


def test_strips_put_the_dot_where_the_value_is(browser: Browser, tmp_path: Path) -> None:
    visit = open_report(browser, tmp_path, full_content())
    strip = visit.page.locator("#figures .strip").first  # precision of the first label: 0.80
    whole, dot = strip.bounding_box(), strip.locator(".dot").bounding_box()
    assert whole is not None
    assert dot is not None
    centre = (dot["x"] + dot["width"] / 2 - whole["x"]) / whole["width"]
    assert centre == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize("size", [DESKTOP, PHONE, (320, 640)])
def test_page_never_scrolls_sideways(browser: Browser, tmp_path: Path, size: tuple[int, int]) -> None:
    visit = open_report(browser, tmp_path, full_content(), size=size)
    visit.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_wide_tables_scroll_inside_themselves_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    visit = open_report(browser, tmp_path, full_content(), size=PHONE)
    region = visit.page.locator("#figures .scroll")
    assert region.evaluate("region => { region.scrollLeft = 400; return region.scrollLeft }") > 100
    name = region.locator("tbody th").first.bounding_box()
    assert name is not None
    assert name["x"] >= 0  # the name of the row stays in sight


def test_letters_of_charts_stay_readable_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    visit = open_report(browser, tmp_path, full_content(), size=PHONE)
    for text in visit.page.locator(".plot .tick").all():
        box = text.bounding_box()
        assert box is not None
        assert box["height"] >= 11


def test_dark_theme_turns_page_and_charts(browser: Browser, tmp_path: Path) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        visit = open_report(browser, tmp_path, full_content(), scheme=scheme)
        colours[scheme] = visit.page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.tick')).fill,"
            " getComputedStyle(document.querySelector('.curve')).stroke]"
        )
    assert all(light != dark for light, dark in zip(colours["light"], colours["dark"], strict=True))


def test_failures_open_on_a_click_and_run_right_to_left(browser: Browser, tmp_path: Path) -> None:
    visit = open_report(browser, tmp_path, full_content())
    item = visit.page.locator(".failure").first
    assert not item.locator(".text").is_visible()
    item.locator("summary").first.click()
    assert item.locator(".text").is_visible()
    assert item.locator("mark").first.is_visible()
    assert item.locator(".text p").first.evaluate("p => getComputedStyle(p).direction") == "rtl"


def test_paper_holds_what_the_screen_folds_away(browser: Browser, tmp_path: Path) -> None:
    visit = open_report(browser, tmp_path, full_content())
    folded = visit.page.locator("details .text, details .scroll, details .case")
    assert not any(folded.evaluate_all("nodes => nodes.map(node => node.checkVisibility())"))
    visit.page.emulate_media(media="print")
    assert all(folded.evaluate_all("nodes => nodes.map(node => node.checkVisibility() && node.clientHeight > 10)"))
    assert visit.page.locator("nav").is_hidden()
    assert len(visit.page.pdf(format="A4")) > 20_000


@pytest.mark.parametrize("payload", HOSTILE[:6] + HOSTILE[10:13])
def test_hostile_text_does_nothing(browser: Browser, tmp_path: Path, payload: str) -> None:
    visit = open_report(browser, tmp_path, hostile_content(payload))
    visit.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert visit.requests == [(tmp_path / "report.html").as_uri()]
    assert visit.complaints == []
    assert visit.page.title() == "hawadith: evaluation report"
    assert visit.page.locator("script, img, iframe, a[href^='javascript'], [onload], [onerror]").count() == 0
    assert visit.page.locator("main > section").count() == 12


def test_browser_refuses_a_script_that_slipped_in(browser: Browser, tmp_path: Path) -> None:
    """The second wall: even markup that no escaping stopped cannot run or ask for anything under the page's policy."""
    path = tmp_path / "report.html"
    write_report_page(path, full_content())
    page = path.read_text(encoding="utf-8")
    slipped = "<main><script>document.title='owned'</script><img src='https://example.org/a.png'>"
    path.write_text(page.replace("<main>", slipped), encoding="utf-8")
    visit = open_file(browser, path)
    assert visit.page.title() == "hawadith: evaluation report"
    assert len([line for line in visit.complaints if "Content Security Policy" in line]) >= 2


def test_long_unbroken_names_stay_inside_the_page(browser: Browser, tmp_path: Path) -> None:
    long = "x" * 400
    content = hostile_content(long)
    visit = open_report(browser, tmp_path, content, size=PHONE)
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
