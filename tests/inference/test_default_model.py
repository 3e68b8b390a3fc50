"""The bundled default reads to the end: what only the last paragraph of a long article reports is found, and quoted from there."""

import pytest
from tests.builders import SAMPLES

from hawadith.classifier import IncidentClassifier
from hawadith.readers import read_records

LAST_PARAGRAPHS = {
    "landmine_casualties": "وفي حادث منفصل، قُتل مزارعان وأصيب ثالث بجروح خطيرة بانفجار لغم أرضي من مخلفات الحرب في حقل قرب البلدة، "
    "بحسب مصدر طبي.",
    "arms_smuggling": "وفي سياق آخر، ضبطت قوات الأمن شاحنة محملة بكمية كبيرة من الأسلحة والذخائر كانت مهربة إلى الميليشيات عبر الحدود.",
    "militia_collusion": "واتهم مصدر أمني قياديا في الميليشيا بتهريب عناصر من تنظيم داعش مقابل مبالغ مالية، وبتسهيل عبورهم عبر الحواجز "
    "إلى مناطق سيطرة التنظيم.",
}


@pytest.fixture(scope="module")
def classifier() -> IncidentClassifier:
    return IncidentClassifier.load()


@pytest.fixture(scope="module")
def quiet_article() -> str:
    """More than 7,000 characters that report no incident, near to the types though they are: the four longest such samples."""
    quiet = sorted((record.text for record in read_records(SAMPLES) if not record.labels), key=len, reverse=True)
    text = "\n\n".join(quiet[:4])
    assert len(text) > 7_000
    return text


def test_default_model_knows_the_types_that_are_tried(classifier: IncidentClassifier) -> None:
    assert {*LAST_PARAGRAPHS} == {*classifier.typology.ids}


@pytest.mark.parametrize("label", LAST_PARAGRAPHS)
def test_default_model_finds_what_only_the_last_paragraph_of_a_long_article_reports(
    label: str, classifier: IncidentClassifier, quiet_article: str
) -> None:
    text = f"{quiet_article}\n\n{LAST_PARAGRAPHS[label]}"
    without, found = classifier.predict([quiet_article, text])
    assert label not in without.labels
    assert label in found.labels
    first = next(item for item in found.evidence if item.label == label)
    assert text[first.start : first.end] == first.text == LAST_PARAGRAPHS[label]
