"""The suite: models with known faults fail where they should, and only there."""

import pytest
from tests.evaluation.robustness.suites import (
    KEYWORDS,
    LABELS,
    RECORDS,
    build_classifier,
    build_fragile_classifier,
)

from hawadith.records import Record
from hawadith_evaluation.metrics_file import CapabilityValues, RobustnessValues
from hawadith_evaluation.robustness.perturbations import PERTURBATIONS
from hawadith_evaluation.robustness.run import SuiteRun, SuiteSettings
from hawadith_evaluation.robustness.suite import run_suite
from hawadith_evaluation.robustness.wording import load_sentences

SETTINGS = SuiteSettings(articles=10, sentence_articles=2, resamples=20)


def by_name(values: RobustnessValues) -> dict[str, CapabilityValues]:
    return {capability["name"]: capability for capability in values["capabilities"]}


@pytest.mark.parametrize(("same_story", "n_groups"), [(0.2, 1), (1.0, 2)])
def test_suite_counts_as_one_story_what_it_is_told_to(same_story: float, n_groups: int) -> None:
    records = [Record(id=end, text=f"انفجر لغم أرضي في حقل قريب من القرية {end}") for end in ("صباحا", "مساء")]
    settings = SuiteSettings(same_story=same_story)
    run = SuiteRun.begin(records, classifier=build_classifier(), settings=settings, seed=1, on_progress=lambda _: None)
    assert len(set(run.groups.tolist())) == n_groups


@pytest.fixture(scope="module")
def right() -> RobustnessValues:
    return run_suite(RECORDS, classifier=build_classifier(), settings=SETTINGS)


def test_suite_measures_every_capability_once(right: RobustnessValues) -> None:
    names = [capability["name"] for capability in right["capabilities"]]
    assert names == [
        *(perturbation.name for perturbation in PERTURBATIONS),
        "actor_swap",
        *(name for name in names if name.startswith("actor_swap_")),
        "report_added",
        "report_negated",
        "report_denied",
        "report_exercised",
    ]
    assert {name for name in names if name.startswith("actor_swap_")} == {
        "actor_swap_country",
        "actor_swap_faction",
        "actor_swap_force",
    }
    assert right["n_articles"] == 3
    assert right["seconds"] > 0


def test_suite_passes_a_model_that_reads_through_spelling_and_actors(right: RobustnessValues) -> None:
    found = by_name(right)
    blind = {"related_links", "scan_noise"}
    assert all(found[perturbation.name]["passed"] for perturbation in PERTURBATIONS if perturbation.name not in blind)
    assert found["actor_swap"]["flips"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert all(actor["mean_change"]["value"] == 0 and actor["flips"] == 0 for actor in right["actors"])


def holds(wording: str) -> list[bool]:
    """Of each report sentence of both labels, whether a wording holds the label's keyword."""
    known = load_sentences()
    return [
        keyword in getattr(sentence, wording)
        for label, keyword in zip(LABELS, KEYWORDS, strict=True)
        for sentence in known[label]
    ]


@pytest.mark.parametrize(
    ("name", "wording"), [("report_negated", "negated"), ("report_denied", "rumour"), ("report_exercised", "exercise")]
)
def test_suite_fails_a_model_that_goes_by_keywords_where_they_stay(
    right: RobustnessValues, name: str, wording: str
) -> None:
    found = by_name(right)[name]
    reported, denied = holds("report"), holds(wording)
    # What does not fall from the report's probability went the wrong way: both hold the keyword, or neither does.
    wrong = [not (before and not after) for before, after in zip(reported, denied, strict=True)]
    assert found["n"] == 2 * len(wrong)
    assert found["flips"]["value"] == pytest.approx(sum(wrong) / len(wrong))
    assert found["given"]["value"] == pytest.approx(sum(denied) / len(denied))
    assert not found["passed"]
    assert found["shift"] <= 0


def test_suite_compares_a_report_with_the_article_as_it_was(right: RobustnessValues) -> None:
    found, reported = by_name(right)["report_added"], holds("report")
    assert found["flips"]["value"] == pytest.approx(1 - sum(reported) / len(reported))
    assert found["shift"] > 0


def test_suite_fails_a_model_that_goes_by_the_name_of_an_actor() -> None:
    values = run_suite(RECORDS, classifier=build_classifier(("ايران", KEYWORDS[1])), settings=SETTINGS)
    assert by_name(values)["actor_swap_country"]["passed"]
    values = run_suite(RECORDS, classifier=build_classifier(("إيران", KEYWORDS[1])), settings=SETTINGS)
    country = by_name(values)["actor_swap_country"]
    assert country["flips"]["value"] == 0.5
    assert country["taken_back"]["value"] == 1.0
    assert not country["passed"]
    assert country["examples"][0]["source"] == "iran"
    of_mine = [actor for actor in values["actors"] if (actor["kind"], actor["label"]) == ("country", LABELS[0])]
    assert of_mine
    assert all(actor["mean_change"]["value"] == pytest.approx(-0.964, abs=1e-3) for actor in of_mine)


def test_suite_fails_a_model_that_goes_by_raw_characters() -> None:
    found = by_name(run_suite(RECORDS, classifier=build_fragile_classifier(), settings=SETTINGS))
    assert not found["tashkeel"]["passed"]
    assert found["tashkeel"]["examples"]


def test_suite_does_not_depend_on_the_order_of_the_articles(right: RobustnessValues) -> None:
    again = run_suite(RECORDS[::-1], classifier=build_classifier(), settings=SETTINGS)
    assert again["capabilities"] == right["capabilities"]
    assert again["actors"] == right["actors"]


def test_suite_follows_the_seed_and_says_what_it_does(right: RobustnessValues) -> None:
    told: list[str] = []
    again = run_suite(RECORDS, classifier=build_classifier(), settings=SETTINGS, on_progress=told.append)
    assert again["capabilities"] == right["capabilities"]
    assert {"tashkeel", "actor_swap", "report_added"} < set(told)
    other = run_suite(RECORDS, classifier=build_classifier(), settings=SETTINGS, seed=14)
    assert other["capabilities"] != right["capabilities"]


def test_suite_leaves_labels_without_sentences_out(right: RobustnessValues) -> None:
    assert by_name(right)["report_added"]["labels"].keys() == set(LABELS)


def test_suite_reads_no_more_articles_than_asked_for() -> None:
    few = SuiteSettings(articles=1, sentence_articles=1, resamples=0)
    found = by_name(run_suite(RECORDS, classifier=build_classifier(), settings=few))
    assert found["tashkeel"]["n"] == 1
    assert found["report_added"]["n"] == 4 * len(LABELS)
    assert found["tashkeel"]["flips"]["low"] is None
