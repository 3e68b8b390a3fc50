"""Exports tell nobody: OpenVINO's converter and nncf report their use over the network unless they believe that they run in CI.

Articles that a newsroom or an investigator scores must leave no trace elsewhere, not even that a model was exported today.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_SILENCED_BY = ("CI", "NNCF_CI")


@contextmanager
def without_telemetry() -> Iterator[None]:
    """Let OpenVINO's converter and nncf, imported and called inside, send nothing."""
    former = {name: os.environ.get(name) for name in _SILENCED_BY}
    os.environ.update(dict.fromkeys(_SILENCED_BY, "true"))
    try:
        yield
    finally:
        for name, value in former.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
