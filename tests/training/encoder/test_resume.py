"""A killed run ends where it would have ended."""

import json
import logging
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import safetensors.torch
import torch
from tests.training.encoder.encoders import build_train_config, fit

from hawadith.errors import ConfigError
from hawadith_training.encoder.trainer import ArticleTrainer

ROOT = Path(__file__).parents[3]
FINETUNE = {"epochs": 4, "evaluate_every": 2}
KILLED_AT = 11

# Dies as a process that runs out of luck does: in the middle of an epoch, one step behind a checkpoint, without a last word.
KILL = f"""
import os, signal, sys, types
from pathlib import Path

# By its path: some distributions install a package `tests` of their own.
sys.modules["tests"] = types.ModuleType("tests")
sys.modules["tests"].__path__ = [{str(ROOT / "tests")!r}]

from hawadith_training.encoder.checkpoints import SealCheckpoints
from tests.training.encoder.encoders import build_train_config, fit

def die(self, args, state, control, **kwargs):
    if state.global_step == {KILLED_AT}:
        os.kill(os.getpid(), signal.SIGKILL)

SealCheckpoints.on_step_end = die
folder = Path(sys.argv[1])
fit(build_train_config(folder, {FINETUNE!r}), folder=folder)
"""


@pytest.fixture(scope="module")
def killed_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed") / "run"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", KILL, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == -9, done.stderr
    return folder


@pytest.fixture(scope="module")
def unbroken_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unbroken")
    fit(build_train_config(folder, FINETUNE), folder=folder)
    return folder


@pytest.fixture
def folder(killed_run: Path, tmp_path: Path) -> Path:
    """The killed run, once for each test, under the path that it was killed at."""
    shutil.copytree(killed_run, tmp_path / "run")
    return tmp_path / "run"


def resume(folder: Path, changed: Mapping[str, object] | None = None) -> None:
    fit(build_train_config(folder, {**FINETUNE, **(changed or {})}), folder=folder, resume=True)


def newest(folder: Path) -> Path:
    return max((folder / "work" / "checkpoints").iterdir(), key=lambda path: int(path.name.rpartition("-")[2]))


def assert_same_end(folder: Path, unbroken: Path) -> None:
    ends = [newest(folder), newest(unbroken)]
    assert ends[0].name == ends[1].name
    found, expected = (safetensors.torch.load_file(end / "model.safetensors") for end in ends)
    assert found.keys() == expected.keys()
    for name, tensor in expected.items():
        torch.testing.assert_close(found[name], tensor, rtol=0, atol=1e-6)
    states = [json.loads((end / "trainer_state.json").read_text()) for end in ends]
    assert states[0]["best_metric"] == states[1]["best_metric"]
    assert states[0]["best_global_step"] == states[1]["best_global_step"]


def test_resume_ends_with_the_weights_of_an_unbroken_run(folder: Path, unbroken_run: Path) -> None:
    assert newest(folder).name == f"checkpoint-{KILLED_AT - 1}"
    resume(folder)
    assert_same_end(folder, unbroken_run)


def test_resume_skips_a_torn_newest_checkpoint_and_says_so(
    folder: Path, unbroken_run: Path, caplog: pytest.LogCaptureFixture
) -> None:
    torn = newest(folder) / "optimizer.pt"
    torn.write_bytes(torn.read_bytes()[:-100])
    with caplog.at_level(logging.WARNING, logger="hawadith"):
        resume(folder)
    assert f"checkpoint-{KILLED_AT - 1} is torn (optimizer.pt has" in caplog.text
    assert_same_end(folder, unbroken_run)


def test_resume_of_a_run_that_was_killed_before_its_first_checkpoint_starts_anew(
    folder: Path, unbroken_run: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.rmtree(folder / "work" / "checkpoints")
    resume(folder)
    assert "starts from the beginning" in caplog.text
    assert_same_end(folder, unbroken_run)


def test_resume_of_an_ended_run_takes_no_step(
    unbroken_run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(unbroken_run, tmp_path / "run")
    monkeypatch.setattr(ArticleTrainer, "train", lambda *_, **__: pytest.fail("it trained"))
    fitted = fit(build_train_config(tmp_path / "run", FINETUNE), folder=tmp_path / "run", resume=True)
    state = json.loads((newest(tmp_path / "run") / "trainer_state.json").read_text())
    best = tmp_path / "run" / "work" / "checkpoints" / f"checkpoint-{state['best_global_step']}"
    expected = safetensors.torch.load_file(best / "model.safetensors")
    for name, tensor in fitted.model.state_dict().items():
        torch.testing.assert_close(tensor, expected[name], rtol=0, atol=0)


def test_resume_refuses_another_run(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"finetune\.learning_rate: 0\.005 then, 0\.02 now"):
        resume(folder, {"learning_rate": 0.02})


def test_resume_allows_what_leaves_the_weights_alone(folder: Path) -> None:
    resume(folder, {"log_every": 5})


def test_fit_without_resume_removes_the_former_run(folder: Path) -> None:
    fit(build_train_config(folder, {"max_steps": 1}), folder=folder)
    assert [path.name for path in (folder / "work" / "checkpoints").iterdir()] == ["checkpoint-1"]
