"""The page in a real browser: its style sheet passes its own policy, and nothing in it runs."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.inference.explain.articles import TYPOLOGY, build_item, quote
from tests.inference.explain.reading import read_cards, read_page, read_text

from hawadith.explain import write_page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-quic"),
    *("--disable-background-networking", "--disable-component-update", "--enable-logging=stderr"),
]

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")]


def _browse(path: Path, *, profile: Path) -> tuple[str, str]:
    """The page's tree after loading, and what the browser complained of."""
    command = [str(CHROMIUM), *QUIET, f"--user-data-dir={profile}", "--dump-dom", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=True)
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


def test_page_in_a_browser_shows_the_article_and_runs_nothing(tmp_path: Path) -> None:
    text = (
        "ضبطت دورية \u202eشاحنة\u202c سلاح.\r\n<img src=x onerror=\"document.title='owned'\">"
        "<script>document.title='owned'</script></style></bdi>\n\nانفجر لغم.\ud800"
    )
    items = [
        build_item(
            text,
            quote(text, "شاحنة\u202c سلاح.\r\n<img", label="arms"),
            title="<script>document.title='owned'</script>",
        )
    ]
    write_page(tmp_path / "page.html", items, typology=TYPOLOGY, model_id="m")
    tree, complaints = _browse(tmp_path / "page.html", profile=tmp_path / "profile")
    [card] = read_cards(tree.removeprefix("<!DOCTYPE html>"))
    assert read_text(card) == text
    assert read_page(tree).find("title").raw_text() == "حوادث: صفحة المراجعة"
    assert complaints == ""


def test_browser_refuses_a_script_that_slipped_in(tmp_path: Path) -> None:
    """The second wall: even markup that no escaping stopped cannot run under the page's policy."""
    path = tmp_path / "page.html"
    write_page(path, [], typology=TYPOLOGY, model_id="m")
    page = path.read_text(encoding="utf-8")
    path.write_text(page.replace("<main>", "<main><script>document.title='owned'</script>"), encoding="utf-8")
    tree, complaints = _browse(path, profile=tmp_path / "profile")
    assert "<title>owned" not in tree
    assert "Content Security Policy" in complaints
