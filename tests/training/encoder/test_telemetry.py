"""What OpenVINO and nncf ask before they report their use is answered with no, and only for as long as needed."""

import os

import pytest
from openvino_telemetry.utils.opt_in_checker import (  # type: ignore[import-untyped]
    ConsentCheckResult,
    OptInChecker,
)

from hawadith_training.encoder.telemetry import without_telemetry


def test_without_telemetry_declines_the_libraries_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "false")
    with without_telemetry():
        assert OptInChecker().check(enable_opt_in_dialog=False, disable_in_ci=True) == ConsentCheckResult.DECLINED
        assert os.environ["NNCF_CI"]


@pytest.mark.parametrize("former", [None, "false"])
def test_without_telemetry_leaves_the_environment_as_it_was(
    monkeypatch: pytest.MonkeyPatch, former: str | None
) -> None:
    monkeypatch.delenv("NNCF_CI", raising=False)
    monkeypatch.delenv("CI", raising=False)
    if former is not None:
        monkeypatch.setenv("CI", former)
    with pytest.raises(KeyError), without_telemetry():
        raise KeyError
    assert os.environ.get("CI") == former
    assert "NNCF_CI" not in os.environ
