"""Without folder, cache and hub there is one clear error, at once."""

import socket
import time
from pathlib import Path
from threading import Event

import pytest

from hawadith.errors import ModelUnavailableError
from hawadith_training.encoder import hub

ARABERT = "aubmindlab/bert-base-arabertv02"


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_locate_encoder_takes_a_folder(tmp_path: Path) -> None:
    assert hub.locate_encoder(str(tmp_path), revision=None) == tmp_path


def test_locate_encoder_says_at_once_how_to_bring_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = Event()

    def hang(*_: object, **__: object) -> None:
        ended.wait(20)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", hang)
    start = time.monotonic()
    with pytest.raises(ModelUnavailableError, match=r"--set encoder.path=FOLDER") as caught:
        hub.locate_encoder(ARABERT, revision=None)
    assert time.monotonic() - start < 2
    ended.set()
    for part in (ARABERT, "config.json", "vocab.txt", "pytorch_model.bin", "hf download"):
        assert part in str(caught.value)


def test_locate_encoder_does_not_ask_where_the_hub_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnavailableError, match="cannot be reached"):
        hub.locate_encoder(ARABERT, revision=None)


def test_locate_encoder_names_a_folder_that_is_not_there() -> None:
    with pytest.raises(ModelUnavailableError, match=r"there is no folder '\./nowhere/tiny'"):
        hub.locate_encoder("./nowhere/tiny", revision=None)


def test_locate_encoder_takes_a_whole_cached_copy_without_network(tmp_path: Path) -> None:
    repository = tmp_path / "cache" / "models--aubmindlab--bert-base-arabertv02"
    snapshot = repository / "snapshots" / ("0" * 40)
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0" * 40)
    for name in ("config.json", "pytorch_model.bin"):
        (snapshot / name).write_bytes(b"{}")
    assert hub.locate_encoder(ARABERT, revision=None) == snapshot


def test_locate_encoder_downloads_pickled_weights_only_without_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def download(repo: str, *, revision: str | None, allow_patterns: list[str]) -> str:
        asked.append(allow_patterns)
        if "pytorch_model.bin" in allow_patterns:
            (tmp_path / "pytorch_model.bin").touch()
        return str(tmp_path)

    monkeypatch.setattr(hub, "_find_cached", lambda *_, **__: None)
    monkeypatch.setattr(hub, "hub_is_reachable", lambda: True)
    monkeypatch.setattr(hub, "snapshot_download", download)
    assert hub.locate_encoder(ARABERT, revision="abc") == tmp_path
    assert ["model.safetensors" in patterns for patterns in asked] == [True, False]


@pytest.mark.parametrize("refused", [True, False])
def test_locate_encoder_says_when_the_hub_does_not_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: bool
) -> None:
    def download(*_: object, **__: object) -> str:
        if refused:
            raise OSError("404 not found")
        return str(tmp_path)

    monkeypatch.setattr(hub, "_find_cached", lambda *_, **__: None)
    monkeypatch.setattr(hub, "hub_is_reachable", lambda: True)
    monkeypatch.setattr(hub, "snapshot_download", download)
    with pytest.raises(ModelUnavailableError, match="404 not found" if refused else "none of model.safetensors"):
        hub.locate_encoder(ARABERT, revision=None)


def test_hub_is_reachable_asks_the_proxy_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []
    monkeypatch.setenv("https_proxy", "http://proxy.invalid:3128")
    monkeypatch.delenv("no_proxy", raising=False)

    def accept(host: str, port: int) -> bool:
        asked.append((host, port))
        return True

    monkeypatch.setattr(hub, "_accepts", accept)
    assert hub.hub_is_reachable()
    assert asked == [("proxy.invalid", 3128)]


def test_hub_is_not_reachable_where_the_connection_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    assert not hub.hub_is_reachable()
