"""The random classifier of the encoder's tests, as a bundle."""

from tests.training.encoder.conftest import bundle, fitted

__all__ = ["bundle", "fitted"]
