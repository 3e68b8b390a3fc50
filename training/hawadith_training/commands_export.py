"""`hawadith export`. Only the door: what is behind it is imported when the command runs, so that `hawadith --help` stays quick."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hawadith.encoder.precision import Precision
from hawadith.extras import require_extra

if TYPE_CHECKING:
    from hawadith_training.articles import LabelledArticles


def export(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="A transformer bundle's folder")],
    output: Annotated[Path, typer.Option(help="The new bundle's folder")],
    precision: Annotated[
        Precision, typer.Option(help="fp32; int8-weights: smaller, same speed; int8: smaller and faster")
    ] = "fp32",
    calibrate: Annotated[
        Path | None, typer.Option(metavar="TRAIN", help="Articles that the scales of int8 are fixed on")
    ] = None,
    gate: Annotated[
        Path | None,
        typer.Option(metavar="DEV", help="Labelled articles; int8 is refused where it changes what they get"),
    ] = None,
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Go on without rows that cannot be read")
    ] = False,
) -> None:
    """Write a bundle's model in another precision; one that would say something else is refused."""
    require_extra("train", command="hawadith export")
    from hawadith.bundle import read_bundle
    from hawadith_training.articles import read_articles
    from hawadith_training.export_bundle import ExportData, export_bundle

    source = read_bundle(bundle)

    def read(path: Path) -> "LabelledArticles":
        return read_articles(
            [str(path)], typology=source.typology, profile=source.manifest.profile, skip_bad_rows=skip_bad_rows
        )

    data = ExportData(
        calibrate=read(calibrate).articles if calibrate and precision == "int8" else (),
        gate=read(gate) if gate else None,
    )
    exported = export_bundle(source, output=output, precision=precision, data=data)
    typer.echo((exported.path / "README.md").read_text("utf-8").rpartition("## Runtime")[2].strip())
    typer.echo(f"Written to {output}")
