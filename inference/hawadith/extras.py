"""The door of the larger packages: says which extra is missing, and the line that brings it."""

from importlib.util import find_spec

from hawadith.errors import MissingExtraError

_MODULES = {
    "eval": ("evaluate", "pydantic", "scipy", "sklearn"),
    "train": (
        "accelerate",
        "datasets",
        "evaluate",
        "nncf",
        "pydantic",
        "scipy",
        "sklearn",
        "torch",
        "transformers",
    ),
}


def require_extra(extra: str, *, command: str) -> None:
    """Check that an optional extra is installed, without importing it.

    Args:
        extra: Name of the extra, as in `pip install "hawadith[extra]"`.
        command: What needs it, for the message.

    Raises:
        MissingExtraError: If any of its packages is missing.
    """
    missing = [module for module in _MODULES[extra] if find_spec(module) is None]
    if missing:
        line = f'pip install "hawadith[{extra}]" (in a checkout: pip install -c constraints.txt ".[{extra}]")'
        raise MissingExtraError(f"`{command}` needs {', '.join(missing)}. Install them with: {line}")
