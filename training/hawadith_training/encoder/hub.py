"""Where an encoder comes from: a folder, the local Hugging Face cache, or the hub; and one clear error, at once, when none has it.

The hub's own client retries for minutes where there is no network. Here reachability is decided first, in under two seconds.
"""

import re
import socket
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from huggingface_hub import constants, snapshot_download
from huggingface_hub.errors import HFValidationError

from hawadith.errors import ModelUnavailableError

PATIENCE = 1.5
"""Seconds within which the hub must answer a connection."""

_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
_DESCRIPTION = ["config.json", "vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"]
_WEIGHTS = ("model.safetensors", "pytorch_model.bin")


def locate_encoder(path: str, *, revision: str | None) -> Path:
    """Find an encoder's folder, downloading it where that is possible.

    A cached copy is taken as it is, without asking the hub for a newer one: pin `revision` to say which one is meant.

    Args:
        path: A folder, or a hub id such as `aubmindlab/bert-base-arabertv02`.
        revision: Hub revision: commit, tag or branch.

    Returns:
        The folder that holds configuration, weights and vocabulary.

    Raises:
        ModelUnavailableError: If it is no folder, not in the cache, and the hub cannot be reached or does not have it.
    """
    folder = Path(path).expanduser()
    if folder.is_dir():
        return folder
    if not _HUB_ID.fullmatch(path):
        raise ModelUnavailableError(
            f"encoder.path: there is no folder {path!r}, and it is no hub id. {_how_to_bring(path)}"
        )
    cached = _find_cached(path, revision=revision)
    if cached is not None:
        return cached
    if not hub_is_reachable():
        raise ModelUnavailableError(
            f"encoder.path: {path!r} is no folder here, not in the Hugging Face cache, and {constants.ENDPOINT} cannot be "
            f"reached. {_how_to_bring(path)}"
        )
    return _download(path, revision=revision)


def hub_is_reachable() -> bool:
    """Whether the hub, or the proxy on the way to it, accepts a connection within `PATIENCE` seconds."""
    if constants.HF_HUB_OFFLINE:
        return False
    hub = urlsplit(constants.ENDPOINT)
    proxies = getproxies()
    target = hub
    if hub.scheme in proxies and not proxy_bypass(hub.hostname or ""):
        target = urlsplit(proxies[hub.scheme])
    answers: list[bool] = []
    # In a thread, because no timeout bounds name resolution, which hangs first where there is no network.
    attempt = Thread(target=lambda: answers.append(_accepts(target.hostname or "", target.port or 443)), daemon=True)
    attempt.start()
    attempt.join(PATIENCE)
    return any(answers)


def _accepts(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=PATIENCE).close()
    except OSError:
        return False
    return True


def _find_cached(repo: str, *, revision: str | None) -> Path | None:
    try:
        folder = Path(snapshot_download(repo, revision=revision, local_files_only=True))
    except (OSError, HFValidationError):
        return None
    whole = (folder / "config.json").is_file() and any((folder / name).is_file() for name in _WEIGHTS)
    return folder if whole else None


def _download(repo: str, *, revision: str | None) -> Path:
    """Download the safer form of the weights; the other only where there is no choice.

    Args:
        repo: Hub id.
        revision: Hub revision.

    Returns:
        The snapshot's folder in the cache.

    Raises:
        ModelUnavailableError: If the hub refuses, breaks off, or holds no weights under that id.
    """
    try:
        for weights in _WEIGHTS:
            folder = Path(snapshot_download(repo, revision=revision, allow_patterns=[*_DESCRIPTION, weights]))
            if (folder / weights).is_file():
                return folder
    except (
        Exception
    ) as error:  # the client lets its HTTP library's errors through, and changed libraries between versions
        raise ModelUnavailableError(
            f"encoder.path: {repo!r} could not be downloaded: {error}. {_how_to_bring(repo)}"
        ) from error
    raise ModelUnavailableError(
        f"encoder.path: {repo!r} has none of {', '.join(_WEIGHTS)} on the hub. {_how_to_bring(repo)}"
    )


def _how_to_bring(path: str) -> str:
    return (
        f"Bring the model: where there is network, run `hf download {path} --local-dir FOLDER` (needed: config.json, vocab.txt or "
        "tokenizer.json, and model.safetensors or pytorch_model.bin); copy FOLDER here; then train with "
        "--set encoder.path=FOLDER"
    )
