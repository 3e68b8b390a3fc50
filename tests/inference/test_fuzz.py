"""Fuzzing: no input makes a reader, the text profile or the bundle loader fail with anything but a row or an error of ours."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.inference.fuzzing import SEEDS, check_bundle, check_reader, check_text, mutations, texts, write_seed_bundle

FILES = ("manifest.json", "typology.yaml", "calibration.json", "linear.json", "model.safetensors")
few = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
many = settings(few, max_examples=10_000, database=None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(scope="module")
def seed(folder: Path) -> Path:
    return write_seed_bundle(folder / "seed")


def fuzz_reader(folder: Path, suffix: str, how: settings) -> None:
    @how
    @given(mutations(SEEDS[suffix]))
    def check(content: bytes) -> None:
        check_reader(folder / f"in{suffix}", content)

    check()


def fuzz_text(how: settings) -> None:
    @how
    @given(texts, texts)
    def check(title: str, text: str) -> None:
        check_text(title, text)

    check()


def fuzz_bundle(folder: Path, seed: Path, name: str, how: settings) -> None:
    content = (seed / name).read_bytes()

    @how
    @given(mutations(content), st.booleans())
    def check(altered: bytes, reseal: bool) -> None:
        check_bundle(seed, folder / "altered", name=name, alter=lambda _: altered, reseal=reseal)

    check()


@pytest.mark.parametrize("suffix", SEEDS)
def test_fuzz_readers(folder: Path, suffix: str) -> None:
    fuzz_reader(folder, suffix, few)


def test_fuzz_text() -> None:
    fuzz_text(few)


@pytest.mark.parametrize("name", FILES)
def test_fuzz_bundle(folder: Path, seed: Path, name: str) -> None:
    fuzz_bundle(folder, seed, name, few)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", SEEDS)
def test_fuzz_readers_long(folder: Path, suffix: str) -> None:
    fuzz_reader(folder, suffix, many)


@pytest.mark.slow
def test_fuzz_text_long() -> None:
    fuzz_text(many)


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_fuzz_bundle_long(folder: Path, seed: Path, name: str) -> None:
    fuzz_bundle(folder, seed, name, many)
