"""Page residue: what a web page prints around an article and an extractor carries along.

Part of the optional pre-clean. The rule is to err on the side of keeping: only whole lines of known forms go, never a phrase inside prose.
"""

import re

from hawadith.text.aligned import Span

RESIDUE_VERSION = 1

_LINE = re.compile(r"[^\n]+")
_MAX_LINE = 120
_WHOLE_LINES = re.compile(
    r"""\W*(?:
        مقالات?\ ذات\ صلة | مواضيع\ ذات\ صلة | أخبار\ ذات\ صلة | اقرأ\ أيضا | إقرأ\ أيضا | شاهد\ أيضا | حجم\ الخط | طباعة | شارك
        | Share\ on\ Facebook | Tweet | Print
    )\W*""",
    re.VERBOSE,
)


def find_residue(raw: str) -> list[Span]:
    """Find page residue.

    Args:
        raw: A text without tashkeel and tatweel.

    Returns:
        Spans in order, disjoint.
    """
    return [
        line.span()
        for line in _LINE.finditer(raw)
        if line.end() - line.start() <= _MAX_LINE and _WHOLE_LINES.fullmatch(raw, *line.span())
    ]
