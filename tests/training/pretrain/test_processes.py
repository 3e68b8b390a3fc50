"""`accelerate launch` with two processes on the CPU learns what one process learns."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import safetensors.torch
import torch
import yaml
from tests.training.pretrain.runs import build_config, build_raw

from hawadith_training.pretrain.run import pretrain


@pytest.mark.slow
def test_two_processes_learn_what_one_learns(tmp_path: Path) -> None:
    assert pretrain(build_config(tmp_path, model__dropout=0.0))
    raw = {**build_raw(tmp_path), "folder": str(tmp_path / "two")}
    (tmp_path / "two.yaml").write_text(yaml.safe_dump(raw))
    launcher = [sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "2"]
    done = subprocess.run(
        [*launcher, "-m", "hawadith_training.pretrain", str(tmp_path / "two.yaml"), "--set", "model.dropout=0"],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    one, two = (
        safetensors.torch.load_file(tmp_path / name / "encoder" / "model.safetensors") for name in ("run", "two")
    )
    for name, value in one.items():
        torch.testing.assert_close(two[name], value, rtol=0, atol=1e-3)
