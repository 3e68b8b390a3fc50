"""One random classifier and its bundle for all tests of this folder: exporting takes seconds."""

import pytest
from tests.builders import build_typology
from tests.training.encoder.encoders import build_fitted, write_fitted

from hawadith.bundle import Bundle
from hawadith_training.encoder.fitted import FittedEncoder


@pytest.fixture(scope="session")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> FittedEncoder:
    """A random classifier of the labels `mine` and `arms`, whose articles differ in their logits."""
    return build_fitted(tmp_path_factory.mktemp("fitted"), spread=0.5)


@pytest.fixture(scope="session")
def bundle(fitted: FittedEncoder, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Its bundle."""
    return write_fitted(fitted, tmp_path_factory.mktemp("bundle") / "tiny", typology=build_typology("mine", "arms"))
