"""The Arabic sentences that the suite writes into articles, read from the package's YAML files: code holds no label and no wording."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import ClassVar, TypeVar

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError

from hawadith.errors import ConfigError

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWording:
    """What a web page prints around an article.

    Attributes:
        buttons: Labels of share buttons.
        link_headers: Headers of lists of other articles.
        headlines: Headlines without any incident.
        incident_headlines: Headlines of incidents.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    buttons: tuple[str, ...]
    link_headers: tuple[str, ...]
    headlines: tuple[str, ...]
    incident_headlines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSentence:
    """A sentence that reports an incident of one type, and the same incident not reported.

    Attributes:
        report: The incident happened.
        negated: It did not.
        rumour: It was rumoured, and the rumour is denied.
        exercise: It was played in a training.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    report: str
    negated: str
    rumour: str
    exercise: str


def load_wording() -> PageWording:
    """The page furniture of the package."""
    return _read_wording()


@cache
def _read_wording() -> PageWording:
    return read_yaml(packaged("wording.yaml"), TypeAdapter(PageWording))


def load_sentences(path: Path | None = None) -> Mapping[str, Sequence[ReportSentence]]:
    """Read report sentences.

    Args:
        path: A YAML file laid out as the package's `sentences.yaml`; the package's own where None.

    Returns:
        By label id.

    Raises:
        ConfigError: If the file cannot be read or is not laid out so; all faults are named at once.
    """
    door: TypeAdapter[Mapping[str, tuple[ReportSentence, ...]]] = TypeAdapter(Mapping[str, tuple[ReportSentence, ...]])
    return read_yaml(path or packaged("sentences.yaml"), door)


def packaged(name: str) -> Path:
    """The path of a file that the package brings."""
    return Path(str(files("hawadith_evaluation.robustness").joinpath(name)))


def read_yaml(path: Path, door: TypeAdapter[_T]) -> _T:
    """Read a YAML file through its schema.

    Args:
        path: The file.
        door: The schema.

    Returns:
        The checked values.

    Raises:
        ConfigError: If the file cannot be read or does not fit the schema; all faults are named at once.
    """
    try:
        return door.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}. Name a YAML file like the package's own.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid YAML: {error}") from error
    except ValidationError as error:
        raise ConfigError(f"{path} does not fit the schema:\n{list_faults(error)}") from error


def list_faults(error: ValidationError) -> str:
    """All faults of a file, one a line with its dotted path."""
    return "\n".join(f"  - {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
