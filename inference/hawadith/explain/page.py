"""The review page: one HTML file that an analyst opens anywhere and that does nothing but show.

It runs no script and asks for nothing from outside: a content security policy forbids both, and allows only the style sheet that it names
by its hash. Filtering, folding and the dark theme are CSS. Articles are rendered as they come and wait in a spool file, because the summary
above them needs the counts of all: memory does not grow with the page.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from jinja2 import Environment, PackageLoader, StrictUndefined

from hawadith.explain.views import READ, FailureView, LabelView, build_article, build_failure, build_labels
from hawadith.explain.visible import spell_out, split_runs
from hawadith.prediction import Prediction
from hawadith.records import Record, Status
from hawadith.typology import Typology
from hawadith.writers.atomic import replace_file

_SPOOL_BYTES = 16 * 2**20
_BLOCK_CHARACTERS = 2**20


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What the summary says, counted while the articles pass."""

    statuses: Counter[Status] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    n_labelled: int = 0
    failures: list[FailureView] = field(default_factory=list)

    @property
    def n_rows(self) -> int:
        return self.statuses.total()

    @property
    def n_read(self) -> int:
        return self.n_rows - len(self.failures)


def render_page(
    items: Iterable[tuple[Record, Prediction]], *, typology: Typology, model_id: str, generated: str | None = None
) -> str:
    """Render a review page.

    The same arguments give the same page, byte for byte.

    Args:
        items: Records with their predictions, in the order to show; a row that was never a record is one with an empty text.
        typology: The incident types of the model.
        model_id: Which model it was.
        generated: When, as the page shall say it; left out when not given.

    Returns:
        A whole HTML document, which can be encoded as UTF-8 whatever the articles hold.

    Raises:
        DataError: If a prediction is not of its record, names a label that the typology lacks, or quotes what the record does not say.
    """
    with _spool_articles(items, typology=typology) as (spool, tally):
        return "".join(_generate(spool, tally=tally, typology=typology, model_id=model_id, generated=generated))


def write_page(
    path: Path,
    items: Iterable[tuple[Record, Prediction]],
    *,
    typology: Typology,
    model_id: str,
    generated: str | None = None,
) -> None:
    """Write a review page; the file appears whole or not at all.

    Args:
        path: The page; its folder is made where missing.
        items: As for `render_page`; consumed once.
        typology: The incident types of the model.
        model_id: Which model it was.
        generated: When, as the page shall say it; left out when not given.

    Raises:
        DataError: As for `render_page`.
        OutputError: If the file cannot be written.
    """
    # The output is opened first: a folder that cannot be written to is known before any article is scored.
    with (
        replace_file(path) as temporary,
        _spool_articles(items, typology=typology) as (spool, tally),
        temporary.open("w", encoding="utf-8", newline="\n") as page,
    ):
        page.writelines(_generate(spool, tally=tally, typology=typology, model_id=model_id, generated=generated))


@contextmanager
def _spool_articles(
    items: Iterable[tuple[Record, Prediction]], *, typology: Typology
) -> Iterator[tuple[IO[str], _Tally]]:
    template = _environment().get_template("article.html.j2")
    labels = build_labels(typology)
    tally = _Tally()
    with SpooledTemporaryFile(max_size=_SPOOL_BYTES, mode="w+", encoding="utf-8", newline="") as spool:
        for number, (record, prediction) in enumerate(items, start=1):
            tally.statuses[prediction.status] += 1
            if prediction.status not in READ:
                tally.failures.append(build_failure(record, prediction))
                continue
            tally.labels.update(prediction.labels)
            tally.n_labelled += bool(prediction.labels)
            view = build_article(record, prediction, labels=labels, number=number)
            spool.write(template.render(article=view, labels=labels))
        spool.seek(0)
        yield spool, tally


def _generate(
    spool: IO[str], *, tally: _Tally, typology: Typology, model_id: str, generated: str | None
) -> Iterator[str]:
    labels = build_labels(typology)
    css = _render_css(labels)
    return (
        _environment()
        .get_template("page.html.j2")
        .generate(
            articles=iter(lambda: spool.read(_BLOCK_CHARACTERS), ""),
            css=css,
            css_hash=base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii"),
            generated=generated,
            labels=labels,
            model_id=model_id,
            tally=tally,
            typology=typology,
        )
    )


def _render_css(labels: Iterable[LabelView]) -> str:
    return _environment().get_template("page.css.j2").render(positions=[label.position for label in labels])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("hawadith", "explain"),
        autoescape=True,  # whatever the file is called
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"runs": split_runs, "spell_out": spell_out}
    return environment
