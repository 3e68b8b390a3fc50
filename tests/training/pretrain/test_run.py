"""The whole way: learns, stops and goes on to the same end, skips what is torn, exports what fine-tuning reads."""

import json
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
import typer
from tests.training.pretrain.runs import build_config, build_raw, read_events, write_corpus
from torch import Tensor
from transformers import BertForMaskedLM
from typer.testing import CliRunner

from hawadith.errors import ConfigError, DataError, OutputError
from hawadith_training.commands_pretrain import pretrain as command
from hawadith_training.encoder.errors import DivergedError, EncoderError
from hawadith_training.encoder.load import load_classifier
from hawadith_training.encoder.tokenizer_file import longest_input, write_tokenizer
from hawadith_training.pretrain import trainer
from hawadith_training.pretrain.device import Device
from hawadith_training.pretrain.identity import lock_folder
from hawadith_training.pretrain.run import export_newest, pretrain

ROOT = Path(__file__).parents[3]
N_STEPS = 16
KILLED_AT = 7

# Dies in the middle of writing a checkpoint, with the step behind the last one lost.
KILL = f"""
import os, signal, sys, types
from pathlib import Path
from typing import Any

# By its path: some distributions install a package `tests` of their own.
sys.modules["tests"] = types.ModuleType("tests")
sys.modules["tests"].__path__ = [{str(ROOT / "tests")!r}]

import hawadith_training.commands_pretrain, hawadith_training.pretrain.vocabulary, torch
from hawadith_training.pretrain import checkpoints
from hawadith_training.pretrain.run import pretrain
print(*{{name.partition(".")[0] for name in sys.modules}}, flush=True)
from tests.training.pretrain.runs import build_config

seal = checkpoints.seal_checkpoint

def die(folder):
    if {KILLED_AT} == int(folder.name.removeprefix(".checkpoint-").removesuffix(".tmp")):
        os.kill(os.getpid(), signal.SIGKILL)
    seal(folder)

checkpoints.seal_checkpoint = die
torch.set_num_threads(1)
pretrain(build_config(Path(sys.argv[1]), report__checkpoint_minutes=0))
"""


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unbroken")
    assert pretrain(build_config(folder))
    return folder


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("killed")
    write_corpus(folder / "corpus.jsonl")
    done = subprocess.run(
        [sys.executable, "-c", KILL, str(folder)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr
    (folder / "modules.txt").write_text(done.stdout)
    return folder


@pytest.fixture
def folder(killed: Path, tmp_path: Path) -> Path:
    """The killed run, once for each test."""
    shutil.copytree(killed, tmp_path / "copy")
    return tmp_path / "copy"


def weights(folder: Path) -> dict[str, Tensor]:
    return safetensors.torch.load_file(folder / "run" / "encoder" / "model.safetensors")


def assert_same(one: Path, other: Path) -> None:
    first, second = weights(one), weights(other)
    assert set(first) == set(second)
    for name, value in first.items():
        torch.testing.assert_close(second[name], value, rtol=0, atol=1e-6)


def test_run_learns_and_logs_loss_tokens_and_speed(unbroken: Path) -> None:
    steps = read_events(unbroken, "step")
    assert [entry["step"] for entry in steps] == [4, 8, 12, 16]
    assert [entry["tokens"] for entry in steps] == [256, 512, 768, 1024]
    losses = [float(str(entry["loss"])) for entry in steps]
    assert losses[-1] < losses[0] - 0.3
    assert all(float(str(entry["tokens_per_s"])) > 0 for entry in steps)
    assert [(entry["step"], entry["length"]) for entry in read_events(unbroken, "validation")] == [(8, 16), (16, 32)]
    (start,) = read_events(unbroken, "start")
    assert (start["weights"], start["optimiser"], start["device"]) == ("random", "anew", "cpu")
    (finish,) = read_events(unbroken, "finish")
    assert finish["tokens"] == 1024


def test_killed_run_ends_where_the_unbroken_one_ends(folder: Path, unbroken: Path) -> None:
    checkpoints = folder / "run" / "checkpoints"
    assert sorted(path.name for path in checkpoints.iterdir()) == [".checkpoint-7.tmp", "checkpoint-5", "checkpoint-6"]
    assert pretrain(build_config(folder))
    assert [entry["step"] for entry in read_events(folder, "resume")] == [KILLED_AT - 1]
    assert sorted(path.name for path in checkpoints.iterdir()) == ["checkpoint-16", "checkpoint-6"]
    assert [entry["tokens"] for entry in read_events(folder, "finish")] == [1024]
    assert_same(folder, unbroken)


def test_run_imports_nothing_that_a_machine_with_torch_alone_lacks(killed: Path) -> None:
    lacking = {"pydantic", "openvino", "trafilatura", "datasketch", "datasets", "evaluate", "iterstrat", "nncf"}
    loaded = set((killed / "modules.txt").read_text().split())
    assert {"torch", "transformers"} <= loaded
    assert loaded.isdisjoint(lacking)


def test_torn_newest_checkpoint_is_skipped_and_said(
    folder: Path, unbroken: Path, caplog: pytest.LogCaptureFixture
) -> None:
    newest = folder / "run" / "checkpoints" / "checkpoint-6" / "optimiser.pt"
    newest.write_bytes(newest.read_bytes()[:-100])
    with caplog.at_level(logging.WARNING, logger="hawadith"):
        assert pretrain(build_config(folder))
    assert "checkpoint-6 is torn" in caplog.text
    assert [entry["step"] for entry in read_events(folder, "resume")] == [5]
    assert_same(folder, unbroken)


def test_run_stops_at_its_deadline_with_a_checkpoint_and_goes_on(
    tmp_path: Path, unbroken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = build_config(tmp_path)
    assert not pretrain(config, minutes=0)  # the vocabulary alone
    assert pretrain(build_config(tmp_path, folder=str(tmp_path / "other")))  # nothing of it is left behind
    steps = 0

    def stop_after_five(*_: object) -> bool:
        nonlocal steps
        steps += 1
        return steps == 5

    with monkeypatch.context() as patch:
        patch.setattr(Device, "agree", lambda self, *, wish: stop_after_five())
        patch.setattr(Device, "wait", lambda self: None)
        assert not pretrain(config)
    assert [entry["step"] for entry in read_events(tmp_path, "checkpoint")] == [5]
    assert not (tmp_path / "run" / "encoder").exists()
    assert pretrain(config)
    assert_same(tmp_path, unbroken)


def test_run_in_smaller_parts_learns_the_same(tmp_path: Path) -> None:
    for name, micro in (("whole", None), ("parts", 16)):
        raw = build_config(
            tmp_path, folder=str(tmp_path / name / "run"), optimiser__micro_tokens=micro, model__dropout=0.0
        )
        assert pretrain(raw)
    first, second = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    for name, value in first.items():
        torch.testing.assert_close(second[name], value, rtol=0, atol=1e-3)


def test_run_refuses_other_settings_but_not_other_reports(unbroken: Path) -> None:
    with pytest.raises(ConfigError, match=r"objective\.rate: 0\.3 then, 0\.4 now"):
        pretrain(build_config(unbroken, objective={"rate": 0.4}))
    before = weights(unbroken)
    assert pretrain(build_config(unbroken, report__log_every=1, precision="fp32"))
    assert all(torch.equal(value, before[name]) for name, value in weights(unbroken).items())


def test_run_is_refused_while_another_process_works_on_it(tmp_path: Path) -> None:
    config = build_config(tmp_path)
    with lock_folder(tmp_path / "run"), pytest.raises(OutputError, match="Another process"):
        pretrain(config)


def test_run_that_diverges_stops_without_a_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trainer, "clip_grad_norm_", lambda *_: torch.tensor(float("nan")))
    with pytest.raises(DivergedError, match=r"optimiser\.learning_rate"):
        pretrain(build_config(tmp_path, report__log_every=1000, report__checkpoint_minutes=0))
    assert not list((tmp_path / "run").glob("checkpoints/*"))
    assert read_events(tmp_path, "diverged")


def test_encoder_is_read_by_fine_tuning_like_any_other(unbroken: Path, tmp_path: Path) -> None:
    encoder = unbroken / "run" / "encoder"
    classifier = load_classifier(encoder, labels=["mine", "arms"])
    expected = weights(unbroken)["bert.encoder.layer.0.output.dense.weight"]
    assert torch.equal(classifier.get_parameter("bert.encoder.layer.0.output.dense.weight"), expected)
    assert classifier.config.hidden_dropout_prob == 0.1
    write_tokenizer(encoder, config=classifier.config, target=tmp_path / "tokenizer.json")
    assert longest_input(encoder, config=classifier.config) == 32


def test_encoder_is_an_ordinary_masked_language_model(unbroken: Path) -> None:
    loaded: Any = BertForMaskedLM.from_pretrained(unbroken / "run" / "encoder", output_loading_info=True)
    model, report = loaded
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    assert model.bert.embeddings.word_embeddings.weight is model.cls.predictions.decoder.weight
    provenance = json.loads((unbroken / "run" / "encoder" / "pretraining.json").read_bytes())
    assert provenance["tokens"] == 1024
    assert provenance["validation_loss"] == pytest.approx(
        float(str(read_events(unbroken, "validation")[-1]["loss"])), abs=1e-4
    )


def test_encoder_is_exported_at_any_time_in_half_precision(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "encoder"
    for _ in range(2):  # the second replaces the first
        position = export_newest(build_config(folder, export="fp16"), folder=target)
    assert position.step == KILLED_AT - 1
    stored = safetensors.torch.load_file(target / "model.safetensors")
    assert {value.dtype for value in stored.values()} == {torch.float16}
    classifier = load_classifier(target, labels=["mine"])
    assert {value.dtype for value in classifier.parameters()} == {torch.float32}
    assert not (folder / "run" / "encoder").exists()


def test_export_overwrites_nothing_else_and_needs_a_checkpoint(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "letter.txt").touch()
    with pytest.raises(OutputError, match="not overwritten"):
        export_newest(build_config(folder), folder=tmp_path / "precious")
    with pytest.raises(DataError, match="no checkpoint yet"):
        export_newest(build_config(tmp_path), folder=tmp_path / "encoder")


def test_run_goes_on_from_an_encoder_with_a_fresh_optimiser_and_says_so(unbroken: Path, tmp_path: Path) -> None:
    start = unbroken / "run" / "encoder"
    config = build_config(tmp_path, start=str(start), model={}, phases=[{"length": 32, "tokens": 512}])
    assert pretrain(config)
    (event,) = read_events(tmp_path, "start")
    assert (event["weights"], event["optimiser"], event["warmup_steps"]) == (str(start), "anew", 2)
    assert (tmp_path / "run" / "encoder" / "tokenizer.json").read_bytes() == (start / "tokenizer.json").read_bytes()
    first = float(str(read_events(tmp_path, "step")[0]["loss"]))
    assert first < float(str(read_events(unbroken, "step")[0]["loss"])) - 0.3
    assert json.loads((tmp_path / "run" / "encoder" / "config.json").read_bytes())["hidden_size"] == 16


def test_run_does_not_go_on_from_a_folder_without_the_head(unbroken: Path, tmp_path: Path) -> None:
    shutil.copytree(unbroken / "run" / "encoder", tmp_path / "start")
    bare = {name: value for name, value in weights(unbroken).items() if not name.startswith("cls.")}
    safetensors.torch.save_file(bare, tmp_path / "start" / "model.safetensors")
    with pytest.raises(EncoderError, match=r"cls\.predictions"):
        pretrain(build_config(tmp_path, start=str(tmp_path / "start"), phases=[{"length": 32, "tokens": 64}]))


def test_command_trains_goes_on_and_exports(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(command)
    write_corpus(tmp_path / "corpus.jsonl")
    file = tmp_path / "tiny.yaml"
    file.write_text(json.dumps(build_raw(tmp_path)))  # JSON is YAML
    short = ["--set", "phases=[{length: 16, tokens: 128}]"]
    assert CliRunner().invoke(app, [str(file), *short, "--minutes", "0"]).exit_code == 0
    assert not (tmp_path / "run" / "encoder").exists()
    assert CliRunner().invoke(app, [str(file), *short], catch_exceptions=False).exit_code == 0
    assert CliRunner().invoke(app, [str(file), *short, "--export", str(tmp_path / "out")]).exit_code == 0
    assert (tmp_path / "out" / "config.json").read_bytes() == (tmp_path / "run/encoder/config.json").read_bytes()
