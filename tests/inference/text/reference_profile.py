"""The AraBERT v02 profile once more: slow, without alignment, step by step, so that a reader can check it against the description.

The package's own implementation is compared with this one on generated text.
"""

import html
import re
from itertools import groupby

_NAME = r"[-a-zA-Z0-9@:%._+~#=]"
_LINKS = (
    rf"(https?://.)?(www\.)?{_NAME}{{2,256}}\.[a-z]{{2,6}}\b([-a-zA-Z0-9@:%_+.~#?&/=]*)",
    r"https?://[a-zA-Z0-9_\-./~?=%&]+",
    r"www[a-zA-Z0-9_\-?=%&/.~]+",
    r"[a-zA-Z]+\.com",
    r"http\S*",
    r"www\S*",
    r"://",
)
_EMAILS = (r"[\w-]+@([\w-]+\.)+[\w-]+", r"\S+@\S+")
_ARABIC = "\u0621-\u063a\u0641-\u064a"
_KEPT_PUNCTUATION = set("[]!\"#$%'()*+,.:;-<=·>?@\\^_`{|}~—٪’،؟୍“؛”ۚ»«–…‘")
_KEPT_RANGES = ((0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A), (0x621, 0x63A), (0x640, 0x66C), (0x671, 0x674))
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def normalise_slowly(text: str) -> str:
    """Steps 2 to 15 of the profile, in order."""
    text = html.unescape(text)
    text = "".join(char for char in text if not 0x64B <= ord(char) <= 0x652)
    text = text.replace("\u0640", "")
    for pattern in _LINKS:
        text = re.sub(pattern, " [رابط] ", text)
    for pattern in _EMAILS:
        text = re.sub(pattern, " [بريد] ", text)
    text = re.sub(r"@\w+", " [مستخدم] ", text)
    text = text.replace("<br />", " ")
    text = re.sub(r"<[^>]+>", " ", text)
    text = text.translate(_DIGITS)
    text = "".join(_shorten(char, len(list(run))) for char, run in groupby(text))
    text = re.sub(rf"([^0-9{_ARABIC}\u0660-\u0669a-zA-Z\[\]])", r" \1 ", text)
    text = re.sub(rf"([0-9]+)([{_ARABIC}]+)", r" \1 \2 ", text)
    text = re.sub(rf"([{_ARABIC}]+)([0-9]+)", r" \1 \2 ", text)
    text = text.replace("/", "-")
    text = "".join(char if _is_kept(char) else " " for char in text)
    return " ".join(text.replace("\ufe0f", "").split())


def _shorten(char: str, count: int) -> str:
    return char * (count if char.isdecimal() else min(count, 2))


def _is_kept(char: str) -> bool:
    return char in _KEPT_PUNCTUATION or any(low <= ord(char) <= high for low, high in _KEPT_RANGES)
