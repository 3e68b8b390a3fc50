"""The command line: one program, `hawadith`.

Commands of the larger packages are found through the entry-point group `hawadith.commands`, so that the arrows between packages hold.
"""

import logging
import sys
from importlib.metadata import entry_points

import typer
from rich.console import Console
from rich.text import Text

from hawadith.cli.explain import explain
from hawadith.cli.score import score
from hawadith.cli.visible import visible
from hawadith.errors import HawadithError

_USAGE_ERROR = 2


def build_app() -> typer.Typer:
    """Assemble the program from our own commands and those that other packages registered."""
    app = typer.Typer(
        name="hawadith",
        help="Reads Arabic news articles and says which incident types each one reports.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.command()(score)
    app.command()(explain)
    for entry in sorted(entry_points(group="hawadith.commands"), key=lambda entry: entry.name):
        command = entry.load()
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=entry.name)
        else:
            app.command(entry.name)(command)
    return app


class _VisibleFormatter(logging.Formatter):
    """A warning may quote a file's name, or what stands in it, as an error's message may."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record)).plain


def main() -> None:
    """Run the program; a deliberate error is one clear message, not a traceback."""
    handler = logging.StreamHandler()
    handler.setFormatter(_VisibleFormatter())
    logging.getLogger("hawadith").addHandler(handler)
    try:
        build_app()()
    except HawadithError as error:
        # A message may quote a file's name, or what stands in it.
        message = Text.assemble((type(error).__name__, "bold red"), ": ", visible(str(error)))
        Console(stderr=True).print(message, soft_wrap=True, highlight=False)
        sys.exit(_USAGE_ERROR)
    finally:
        logging.getLogger("hawadith").removeHandler(handler)
