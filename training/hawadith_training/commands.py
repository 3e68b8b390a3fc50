"""`hawadith train`. Only the door: what is behind it is imported when the command runs, so that `hawadith --help` stays quick."""

from pathlib import Path
from typing import Annotated

import typer

from hawadith.errors import ConfigError
from hawadith.extras import require_extra


def train(
    config: Annotated[Path, typer.Argument(help="A training configuration, as in configs/train/")],
    output: Annotated[
        Path | None, typer.Option(help="The bundle's folder; build/<name of the configuration> by default")
    ] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="A.B=VALUE", help="Change a setting; repeatable")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue from the newest complete checkpoint")] = False,
    cross_validate: Annotated[
        int | None,
        typer.Option(min=2, metavar="K", help="Measure over K folds of train + dev instead of writing a bundle"),
    ] = None,
) -> None:
    """Train a model and write it as a bundle; or cross-validate its recipe."""  # noqa: DOC501 - typer shows this
    require_extra("train", command="hawadith train")
    from hawadith_training.config import load_config
    from hawadith_training.recipe import measure_recipe
    from hawadith_training.train import train_bundle

    if resume and cross_validate is not None:
        raise ConfigError("--resume continues a training; a cross-validation starts again. Leave one of them out.")
    checked = load_config(config, overrides=set_ or ())
    folder = output or Path("build") / config.stem
    if cross_validate is None:
        bundle = train_bundle(checked, output=folder, resume=resume)
        typer.echo((bundle.path / "README.md").read_text("utf-8"))
    else:
        measure_recipe(checked, folds=cross_validate, output=folder)
        typer.echo((folder / "report.md").read_text("utf-8"))
    typer.echo(f"Written to {folder}")
