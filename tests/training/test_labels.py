"""Labels keep what was learned through the renames that a typology records."""

from tests.builders import build_type, build_typology

from hawadith.typology import Revision, Typology
from hawadith_training.labels import match_labels

OLD = build_typology("mine", "arms")


def test_match_labels_follows_renames_since() -> None:
    labels = tuple(build_type(id_) for id_ in ("ordnance", "arms"))
    renamed = Typology(
        version=2, labels=labels, history=(Revision(version=2, renamed={"mine": "ordnance"}, removed=()),)
    )
    assert match_labels(OLD, grown=renamed) == {0: 0, 1: 1}


def test_match_labels_leaves_removed_ones_behind() -> None:
    assert match_labels(OLD, grown=build_typology("arms")) == {0: 1}
