"""Every error that hawadith raises on purpose.

One root, so that a caller can catch all of ours at once; each leaf is also the builtin that a reader expects. A message says what, where,
got versus expected, and what to do next.
"""


class HawadithError(Exception):
    """The root of all deliberate errors."""


class ConfigError(HawadithError, ValueError):
    """A configuration file or option that does not fit its schema."""


class TypologyError(HawadithError, ValueError):
    """A typology that is not well-formed; the message lists every fault at once."""


class DataError(HawadithError, ValueError):
    """Input data that cannot be used: a missing file, an unknown format, a bad row."""


class BundleError(HawadithError, ValueError):
    """A model bundle that is missing, damaged, unsafe, or of another format version."""


class ModelUnavailableError(HawadithError, OSError):
    """An encoder that is neither in a folder nor reachable on the hub."""


class MissingExtraError(HawadithError, ImportError):
    """A command that needs an optional extra which is not installed."""


class OutputError(HawadithError, OSError):
    """An output that cannot be written."""
