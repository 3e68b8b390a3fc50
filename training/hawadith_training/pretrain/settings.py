"""Plain values to frozen dataclasses, strictly, with every fault named at once.

`hawadith_training.config` leaves this to pydantic. Pre-training must also start where only torch's own environment stands (see
the package), so its door needs nothing but the standard library.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import yaml

from hawadith.errors import ConfigError

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Bounds of a number, both included; a typing error lies outside, an experiment inside."""

    low: float
    high: float


def read_settings(path: Path, *, kind: type[T], overrides: Sequence[str] = ()) -> T:
    """Read a YAML file into a dataclass.

    Args:
        path: The file.
        kind: The dataclass.
        overrides: Assignments `a.b=value`, each value parsed as YAML.

    Returns:
        The checked settings.

    Raises:
        ConfigError: If the file cannot be read or does not fit; all faults are named at once with their dotted paths.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"Cannot read the configuration {path}: {error.strerror}. See configs/pretrain for complete ones."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(raw, dict):
        raise ConfigError(f"{path} must be a mapping of settings, not {type(raw).__name__}.")
    for override in overrides:
        _apply_override(raw, override)
    return build_settings(kind, raw, where=str(path))


def build_settings(kind: type[T], raw: Mapping[str, object], *, where: str) -> T:
    """Check plain values against a dataclass.

    Args:
        kind: The dataclass; its fields may be bool, int, float, str, a `Literal`, another such dataclass, a tuple of one of these, or any
            of them or None; numbers may be annotated with `Between`.
        raw: The values.
        where: What to call them in a message.

    Returns:
        The checked settings.

    Raises:
        ConfigError: If they do not fit; all faults are named at once with their dotted paths.
    """
    faults: list[str] = []
    settings = _build(kind, raw, path="", faults=faults)
    if faults:
        lines = "\n".join(f"  - {fault}" for fault in faults)
        raise ConfigError(f"{where} does not fit the schema:\n{lines}")
    return cast("T", settings)


def _build(kind: Any, raw: object, *, path: str, faults: list[str]) -> object:  # noqa: ANN401
    if get_origin(kind) is Annotated:
        inner, bounds = get_args(kind)
        value = _build(inner, raw, path=path, faults=faults)
        if isinstance(value, int | float) and not bounds.low <= value <= bounds.high:
            faults.append(f"{path}: {value} is not between {bounds.low:g} and {bounds.high:g}")
        return value
    if get_origin(kind) in (Union, types.UnionType):
        inner = next(option for option in get_args(kind) if option is not type(None))
        return None if raw is None else _build(inner, raw, path=path, faults=faults)
    if is_dataclass(kind):
        return _build_section(kind, raw, path=path, faults=faults)
    if get_origin(kind) is tuple:
        return _build_list(get_args(kind)[0], raw, path=path, faults=faults)
    return _build_scalar(kind, raw, path=path, faults=faults)


def _build_section(kind: Any, raw: object, *, path: str, faults: list[str]) -> object:  # noqa: ANN401
    if not isinstance(raw, Mapping):
        faults.append(f"{path}: expected a section of settings, got {raw!r}")
        return None
    known = {field.name: field for field in fields(kind)}
    before = len(faults)
    faults += [f"{_join(path, str(key))}: there is no such setting" for key in raw if key not in known]
    faults += [
        f"{_join(path, name)}: missing"
        for name, field in known.items()
        if name not in raw and field.default is MISSING and field.default_factory is MISSING
    ]
    hints = get_type_hints(kind, include_extras=True)
    values = {
        name: _build(hints[name], raw[name], path=_join(path, name), faults=faults) for name in known if name in raw
    }
    if len(faults) > before:
        return None
    try:
        return cast(object, kind(**values))
    except ConfigError as error:
        faults.append(f"{path}: {error}" if path else str(error))
        return None


def _build_list(kind: Any, raw: object, *, path: str, faults: list[str]) -> object:  # noqa: ANN401
    if not isinstance(raw, list | tuple):
        faults.append(f"{path}: expected a list, got {raw!r}")
        return ()
    return tuple(_build(kind, item, path=f"{path}.{place}", faults=faults) for place, item in enumerate(raw))


def _build_scalar(kind: Any, raw: object, *, path: str, faults: list[str]) -> object:  # noqa: ANN401
    if get_origin(kind) is Literal:
        if raw not in get_args(kind):
            faults.append(f"{path}: {raw!r} is none of {', '.join(map(repr, get_args(kind)))}")
        return raw
    try:
        return _SCALARS[kind](raw)
    except ValueError:
        faults.append(f"{path}: expected {kind.__name__}, got {raw!r}")
        return None


def _to_float(raw: object) -> float:
    # YAML 1.1 reads 1e-3, without a dot, as a word.
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise ValueError(raw)  # noqa: TRY004 - one kind of error for every wrong value
    return float(raw)


def _to_int(raw: object) -> int:
    number = _to_float(raw)
    if not number.is_integer():
        raise ValueError(raw)
    return raw if isinstance(raw, int) else int(number)


def _to_bool(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(raw)  # noqa: TRY004 - one kind of error for every wrong value
    return raw


def _to_str(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(raw)  # noqa: TRY004 - one kind of error for every wrong value
    return raw


_SCALARS: dict[Any, Callable[[object], object]] = {bool: _to_bool, int: _to_int, float: _to_float, str: _to_str}


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _apply_override(raw: dict[str, object], override: str) -> None:
    key, separator, value = override.partition("=")
    if not separator or not all(key.split(".")):
        raise ConfigError(f"--set {override!r}: expected a.b=value, for example --set model.layers=6")
    *parents, leaf = key.split(".")
    target = raw
    for parent in parents:
        child = target.setdefault(parent, {})
        if not isinstance(child, dict):
            raise ConfigError(f"--set {override!r}: {parent!r} is a value, not a section.")
        target = cast("dict[str, object]", child)
    try:
        target[leaf] = yaml.safe_load(value)
    except yaml.YAMLError as error:
        raise ConfigError(f"--set {override!r}: the value is not valid YAML: {error}") from error
