"""`hawadith pretrain`. Only the door: what is behind it is imported when the command runs, so that `hawadith --help` stays quick."""

from pathlib import Path
from typing import Annotated

import typer

from hawadith.extras import require_extra


def pretrain(
    config: Annotated[Path, typer.Argument(help="A pre-training configuration, as in configs/pretrain/")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="A.B=VALUE", help="Change a setting; repeatable")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Stop in order after so long; the same command goes on from there")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes that tokenise")] = 1,
    export: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Do not train: write the encoder of the newest checkpoint to DIR")
    ] = None,
) -> None:
    """Pre-train an encoder on unlabelled articles; started again, it goes on from its newest checkpoint."""  # noqa: DOC501 - typer shows this
    try:
        from hawadith_training.pretrain.config import load_config
        from hawadith_training.pretrain.run import export_newest
        from hawadith_training.pretrain.run import pretrain as run
    except ModuleNotFoundError:
        # Not asked beforehand: where only torch's environment stands, parts of the extra that this command does not need are missing.
        require_extra("train", command="hawadith pretrain")
        raise
    checked = load_config(config, overrides=set_ or ())
    if export is not None:
        export_newest(checked, folder=export)
    else:
        run(checked, minutes=minutes, n_workers=workers)
