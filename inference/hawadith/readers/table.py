"""How somebody else's table stands to our records: which column holds which field, and which label a class means.

Tables for research have columns and classes of their own: `sentence` and `label`, 1 and 0, yes and no. Whoever reads the file says once
what they mean. Nothing is guessed: a class that nobody named is a fault of its row, never "no label", for a wrong negative spoils a figure
unseen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hawadith.errors import ConfigError

FIELDS = ("id", "title", "text", "date", "source", "labels", "unknown")
"""The fields of a record that a table can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLayout:
    """What the columns and classes of a .csv or .tsv file mean; other formats name their fields themselves.

    Attributes:
        columns: The column of a field by the name in the header line, or by its number from 0 where the file has no header line. By name,
            a field that is not listed has the column of its own name; by number, only the listed fields are read.
        classes: The label id that each class stands for, None for no label; `a|b` in a cell are two classes. Where empty, cells hold
            label ids.

    Raises:
        ConfigError: If a field is unknown, two fields share a column, `text` has none, or names and numbers are mixed.
    """

    columns: Mapping[str, str | int] = field(default_factory=dict)
    classes: Mapping[str, str | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unknown = [name for name in self.columns if name not in FIELDS]
        if unknown:
            raise ConfigError(
                f"columns: {unknown[0]!r} is no field; map a field to its column. Fields: {', '.join(FIELDS)}."
            )
        chosen = list(self.columns.values())
        repeated = [column for column in chosen if chosen.count(column) > 1]
        if repeated:
            raise ConfigError(f"columns: two fields have the column {repeated[0]!r}; a column holds one field.")
        if self.is_numbered and not all(isinstance(column, int) and column >= 0 for column in chosen):
            raise ConfigError(
                f"columns: {', '.join(map(repr, chosen))} are not of one kind; give names alone (the file has a header line), "
                "or numbers from 0 alone (it has none)."
            )
        if "text" not in (self.columns if self.is_numbered else self.names):
            raise ConfigError("columns: none is left for `text`; name or number its column, too.")

    @classmethod
    def from_options(cls, columns: Sequence[str], *, classes: Sequence[str] = ()) -> "TableLayout":
        """Read the command line's form.

        Args:
            columns: As `FIELD=COLUMN`, the column a name or a number.
            classes: As `CLASS=LABEL`, or `CLASS=` for no label.

        Returns:
            The layout.

        Raises:
            ConfigError: If an option is not of that form, comes twice, or the layout is impossible.
        """
        named = _pair(columns, option="--column", form="FIELD=COLUMN, for example text=sentence", last=False)
        meant = _pair(classes, option="--class", form="CLASS=LABEL, or CLASS= for no label", last=True)
        return cls(
            columns={name: int(column) if _is_number(column) else column for name, column in named.items()},
            classes={name: label or None for name, label in meant.items()},
        )

    def to_options(self) -> list[str]:
        """The words of a command line that say the same."""
        columns = [("--column", f"{name}={column}") for name, column in self.columns.items()]
        classes = [("--class", f"{name}={label or ''}") for name, label in self.classes.items()]
        return [word for pair in columns + classes for word in pair]

    @property
    def is_numbered(self) -> bool:
        """Whether columns go by number, and so the file has no header line."""
        return any(isinstance(column, int) for column in self.columns.values())

    @property
    def places(self) -> dict[str, int]:
        """The cell of each field, from 0, where columns go by number; empty where they go by name."""
        return {name: column for name, column in self.columns.items() if isinstance(column, int)}

    @property
    def names(self) -> dict[str, str]:
        """The name in the header that each field goes by; a column that was given to one field serves no other under its own name."""
        taken = set(self.columns.values())
        own = {name: name for name in FIELDS if name not in taken}
        return own | {name: str(column) for name, column in self.columns.items()}

    def read_classes(self, cell: str) -> tuple[tuple[str, ...], str | None]:
        """Read the label column of a row.

        Args:
            cell: What stands there; empty where the row has no such cell.

        Returns:
            The label ids, and None; or none, and what is wrong with the cell.
        """
        whole = cell.strip()
        classes = [whole] if whole in self.classes else [part.strip() for part in whole.split("|")]
        strange = next((name for name in classes if name not in self.classes), None)
        if strange is not None:
            known = ", ".join(map(repr, self.classes))
            return (), f"`labels` is {strange!r:.80}; the classes are {known}. Mend the row, or name the class."
        labels = [self.classes[name] for name in classes]
        return tuple(label for label in labels if label), None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _pair(options: Sequence[str], *, option: str, form: str, last: bool) -> dict[str, str]:
    """Cut options at an `=`.

    Args:
        options: As `NAME=VALUE`.
        option: What to call them in a message.
        form: The form, for a message.
        last: Cut at the last `=`, and allow an empty value: a class may hold one, a label none. Else at the first: a field holds none.

    Returns:
        Values by name.

    Raises:
        ConfigError: If an option is not of that form, or a name comes twice.
    """
    pairs: dict[str, str] = {}
    for text in options:
        name, separator, value = text.rpartition("=") if last else text.partition("=")
        if not separator or not (last or value):
            raise ConfigError(f"{option} {text!r}: expected {form}.")
        if name in pairs:
            raise ConfigError(f"{option} {text!r}: {name!r} was given before; give it once.")
        pairs[name] = value
    return pairs
