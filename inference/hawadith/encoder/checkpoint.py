"""Whether a bundle's checkpoint says the same as its typology.

A head whose outputs are counted or ordered otherwise would label everything wrongly, and nothing else would show it.
"""

from pathlib import Path

from hawadith.bundle import Bundle, read_json
from hawadith.errors import BundleError

PROBLEM_TYPE = "multi_label_classification"
REQUIRED_FILES = ("config.json", "model.safetensors", "tokenizer.json", "runtime/model.xml", "runtime/model.bin")


def check_checkpoint(bundle: Bundle) -> dict[str, object]:
    """Check a transformer bundle's configuration against its typology and windows.

    Args:
        bundle: A verified bundle.

    Returns:
        The values of `config.json`.

    Raises:
        BundleError: If a file is not listed, the configuration brings code, says another problem type or other labels, or reads
            shorter windows than the manifest asks for.
    """
    missing = [name for name in REQUIRED_FILES if name not in bundle.manifest.files]
    if missing:
        raise BundleError(f"{bundle.path}: the manifest does not list {', '.join(missing)}. Export the bundle again.")
    config = read_json(bundle.path / "config.json")
    if not isinstance(config, dict) or "auto_map" in config:
        raise BundleError(
            f"{bundle.path}: config.json is no plain configuration (`auto_map` would run code). Export the bundle again."
        )
    if config.get("problem_type") != PROBLEM_TYPE:
        raise BundleError(
            f"{bundle.path}: config.json says problem_type {config.get('problem_type')!r}, not {PROBLEM_TYPE!r}: its logits would be "
            "read wrongly. Export the bundle again."
        )
    _check_labels(config.get("id2label"), expected=bundle.typology.ids, path=bundle.path)
    positions = config.get("max_position_embeddings")
    if not isinstance(positions, int) or positions < bundle.manifest.windowing.max_length:
        raise BundleError(
            f"{bundle.path}: windows have up to {bundle.manifest.windowing.max_length} tokens, the encoder reads {positions}. Export the "
            "bundle again."
        )
    return config


def _check_labels(id2label: object, *, expected: tuple[str, ...], path: Path) -> None:
    named = id2label if isinstance(id2label, dict) else {}
    labels = tuple(str(named.get(str(position))) for position in range(len(named)))
    if labels != expected:
        raise BundleError(
            f"{path}: config.json labels its outputs {', '.join(labels) or 'not at all'}, the typology {', '.join(expected)}. Export the "
            "bundle again."
        )
