"""Batches run side by side, and each window gets its own logits."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import openvino
import pytest
from numpy.typing import NDArray
from openvino import opset13 as ops
from tests.inference.encoder.runtimes import VOCABULARY, build_weights, save_runtime

from hawadith.encoder.runtime import WindowScorer, count_streams, runtime_settings
from hawadith.errors import BundleError


def build_scorer(folder: Path, *, streams: int, longest: int = 64, token_budget: int = 256) -> WindowScorer:
    """A scorer whose logit is a window's largest id."""
    weights = np.arange(len(VOCABULARY), dtype=np.float32)[:, None]
    save_runtime(folder / "model.xml", weights=weights)
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(folder / "model.xml"), "CPU", runtime_settings(streams=streams))
    return WindowScorer(compiled, pad_id=0, longest=longest, token_budget=token_budget, streams=streams)


def draw_windows(n: int) -> list[NDArray[np.int32]]:
    """Windows of 1 to 64 tokens."""
    random = np.random.default_rng(5)
    return [random.integers(1, len(VOCABULARY), random.integers(1, 65)).astype(np.int32) for _ in range(n)]


@pytest.mark.parametrize("streams", [1, 3])
def test_score_gives_each_window_its_own_logits(tmp_path: Path, streams: int) -> None:
    windows = draw_windows(200)
    logits = build_scorer(tmp_path, streams=streams).score(windows)
    np.testing.assert_array_equal(logits[:, 0], [window.max() for window in windows])


def test_score_takes_windows_as_they_come(tmp_path: Path) -> None:
    def read() -> Iterator[NDArray[np.int32]]:
        yield from draw_windows(9)

    assert build_scorer(tmp_path, streams=2).score(read()).shape == (9, 1)


def test_score_of_no_window_has_the_width_of_the_labels(tmp_path: Path) -> None:
    assert build_scorer(tmp_path, streams=1).score([]).shape == (0, 1)


def test_score_never_pads_beyond_what_the_model_reads(tmp_path: Path) -> None:
    scorer = build_scorer(tmp_path, streams=1, longest=20)
    assert scorer.score([np.full(20, 7, dtype=np.int32)])[0, 0] == 7


def test_score_raises_what_a_batch_raised_and_scores_again(tmp_path: Path) -> None:
    scorer = build_scorer(tmp_path, streams=2)
    poisoned = [*draw_windows(40), np.zeros((2, 2), dtype=np.int32)]
    with pytest.raises(TypeError, match="dimension"):
        scorer.score(poisoned)
    assert scorer.score(draw_windows(3)).shape == (3, 1)


def test_scorer_brings_the_first_array_before_any_thread_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    infer = openvino.InferRequest.infer

    def record(request: openvino.InferRequest, inputs: object) -> object:
        seen.append(threading.get_ident())
        return infer(request, inputs)

    monkeypatch.setattr(openvino.InferRequest, "infer", record)
    scorer = build_scorer(tmp_path, streams=2)
    assert seen == [threading.get_ident()]
    scorer.score(draw_windows(50))
    assert threading.get_ident() not in seen[1:]


def test_count_streams_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(64)))
    assert count_streams() == 8
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {3})
    assert count_streams() == 1


def test_count_streams_knows_systems_without_affinity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.sched_getaffinity")
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    assert count_streams() == 4


def test_load_refuses_a_model_of_other_inputs(tmp_path: Path) -> None:
    numbers = ops.parameter([-1, 3], np.float32, name="numbers")
    numbers.output(0).set_names({"numbers"})
    openvino.save_model(openvino.Model([ops.relu(numbers)], [numbers]), tmp_path / "model.xml")
    with pytest.raises(BundleError, match="not input_ids and attention_mask"):
        WindowScorer.load(tmp_path / "model.xml", pad_id=0, longest=64)


@pytest.mark.parametrize("change", [(b'type="Gather"', b'type="Ga\xffher"'), (b"<layers>", b"<lay\x00ers>")])
def test_load_refuses_a_damaged_runtime_whatever_it_raises(tmp_path: Path, change: tuple[bytes, bytes]) -> None:
    save_runtime(tmp_path / "model.xml", weights=build_weights({"لغم": 4.0}))
    content = (tmp_path / "model.xml").read_bytes()
    assert change[0] in content
    (tmp_path / "model.xml").write_bytes(content.replace(*change, 1))
    with pytest.raises(BundleError, match="is no model that OpenVINO runs"):
        WindowScorer.load(tmp_path / "model.xml", pad_id=0, longest=64)


def test_load_refuses_a_model_that_does_not_say_its_labels(tmp_path: Path) -> None:
    ids, mask = (ops.parameter([-1, -1], np.int64, name=name) for name in ("input_ids", "attention_mask"))
    for port in (ids, mask):
        port.output(0).set_names({port.get_friendly_name()})
    openvino.save_model(openvino.Model([ops.add(ids, mask)], [ids, mask]), tmp_path / "model.xml")
    with pytest.raises(BundleError, match="how many labels"):
        WindowScorer.load(tmp_path / "model.xml", pad_id=0, longest=64)
