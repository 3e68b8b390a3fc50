"""hawadith (حوادث, "incidents"): reads Arabic news articles and says which incident types each one reports.

    >>> from hawadith import IncidentClassifier
    >>> IncidentClassifier.load().predict(["..."])  # doctest: +SKIP

This package is torch-free; training and evaluation live in `hawadith_training` and `hawadith_evaluation`. The names below are imported when
first used, so that `hawadith --help` does not wait for numpy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hawadith.cascade.classifier import CascadeClassifier
    from hawadith.classifier import IncidentClassifier
    from hawadith.errors import HawadithError
    from hawadith.prediction import Evidence, Prediction
    from hawadith.records import Record
    from hawadith.typology import IncidentType, Typology, load_typology

__all__ = [
    "CascadeClassifier",
    "Evidence",
    "HawadithError",
    "IncidentClassifier",
    "IncidentType",
    "Prediction",
    "Record",
    "Typology",
    "load_typology",
]

_MODULES = {
    "CascadeClassifier": "cascade.classifier",
    "Evidence": "prediction",
    "HawadithError": "errors",
    "IncidentClassifier": "classifier",
    "IncidentType": "typology",
    "Prediction": "prediction",
    "Record": "records",
    "Typology": "typology",
    "load_typology": "typology",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
