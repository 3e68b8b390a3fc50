"""What a command may write over: never its own input."""

from collections.abc import Sequence
from pathlib import Path

from hawadith.errors import OutputError


def check_not_input(output: Path, *, inputs: Sequence[Path]) -> None:
    """Refuse an output that would replace an input, or fall into an input folder and be read the next time.

    Args:
        output: Where the command will write.
        inputs: What it reads; `-` is standard input.

    Raises:
        OutputError: If the output is an input, or lies in an input folder.
    """
    target = output.resolve()
    for source in inputs:
        if source == Path("-"):
            continue
        place = source.resolve()
        if target == place or (place.is_dir() and target.is_relative_to(place)):
            raise OutputError(f"--output {output} would write over, or into, the input {source}. Choose another place.")
