"""`python -m hawadith_training.pretrain`: for `accelerate launch -m`, and for machines where hawadith lies in a folder, not installed."""

import sys

import typer
from rich.console import Console
from rich.markup import escape

from hawadith.errors import HawadithError
from hawadith_training.commands_pretrain import pretrain

_USAGE_ERROR = 2

if __name__ == "__main__":
    try:
        typer.run(pretrain)
    except HawadithError as error:
        Console(stderr=True).print(
            f"[bold red]{type(error).__name__}[/]: {escape(str(error))}", soft_wrap=True, highlight=False
        )
        sys.exit(_USAGE_ERROR)
