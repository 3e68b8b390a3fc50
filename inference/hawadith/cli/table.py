"""The readable table of `hawadith score`: title, types with probabilities, and the sentence behind each."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hawadith.cli.visible import visible
from hawadith.prediction import Prediction
from hawadith.records import Row, RowFault
from hawadith.typology import Typology

_TITLE_CHARACTERS = 70
_QUOTE_CHARACTERS = 160
_MOST_ARTICLES = 300  # more are for a file, not for a terminal


class ResultTable:
    """Collects rows and prints them as one table at the end; what holds nothing, and what is past the 300th row, is only counted."""

    def __init__(self, *, typology: Typology) -> None:
        self._names = {label.id: f"{label.name_ar} · {label.name_en}" for label in typology.labels}
        self._without = 0
        self._unlisted = 0
        self._table = Table(box=box.SIMPLE_HEAD, show_lines=True, expand=True)
        self._table.add_column("Article", ratio=3, overflow="fold")
        self._table.add_column("Incident type", ratio=2, overflow="fold")
        self._table.add_column("p", justify="right", width=5)
        self._table.add_column("Evidence", ratio=5, overflow="fold")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is not None:
            return
        console = Console()
        console.print(self._table)
        if self._unlisted:
            console.print(f"{self._unlisted} further articles with incidents or errors are not listed: see --output.")
        console.print(f"In {self._without} further articles the model found none of the incident types.")

    def add_all(self, rows: Sequence[Row], predictions: Sequence[Prediction]) -> None:
        """Add the articles of one shard."""
        for row, prediction in zip(rows, predictions, strict=True):
            self.add(row, prediction)

    def add(self, row: Row, prediction: Prediction) -> None:
        """Add one article, a table row per given label."""
        if prediction.error is None and not prediction.labels:
            self._without += 1
            return
        if self._table.row_count >= _MOST_ARTICLES:
            self._unlisted += 1
            return
        title = "" if isinstance(row, RowFault) else row.title or row.text[:_TITLE_CHARACTERS]
        name = visible(f"{title[:_TITLE_CHARACTERS]}\n{prediction.id}")
        if prediction.error is not None:
            self._table.add_row(name, prediction.status, "", visible(prediction.error))
            return
        for label in prediction.labels:
            quotes = [item.text for item in prediction.evidence if item.label == label]
            quote = quotes[0][:_QUOTE_CHARACTERS] if quotes else ""
            self._table.add_row(name, self._names[label], f"{prediction.scores[label]:.2f}", visible(quote))
            name = Text("")
