"""Invented articles with marked sentences, in which a phrase stands wherever a mine is reported and proves nothing."""

from tests.builders import build_typology
from tests.linear_builders import ARMS, CALM

from hawadith.records import Mark, Record
from hawadith.text.article import TextProfile
from hawadith_training.articles import LabelledArticles, prepare_records

HINT = "وقالت وزارة الداخلية إن التحقيق ما زال جاريا."
PROOFS = [
    "انفجر لغم بسيارة مزارع قرب القرية.",
    "قتل لغم راعيا في الوادي فجرا.",
    "أصيب طفلان بعدما داسا على لغم قديم.",
    "بتر لغم ساق جندي على الحدود الشرقية.",
    "دمر لغم حافلة وجرح ركابها جميعا.",
    "لقي صياد حتفه حين أصاب قاربه لغم بحري.",
    "تسبب لغم زرع في الحقل بمقتل امرأة.",
    "جرح لغم ثلاثة عمال من فريق الإزالة.",
]
UNSEEN_PROOF = "قتل لغم سائق شاحنة ظهرا."
LABELS = ("mine", "arms")


def quote(text: str, sentence: str, *, label: str = "mine") -> Mark:
    """The mark of a sentence of a text."""
    start = text.index(sentence)
    return Mark(label=label, field="text", start=start, end=start + len(sentence))


def build_records(*, marked: int = len(PROOFS)) -> list[Record]:
    """Eight articles report a mine, in a marked sentence between phrases; four report arms, unmarked; twelve report nothing.

    The first `marked` of the mine's articles carry their mark.
    """
    records = []
    for row in range(24):
        calm = [CALM[(row + offset) % len(CALM)] for offset in range(3)]
        labels, evidence = [], []
        if row < len(PROOFS):
            calm = [calm[0], HINT, PROOFS[row], HINT, calm[1]]
            labels = ["mine"]
        elif row < len(PROOFS) + 4:
            calm[1:1] = [ARMS]
            labels = ["arms"]
        text = " ".join(calm)
        if row < min(marked, len(PROOFS)):
            evidence = [quote(text, PROOFS[row])]
        records.append(Record(id=str(row), text=text, labels=tuple(labels), evidence=tuple(evidence)))
    return records


def prepare(records: list[Record]) -> LabelledArticles:
    """The records, ready to learn from."""
    return prepare_records(records, typology=build_typology(*LABELS), profile=TextProfile())
