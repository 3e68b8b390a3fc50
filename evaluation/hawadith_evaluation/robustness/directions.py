"""What must move a probability, and which way: a report raises it, the same incident not reported lowers it again.

A label rests on what a sentence says, not on the words that it holds. A denial keeps most words of the report and takes the incident away,
so it is compared with the report in the same place of the same article.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hawadith_evaluation.metrics_file import CapabilityValues
from hawadith_evaluation.predictions import Predictions
from hawadith_evaluation.robustness.cases import SentenceCase, Wording, insert_sentences
from hawadith_evaluation.robustness.figures import Directions, measure_direction
from hawadith_evaluation.robustness.run import SuiteRun
from hawadith_evaluation.robustness.wording import load_sentences

DIRECTION_TOLERANCE = 0.05
"""Share of cases that may move the wrong way."""

_NOT_REPORTED: Mapping[Wording, str] = {
    "negated": "report_negated",
    "rumour": "report_denied",
    "exercise": "report_exercised",
}


def measure_directions(run: SuiteRun) -> list[CapabilityValues]:
    """Measure reports that are put into articles, and the same incidents not reported, over all labels that have sentences.

    Args:
        run: The run.

    Returns:
        The values of each capability.
    """
    cases = _build_cases(run)
    rows = [case.row for case in cases]
    run.on_progress("report_added")
    before = _pick(run.before.probabilities[rows], cases=cases, run=run)
    reported = run.predict([case.records["report"] for case in cases])
    with_report = _pick(reported.probabilities, cases=cases, run=run)
    found = [_measure("report_added", reported, wording="report", sign=1, before=before, cases=cases, run=run)]
    for wording, name in _NOT_REPORTED.items():
        run.on_progress(name)
        after = run.predict([case.records[wording] for case in cases])
        found.append(_measure(name, after, wording=wording, sign=-1, before=with_report, cases=cases, run=run))
    return found


def _build_cases(run: SuiteRun) -> list[SentenceCase]:
    """Every label's sentences, put into articles that were judged not to report it."""
    known = load_sentences(run.settings.sentences)
    return [
        case
        for label in run.before.labels
        for case in insert_sentences(
            run.records,
            known.get(label, ()),
            label=label,
            rows=np.flatnonzero([label not in (*record.labels, *record.unknown) for record in run.records]),
            random=run.draw(f"sentences {label}"),
            limit=run.settings.sentence_articles,
        )
    ]


def _pick(
    values: NDArray[np.float64] | NDArray[np.bool_], *, cases: Sequence[SentenceCase], run: SuiteRun
) -> NDArray[np.float64]:
    """Of each case the value of its own label; shape `(cases,)`."""
    columns = np.array([run.before.labels.index(case.label) for case in cases], dtype=np.intp)
    return values[np.arange(len(cases)), columns].astype(np.float64)


def _measure(
    name: str,
    after: Predictions,
    *,
    wording: Wording,
    sign: int,
    before: NDArray[np.float64],
    cases: Sequence[SentenceCase],
    run: SuiteRun,
) -> CapabilityValues:
    directions = Directions(
        ids=[run.records[case.row].id for case in cases],
        labels=[case.label for case in cases],
        resampling=run.resampling(np.array([case.row for case in cases], dtype=np.intp)),
        before=before,
        after=_pick(after.probabilities, cases=cases, run=run),
        given=_pick(after.decisions, cases=cases, run=run) > 0,
        sign=sign,
    )
    notes = [{"sentence": case.sentences[wording]} for case in cases]
    return measure_direction(name, directions, notes=notes, tolerance=DIRECTION_TOLERANCE)
