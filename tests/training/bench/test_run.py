"""A bundle is measured without torch, too, and one that does not say its widths is refused."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.builders import SAMPLES

from hawadith.bench.operations import EncoderShape
from hawadith.bundle import Bundle
from hawadith.errors import BundleError
from hawadith_training.bench import report, run
from hawadith_training.bench.report import render_bench, to_mapping


def test_measure_bundle_leaves_the_pipeline_out_where_there_is_no_torch(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "find_spec", lambda _: None)
    monkeypatch.setattr("hawadith.bench.ceiling._SECONDS", 0.02)
    values = to_mapping(run.measure_bundle(bundle, data=SAMPLES, limit=3, passes=1))
    assert values["pipeline_tokens_per_s"] is None
    assert values["tokens_per_s"] == pytest.approx(values["tokens"] / values["passes_s"][0], rel=0.05)  # type: ignore[index]
    assert values["share_of_int8_ceiling"] == pytest.approx(values["gops"] / values["int8_ceiling_gops"])  # type: ignore[operator]
    assert 'pip install "hawadith[train]"' in render_bench(values)


def test_measure_bundle_takes_the_best_batch_size_as_its_yardstick(
    bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hawadith.bench.ceiling._SECONDS", 0.02)
    monkeypatch.setattr("hawadith_training.bench.pipeline.measure_pipeline", lambda *_, **__: {1: 50.0, 8: 200.0})
    values = to_mapping(run.measure_bundle(bundle, data=SAMPLES, limit=3, passes=1))
    assert values["pipeline_tokens_per_s"] == 200.0
    assert values["pipeline_by_batch_size"] == {"1": 50.0, "8": 200.0}
    assert values["ratio_to_pipeline"] == pytest.approx(values["tokens_per_s"] / 200.0)  # type: ignore[operator]
    assert "times transformers.pipeline at its best (200 tokens/s)" in render_bench(values)


def test_machine_has_a_name_where_the_system_tells_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", refuse)
    assert report._name_processor()


def test_read_shape_reads_the_checkpoint(bundle: Bundle) -> None:
    assert run.read_shape(bundle) == EncoderShape(layers=2, hidden=32, intermediate=128)


def test_read_shape_refuses_a_checkpoint_without_widths(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"hidden_size": "wide"}')
    with pytest.raises(BundleError, match="does not say num_hidden_layers"):
        run.read_shape(replace(bundle, path=tmp_path))
