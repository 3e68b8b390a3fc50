"""Extras: what a command asks for is what its extra installs."""

import re
from importlib.metadata import packages_distributions, requires

import pytest

from hawadith import extras
from hawadith.errors import MissingExtraError
from hawadith.extras import require_extra


@pytest.mark.parametrize("extra", ["eval", "train"])
def test_extra_installs_what_its_commands_ask_for(extra: str) -> None:
    named = {"eval": ("eval",), "train": ("eval", "train")}[extra]  # [train] brings [eval]
    lines = [line for line in requires("hawadith") or () if re.search(rf"extra == .({'|'.join(named)})\b", line)]
    installed = {re.split(r"[^\w.-]", line)[0].lower() for line in lines}
    distributions = packages_distributions()
    asked = {distributions[module][0].lower() for module in extras._MODULES[extra]}
    assert asked <= installed


def test_require_extra_names_what_is_missing_and_the_line_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "_MODULES", {"train": ("json", "no_such_module")})
    with pytest.raises(
        MissingExtraError, match=r'`hawadith train` needs no_such_module.*pip install "hawadith\[train\]"'
    ):
        require_extra("train", command="hawadith train")


def test_require_extra_is_silent_where_all_is_there() -> None:
    require_extra("eval", command="hawadith evaluate")
