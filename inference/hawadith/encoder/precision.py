"""The number format that a bundle's runtime computes in.

It stands in a file beside the runtime, not in the manifest: whoever replaces the runtime replaces both, bundles without the file are from
before there was a choice, and its hash makes another precision another bundle.
"""

from typing import TYPE_CHECKING, Literal, cast, get_args

from hawadith.errors import BundleError

if TYPE_CHECKING:
    from hawadith.bundle import Bundle

Precision = Literal["fp32", "int8-weights", "int8"]
"""`int8-weights` stores weights in 8 bits and computes in fp32; `int8` multiplies in 8 bits, with scales fixed when it was exported."""

PRECISION_FILE = "runtime/precision.json"


def read_precision(bundle: "Bundle") -> Precision:
    """Read the precision of a transformer bundle's runtime.

    Args:
        bundle: A verified bundle.

    Returns:
        The precision; `fp32` where the bundle says none.

    Raises:
        BundleError: If it is one that this version does not know.
    """
    if PRECISION_FILE not in bundle.manifest.files:
        return "fp32"
    from hawadith.bundle import read_json  # late: commands name a precision before anything is loaded

    raw = read_json(bundle.path / PRECISION_FILE)
    found = raw.get("precision") if isinstance(raw, dict) else raw
    if found not in get_args(Precision):
        raise BundleError(
            f"{bundle.path / PRECISION_FILE}: precision {found!r} is none of {', '.join(get_args(Precision))}. Upgrade hawadith, or export "
            "the bundle again."
        )
    return cast("Precision", found)
