"""What makes two starts the same run, and that only one of them works on it at a time."""

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hawadith.errors import ConfigError, OutputError
from hawadith.writers.atomic import replace_file


def claim(file: Path, *, identity: Mapping[str, object]) -> None:
    """Write down what a folder was made with, or check that it is the same as now.

    Args:
        file: Where that stands.
        identity: Plain values that decide what the folder will hold.

    Raises:
        ConfigError: If the folder was made with others; all that differ are named.
    """
    own: dict[str, object] = json.loads(json.dumps(identity))
    if not file.is_file():
        with replace_file(file) as draft:
            draft.write_text(json.dumps(own, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return
    former = json.loads(file.read_bytes())
    changed = [
        f"  - {key}: {former.get(key)!r} then, {own.get(key)!r} now"
        for key in sorted(own | former)
        if former.get(key) != own.get(key)
    ]
    if changed:
        raise ConfigError(
            f"{file.parent} was begun with other settings:\n"
            + "\n".join(changed)
            + "\nUndo the changes, or name another folder (--set folder=..., --set corpus.prepared=...)."
        )


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Keep other processes away from a folder; the lock ends with the process, however that ends.

    Args:
        folder: Made where missing.

    Yields:
        Nothing.

    Raises:
        OutputError: If another process works there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OutputError(
                f"Another process works on {folder}. Wait for it, or stop it, and start again."
            ) from error
        yield
