"""What can be wrong with an encoder, beside its being out of reach (`hawadith.errors.ModelUnavailableError`)."""

from hawadith.errors import HawadithError


class EncoderError(HawadithError, ValueError):
    """An encoder that is unsafe, damaged, or of a kind that this code does not train."""


class DivergedError(HawadithError, ArithmeticError):
    """A training whose loss is no longer a number."""
