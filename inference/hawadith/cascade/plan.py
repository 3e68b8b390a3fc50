"""`cascade.json`: of which two bundles a cascade is made, and below which probabilities the small one may rule an article out.

A file of its own, beside the bundles: its thresholds belong to a pair, and a bundle's hash must not change because a pair was measured.
It names both bundles by their identities, so that no other model is ever screened by thresholds that were not measured for it.
`hawadith cascade` writes it; what it holds beyond the fields read here is for its reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hawadith.bundle import read_json
from hawadith.errors import BundleError, ConfigError

PLAN_VERSION = 1
"""Version of the file's layout."""

_AGAIN = "Write it again with `hawadith cascade`."


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadePlan:
    """Which articles of a pair of models the small one may rule out.

    Attributes:
        large: Identity of the bundle whose decisions count.
        small: Identity of the bundle that screens.
        thresholds: By label of the small model: a probability in [0, 1]; an article below all of them is ruled out.
        at_most: The promise: the share in (0, 1) of the large model's positives that may be lost at most.
        confidence: Of the promise, in (0, 1), over the draw of the articles that it was made on.

    Raises:
        ConfigError: If there is no threshold, or a number is out of its range.
    """

    large: str
    small: str
    thresholds: Mapping[str, float]
    at_most: float
    confidence: float

    def __post_init__(self) -> None:
        if not self.thresholds or not all(0 <= value <= 1 for value in self.thresholds.values()):
            raise ConfigError(f"A cascade has a threshold in [0, 1] per label, got {dict(self.thresholds)}. {_AGAIN}")
        if not (0 < self.at_most < 1 and 0 < self.confidence < 1):
            found = f"{self.at_most} with confidence {self.confidence}"
            raise ConfigError(
                f"A cascade promises a share in (0, 1) with a confidence in (0, 1), got {found}. {_AGAIN}"
            )


def read_plan(path: Path) -> CascadePlan:
    """Read a cascade's file.

    Args:
        path: The file.

    Returns:
        What scoring needs of it.

    Raises:
        ConfigError: If it cannot be read, is of a newer version, or not of that form.
    """
    try:
        raw = read_json(path)
    except BundleError as error:
        raise ConfigError(f"{error} A cascade's file is written by `hawadith cascade`.") from error
    version = raw.get("cascade_version") if isinstance(raw, dict) else None
    if not isinstance(raw, dict) or type(version) is not int or version < 1:
        raise ConfigError(f"{path} has no `cascade_version` from 1; it is no file of a cascade. {_AGAIN}")
    if version > PLAN_VERSION:
        raise ConfigError(
            f"{path} is a cascade of version {version}; this hawadith reads up to {PLAN_VERSION}. Upgrade: pip install -U hawadith"
        )
    try:
        return CascadePlan(
            large=str(raw["large"]["identity"]),
            small=str(raw["small"]["identity"]),
            thresholds={str(label): float(value) for label, value in raw["thresholds"].items()},
            at_most=float(raw["promise"]["at_most"]),
            confidence=float(raw["promise"]["confidence"]),
        )
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"{path} does not fit version {version} of a cascade's file: {error!r}. {_AGAIN}") from error
