"""`hawadith explain`: a review page of articles with their evidence marked."""

from pathlib import Path
from typing import Annotated

import typer

from hawadith.cli.tables import ColumnOption


def explain(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="What `hawadith score` reads")],
    output: Annotated[Path, typer.Option(help="The page, an .html file")],
    model: Annotated[
        Path | None, typer.Option(help="A bundle's folder; the bundled default model when not given")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Articles on the page at most")] = 500,
    encoding: Annotated[str, typer.Option(help="Of .csv, .tsv and .txt files, e.g. windows-1256")] = "utf-8",
    column: ColumnOption = None,
) -> None:
    """Write a review page: articles read right to left, evidence marked, nothing in them runs."""
    # Imported here, so that `hawadith --help` stays quick.
    from itertools import islice

    from hawadith.classifier import IncidentClassifier
    from hawadith.cli.paths import check_not_input
    from hawadith.explain.page import write_page
    from hawadith.readers import ReadOptions, TableLayout, read_rows
    from hawadith.records import Record, RowFault
    from hawadith.scoring import score_rows

    check_not_input(output, inputs=[source])
    classifier = IncidentClassifier.load(model)
    options = ReadOptions(encoding=encoding, table=TableLayout.from_options(column or ()))
    rows = iter(read_rows(source, options=options))
    shards = score_rows(islice(rows, limit), predictor=classifier, evidence=True)
    items = (
        (Record(id=row.id, text="") if isinstance(row, RowFault) else row, prediction)
        for shard in shards
        for row, prediction in shard
    )
    write_page(output, items, typology=classifier.typology, model_id=classifier.model_id)
    typer.echo(f"{output}")
    if next(rows, None) is not None:
        typer.echo(
            f"The first {limit} rows are on the page, further ones are not; raise --limit to see more.", err=True
        )
