"""`hawadith bench` writes every figure that it promises, and says which it could not measure."""

import json
from pathlib import Path

import pytest
from tests.builders import SAMPLES
from typer.testing import CliRunner

from hawadith.bundle import Bundle, read_bundle
from hawadith.classifier import default_bundle
from hawadith.cli import build_app
from hawadith.errors import ConfigError

KEYS = {
    "model",
    "precision",
    "cores",
    "articles",
    "tokens",
    "tokens_per_s",
    "articles_per_s",
    "pipeline_tokens_per_s",
    "ratio_to_pipeline",
    "int8_ceiling_gops",
    "share_of_int8_ceiling",
    "peak_memory_mb",
    "startup_s",
}


def bench(tmp_path: Path, *options: str) -> tuple[dict[str, object], str]:
    """Run the command on a few samples: its JSON and its output."""
    file = tmp_path / "bench.json"
    arguments = ["bench", "--data", str(SAMPLES), "--limit", "4", "--passes", "1", "--json", str(file), *options]
    done = CliRunner().invoke(build_app(), arguments)
    assert done.exit_code == 0, done.exception
    values = json.loads(file.read_text("utf-8"))
    assert isinstance(values, dict)
    return values, done.output


def test_bench_of_the_default_model_says_what_a_linear_model_lacks(tmp_path: Path) -> None:
    values, output = bench(tmp_path)
    assert set(values) >= KEYS
    assert values["articles"] == 4
    assert values["ratio_to_pipeline"] is None
    assert values["share_of_int8_ceiling"] is None
    assert "not measured: the pipeline" in output


def test_bench_makes_the_shape_that_it_measures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, object] = {}

    def write_linear(folder: Path, **options: object) -> Bundle:
        made.update(options, folder=folder)
        return read_bundle(default_bundle())

    monkeypatch.setattr("hawadith_training.bench.shape.write_shape", write_linear)
    bench(tmp_path, "--shape", "arabert-base", "--precision", "fp32")
    assert (made["shape"], made["precision"]) == ("arabert-base", "fp32")
    assert isinstance(made["articles"], list)
    assert len(made["articles"]) == 4


def test_bench_without_json_only_prints() -> None:
    done = CliRunner().invoke(build_app(), ["bench", "--data", str(SAMPLES), "--limit", "2", "--passes", "1"])
    assert done.exit_code == 0
    assert "tokens/s" in done.output


@pytest.mark.slow
def test_bench_of_a_shape_measures_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hawadith.bench.ceiling._SECONDS", 0.05)
    values, output = bench(tmp_path, "--shape", "tiny")
    assert set(values) >= KEYS
    assert values["precision"] == "int8"
    numbers = [values[key] for key in KEYS - {"model", "precision"}]
    assert all(isinstance(number, int | float) and number > 0 for number in numbers)
    assert "times transformers.pipeline" in output
    assert "of the int8 ceiling" in output


def test_bench_of_two_models_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(build_app(), ["bench", "--model", str(tmp_path), "--shape", "tiny"])
    assert isinstance(done.exception, ConfigError)
