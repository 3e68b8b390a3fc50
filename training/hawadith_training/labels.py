"""Which labels of a grown typology continue which of an older one, for models of every kind."""

from collections.abc import Mapping

from hawadith.typology import Typology


def match_labels(old: Typology, *, grown: Typology) -> Mapping[int, int]:
    """Which output of a grown typology continues which old one.

    Args:
        old: The bundle's typology.
        grown: The new one; its history says what was renamed since.

    Returns:
        Old positions by new positions; labels that are new have none.
    """
    position = {label: column for column, label in enumerate(old.ids)}
    for revision in sorted(grown.history, key=lambda revision: revision.version):
        if revision.version > old.version:
            position |= {new: position[former] for former, new in revision.renamed.items() if former in position}
    return {column: position[label] for column, label in enumerate(grown.ids) if label in position}
