"""Who can be exchanged for whom: a list of actors, each with the forms in which Arabic news names them.

Names alone are not enough: `الحوثيون` are people, `السورية` is an adjective that agrees, `دمشق` is a government. So every form has a
*slot*, and an actor fills a slot of another by its own form of it, or by a phrase that agrees as well (`التابعة لحركة حماس`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from hawadith.errors import ConfigError
from hawadith_evaluation.robustness.wording import list_faults, packaged, read_yaml

Slot = Literal["name", "short", "capital", "m", "f", "accusative", "people", "people_oblique", "dual_f", "women"]
"""What a form does in its sentence: a name, a seat of government, or an adjective of a gender, number and case."""

Agreement = Literal["m", "f", "p"]

ENDINGS: Mapping[Slot, str] = {
    "m": "",
    "f": "ة",
    "accusative": "ا",
    "people": "ون",
    "people_oblique": "ين",
    "dual_f": "تين",
    "women": "ات",
}
"""Endings of the adjective, behind its masculine singular."""

_BELONGING: Mapping[Slot, str] = {
    "m": "تابع",
    "f": "تابعة",
    "accusative": "تابعا",
    "people": "تابعون",
    "people_oblique": "تابعين",
    "dual_f": "تابعتين",
    "women": "تابعات",
}
_MEMBERS = "عناصر"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One actor; `actors.yaml` says what each attribute is.

    Attributes:
        id: Names it in reports.
        agreement: Gender of its names; `p` where there are only people.
        names: Its names.
        short: What stands for a one-word name.
        nisba: Adjectives.
        plural: Broken plurals of the adjective.
        capital: Seats of its government.
        skip: Forms that are never matched.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    id: str
    agreement: Agreement
    names: tuple[str, ...] = ()
    short: str | None = None
    nisba: tuple[str, ...] = ()
    plural: tuple[str, ...] = ()
    capital: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()

    def forms(self) -> Iterator[tuple[str, Slot, bool]]:
        """Every form with its slot, and whether it carries the article of an adjective; names before adjectives."""
        for name in self.names:
            yield name, "name" if " " in name else "short", False
        for seat in self.capital:
            yield seat, "capital", False
        for stem in self.nisba:
            for slot, ending in ENDINGS.items():
                yield from ((stem + ending, slot, False), (f"ال{stem}{ending}", slot, True))
        for word in self.plural:
            yield from ((word, "people_oblique", False), (f"ال{word}", "people_oblique", True))

    def fill(self, slot: Slot, *, definite: bool) -> str | None:
        """What this actor puts into a slot.

        Args:
            slot: The slot.
            definite: Whether an adjective carries the article.

        Returns:
            The form, or None where it has none that agrees.
        """
        if slot in ("name", "short"):
            short = self.short if slot == "short" else None
            return short or next(iter(self.names), None)
        if slot == "capital":
            return next(iter(self.capital), None)
        article = "ال" if definite else ""
        if slot in ("people", "people_oblique") and self.plural:
            return article + self.plural[0]
        if self.nisba:
            return article + self.nisba[0] + ENDINGS[slot]
        if not self.names:
            return None
        if definite and slot in ("people", "people_oblique"):
            return f"{_MEMBERS} {self.names[0]}"
        return f"{article}{_BELONGING[slot]} {attach('ل', self.names[0])}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorList:
    """Actors by kind.

    Attributes:
        kinds: By kind, its actors.
        protected: Phrases that hold an actor's name and name something else.

    Raises:
        ConfigError: If two actors share an id.
    """

    kinds: Mapping[str, tuple[Actor, ...]]
    protected: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        counts = Counter(actor.id for members in self.kinds.values() for actor in members)
        repeated = [id_ for id_, count in counts.items() if count > 1]
        if repeated:
            raise ConfigError(
                f"Actors that are listed more than once: {', '.join(repeated)}. Give each one id of its own."
            )

    def peers(self, kind: str, actor: Actor) -> list[Actor]:
        """The other actors of the same kind and agreement: people are exchanged for people, whatever their number of forms."""
        return [other for other in self.kinds[kind] if other.agreement == actor.agreement and other.id != actor.id]


def load_actors(path: Path | None = None) -> ActorList:
    """Read a list of actors.

    Args:
        path: A YAML file laid out as the package's `actors.yaml`; the package's own where None.

    Returns:
        The actors.

    Raises:
        ConfigError: If the file cannot be read or is not laid out so; all faults are named at once.
    """
    return _read_actors(path or packaged("actors.yaml"))


@cache
def _read_actors(path: Path) -> ActorList:
    sections = read_yaml(path, TypeAdapter(dict[str, list[object]]))
    kinds = {kind: rows for kind, rows in sections.items() if kind != "protected"}
    try:
        return ActorList(
            kinds=TypeAdapter(dict[str, tuple[Actor, ...]]).validate_python(kinds),
            protected=tuple(chain(*TypeAdapter(list[list[str]]).validate_python(sections.get("protected", [])))),
        )
    except ValidationError as error:
        raise ConfigError(f"{path} does not fit the schema:\n{list_faults(error)}") from error


def attach(prefix: str, phrase: str) -> str:
    """Write a prefix (و ف ب ل ك) in front of a phrase; ل swallows the alef of the article, and one of three lams.

    Args:
        prefix: One or more prefix letters; may be empty.
        phrase: A name or adjective.

    Returns:
        Both as one.

    Example:
        >>> attach("ول", "العراق")
        'وللعراق'
    """
    if prefix.endswith("ل") and phrase.startswith("ال"):
        return prefix + ("" if phrase.startswith("الل") else "ل") + phrase[2:]
    return prefix + phrase
