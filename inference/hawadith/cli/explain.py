"""`hawadith explain`: a review page of articles with their evidence marked."""

from pathlib import Path
from typing import Annotated

import typer


def explain(
    source: Annotated[Path, typer.Argument(metavar="INPUT", help="What `hawadith score` reads")],
    output: Annotated[Path, typer.Option(help="The page, an .html file")],
    model: Annotated[
        Path | None, typer.Option(help="A bundle's folder; the bundled default model when not given")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Articles on the page at most")] = 500,
) -> None:
    """Write a review page: articles read right to left, evidence marked, nothing in them runs."""
    # Imported here, so that `hawadith --help` stays quick.
    from itertools import islice

    from hawadith.classifier import IncidentClassifier
    from hawadith.explain.page import write_page
    from hawadith.readers import read_rows
    from hawadith.records import Record, RowFault
    from hawadith.scoring import score_rows

    classifier = IncidentClassifier.load(model)
    shards = score_rows(islice(read_rows(source), limit), predictor=classifier, evidence=True)
    items = (
        (Record(id=row.id, text="") if isinstance(row, RowFault) else row, prediction)
        for shard in shards
        for row, prediction in shard
    )
    write_page(output, items, typology=classifier.typology, model_id=classifier.model_id)
    typer.echo(f"{output}")
