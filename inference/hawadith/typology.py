"""The typology: which incident types a model knows, what each means, and how its windows are pooled.

Label names live in YAML, never in code: a new type costs one block in a typology file. A typology is frozen into every bundle, so that a
model can always say what its labels meant when it was trained.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal, cast, get_args

import yaml

from hawadith.errors import TypologyError

Pooling = Literal["max", "mean", "first"]
"""How window logits become one article logit: `max` (smooth maximum, for mentions), `mean` or `first` (for judgements on the whole)."""

_ID = re.compile(r"[a-z][a-z0-9_]{1,62}")
_REQUIRED_TEXT = ("name_ar", "name_en", "definition")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentType:
    """One incident type.

    Attributes:
        id: Stable identifier, lower-case ASCII; never reused for another meaning.
        name_ar: Arabic display name.
        name_en: English display name.
        definition: One sentence that an annotator can decide by.
        includes: Cases that count although they look borderline.
        excludes: Cases that do not count although they look alike.
        pooling: How the logits of an article's windows become one.
        since: The typology version that introduced the type.
    """

    id: str
    name_ar: str
    name_en: str
    definition: str
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    pooling: Pooling = "max"
    since: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What one typology version renamed (`old id -> new id`) and removed."""

    version: int
    renamed: Mapping[str, str]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typology:
    """An ordered set of incident types; the order is the order of a model's outputs.

    Raises:
        TypologyError: If any type or revision is not well-formed; all faults are listed at once.
    """

    version: int
    labels: tuple[IncidentType, ...]
    history: tuple[Revision, ...] = ()

    def __post_init__(self) -> None:
        faults = [*_label_faults(self), *_history_faults(self)]
        if faults:
            raise TypologyError("The typology has faults:\n" + "\n".join(f"  - {fault}" for fault in faults))

    @property
    def ids(self) -> tuple[str, ...]:
        """The label ids, in output order."""
        return tuple(label.id for label in self.labels)

    @property
    def pooling(self) -> tuple[Pooling, ...]:
        """The pooling rule of each label, in output order."""
        return tuple(label.pooling for label in self.labels)

    def to_mapping(self) -> dict[str, object]:
        """The typology as plain YAML-ready values; `parse_typology` reads it back."""
        return {
            "version": self.version,
            "labels": [
                {
                    "id": label.id,
                    "name_ar": label.name_ar,
                    "name_en": label.name_en,
                    "definition": label.definition,
                    "includes": list(label.includes),
                    "excludes": list(label.excludes),
                    "pooling": label.pooling,
                    "since": label.since,
                }
                for label in self.labels
            ],
            "history": [
                {"version": entry.version, "renamed": dict(entry.renamed), "removed": list(entry.removed)}
                for entry in self.history
            ],
        }


def load_typology(path: Path) -> Typology:
    """Read a typology from a YAML file.

    Args:
        path: The YAML file.

    Returns:
        The validated typology.

    Raises:
        TypologyError: If the file is missing, not YAML, or not a well-formed typology.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TypologyError(
            f"Cannot read the typology {path}: {error.strerror}. Give the path of a typology YAML file."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise TypologyError(f"{path} is not valid YAML: {error}") from error
    try:
        return parse_typology(raw)
    except TypologyError as error:
        raise TypologyError(f"{path}: {error}") from error


def dump_typology(typology: Typology) -> str:
    """Write a typology as YAML text that `load_typology` reads back unchanged."""
    return yaml.safe_dump(typology.to_mapping(), allow_unicode=True, sort_keys=False, width=120)


def parse_typology(raw: object) -> Typology:
    """Build a typology from plain values, as YAML or JSON gives them.

    Args:
        raw: A mapping with `version`, `labels` and, optionally, `history`.

    Returns:
        The validated typology.

    Raises:
        TypologyError: If the values are not a well-formed typology; all faults are listed at once.
    """
    if not isinstance(raw, Mapping):
        raise TypologyError(f"A typology is a mapping with `version` and `labels`, not {type(raw).__name__}.")
    faults = _shape_faults(raw)
    if faults:
        raise TypologyError("The typology has faults:\n" + "\n".join(f"  - {fault}" for fault in faults))
    return Typology(
        version=raw["version"],
        labels=tuple(_parse_label(label) for label in raw["labels"]),
        history=tuple(
            Revision(
                version=entry["version"],
                renamed=dict(entry.get("renamed") or {}),
                removed=tuple(entry.get("removed") or ()),
            )
            for entry in raw.get("history") or ()
        ),
    )


def _parse_label(raw: Mapping[str, object]) -> IncidentType:
    values = dict(raw)
    for key in ("includes", "excludes"):
        values[key] = tuple(cast("Iterable[str]", values.get(key) or ()))
    return IncidentType(**values)  # type: ignore[arg-type]  # the shape was checked by _shape_faults


def _shape_faults(raw: Mapping[object, object]) -> list[str]:
    """Faults of the plain values that would keep the types from being built."""
    faults = [f"unknown key {key!r}" for key in raw if key not in {"version", "labels", "history"}]
    if not isinstance(raw.get("version"), int):
        faults.append(f"`version` is {raw.get('version')!r}; it must be a whole number")
    labels = raw.get("labels")
    if not isinstance(labels, list):
        faults.append("`labels` must be a list of incident types")
        labels = []
    for position, label in enumerate(labels):
        faults += _label_shape_faults(label, position)
    history = raw.get("history") or []
    if not isinstance(history, list) or not all(
        isinstance(e, Mapping) and isinstance(e.get("version"), int) for e in history
    ):
        faults.append("`history` must be a list of {version, renamed, removed}")
    return faults


def _label_shape_faults(label: object, position: int) -> list[str]:
    where = f"labels[{position}]"
    if not isinstance(label, Mapping):
        return [f"{where} must be a mapping, not {type(label).__name__}"]
    known = {field.name for field in fields(IncidentType)}
    faults = [
        f"{where}: unknown key {key!r}; known are {', '.join(sorted(known))}" for key in label if key not in known
    ]
    faults += [
        f"{where}: `{key}` is missing or no text"
        for key in ("id", *_REQUIRED_TEXT)
        if not isinstance(label.get(key), str)
    ]
    for key in ("includes", "excludes"):
        items = label.get(key) or []
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            faults.append(f"{where}: `{key}` must be a list of texts")
    if not isinstance(label.get("since", 1), int):
        faults.append(f"{where}: `since` is {label['since']!r}; it must be a typology version")
    return faults


def _label_faults(typology: Typology) -> list[str]:
    faults = [] if typology.version >= 1 else [f"`version` is {typology.version}; versions start at 1"]
    if not typology.labels:
        faults.append("`labels` is empty; a typology has at least one incident type")
    faults += [f"label id {id_!r} appears {n} times" for id_, n in Counter(typology.ids).items() if n > 1]
    for label in typology.labels:
        if not _ID.fullmatch(label.id):
            faults.append(f"label id {label.id!r} must be lower-case ASCII letters, digits and underscores")
        faults += [f"{label.id}: `{key}` is empty" for key in _REQUIRED_TEXT if not getattr(label, key).strip()]
        if label.pooling not in get_args(Pooling):
            faults.append(f"{label.id}: pooling {label.pooling!r} is none of {', '.join(get_args(Pooling))}")
        if not 1 <= label.since <= typology.version:
            faults.append(f"{label.id}: since {label.since} is outside 1..{typology.version}")
    return faults


def _history_faults(typology: Typology) -> list[str]:
    faults = []
    current = set(typology.ids)
    for entry in typology.history:
        if not 1 <= entry.version <= typology.version:
            faults.append(f"history: version {entry.version} is outside 1..{typology.version}")
        faults += [f"history: {old!r} was renamed but is still a label" for old in entry.renamed if old in current]
        faults += [f"history: {id_!r} was removed but is still a label" for id_ in entry.removed if id_ in current]
    return faults
