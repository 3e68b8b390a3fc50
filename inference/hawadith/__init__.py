"""hawadith (حوادث, "incidents"): reads Arabic news articles and says which incident types each one reports.

    >>> from hawadith import IncidentClassifier
    >>> IncidentClassifier.load().predict(["..."])  # doctest: +SKIP

This package is torch-free; training and evaluation live in `hawadith_training` and `hawadith_evaluation`.
"""

from hawadith.classifier import IncidentClassifier
from hawadith.errors import HawadithError
from hawadith.prediction import Evidence, Prediction
from hawadith.records import Record
from hawadith.typology import IncidentType, Typology, load_typology

__all__ = [
    "Evidence",
    "HawadithError",
    "IncidentClassifier",
    "IncidentType",
    "Prediction",
    "Record",
    "Typology",
    "load_typology",
]
