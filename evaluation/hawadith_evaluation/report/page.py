"""The report page: one HTML file for a sceptical reader, to open anywhere, to print, and to read on a phone.

It looks like the review page of `hawadith explain` because it uses its style sheet, and keeps its promises: no script, no request, a
policy that names the one style sheet by its hash, and article text that is isolated and whose invisible characters are named.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined

from hawadith.explain.views import N_COLOURS
from hawadith.explain.visible import spell_out, split_runs
from hawadith.writers.atomic import replace_file
from hawadith_evaluation.metrics_file import FailureValues
from hawadith_evaluation.report.assembly import build_sections, describe_identity, list_warnings, pick_headlines
from hawadith_evaluation.report.content import ReportContent
from hawadith_evaluation.report.failures import view_failure, view_labels

FAILURE_BYTES = 2_000_000
"""How much of the page articles may take: hostile text grows as it is spelt out, and the page must stay below 3 MB."""


def render_report_page(content: ReportContent) -> str:
    """Render the page.

    The same content gives the same page, byte for byte.

    Args:
        content: One evaluation.

    Returns:
        A whole HTML document, which can be encoded as UTF-8 whatever the articles hold.

    Raises:
        DataError: If the evidence of a failure lies outside of its texts.
    """
    css = _render_css()
    failures, left_out = _render_failures(content)
    return (
        _environment()
        .get_template("report/page.html.j2")
        .render(
            css=css,
            css_hash=base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii"),
            failures=failures,
            headlines=pick_headlines(content.metrics),
            identity=describe_identity(content.metrics),
            left_out=left_out,
            sections=build_sections(content),
            warnings=list_warnings(content.metrics),
        )
    )


def write_report_page(path: Path, content: ReportContent) -> None:
    """Write the page; the file appears whole or not at all.

    Args:
        path: The page; its folder is made where missing.
        content: One evaluation.

    Raises:
        DataError: As for `render_report_page`.
        OutputError: If the file cannot be written.
    """
    html = render_report_page(content)
    with replace_file(path) as temporary:
        temporary.write_text(html, encoding="utf-8", newline="\n")


def _render_failures(content: ReportContent) -> tuple[list[str], list[FailureValues]]:
    """Rendered failures as far as they fit, and those that do not."""
    template = _environment().get_template("report/failure.html.j2")
    labels = view_labels([*content.metrics["labels"], *(failure["label"] for failure in content.failures)])
    rendered: list[str] = []
    left_out: list[FailureValues] = []
    room, headed = FAILURE_BYTES, ""
    for number, failure in enumerate(content.failures, start=1):
        heading = failure["label"] != headed
        view = view_failure(failure, label=labels[failure["label"]], number=number)
        html = template.render(failure=view, heading=heading)
        size = len(html.encode("utf-8"))
        if size > room:
            left_out.append(failure)
            continue
        room -= size
        headed = failure["label"]
        rendered.append(html)
    return rendered, left_out


@cache
def _render_css() -> str:
    environment = _environment()
    review = environment.get_template("explain/page.css.j2").render(positions=[])
    return review + environment.get_template("report/page.css.j2").render()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PrefixLoader(
            {
                "report": PackageLoader("hawadith_evaluation", "report"),
                "explain": PackageLoader("hawadith", "explain"),
            }
        ),
        autoescape=True,  # whatever the file is called
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["n_colours"] = N_COLOURS
    environment.filters |= {"runs": split_runs, "spell_out": spell_out}
    return environment
