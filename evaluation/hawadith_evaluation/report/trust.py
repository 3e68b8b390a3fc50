"""The sections on how far a model can be taken at its word: calibration, promises, what to hand to a reader, evidence."""

from collections.abc import Sequence

from hawadith_evaluation.metrics_file import (
    AbstainValues,
    EvidenceValues,
    GuaranteeValues,
    ReliabilityValues,
)
from hawadith_evaluation.report.charts import Band, place, widest
from hawadith_evaluation.report.outline import Cell, Column, Row, Section, Table, count, figure, name, words
from hawadith_evaluation.report.plots import plot_reliability
from hawadith_evaluation.report.wording import spell_count, spell_number, spell_share

_UNIT = ("0", "1")
_LEAST_ERROR = 0.1
_LEAST_DROP = 0.1


def describe_reliability(reliability: Sequence[ReliabilityValues], *, labels: Sequence[str]) -> Section:
    """How far the probabilities can be taken at their word.

    Args:
        reliability: Reliability by label.
        labels: Label ids in the order of the metrics.

    Returns:
        The section.
    """
    end = widest((item[key] for item in reliability for key in ("ece", "brier")), least=_LEAST_ERROR)
    scale = ("0", f"{end:.2f}")
    few = [item["label"] for item in reliability if item["few"]]
    return Section(
        anchor="reliability",
        title="Reliability of the probabilities",
        reading="Of the articles given a probability of 0.7, seven in ten should report the incident; the errors say how far that is from true.",
        legend="Dots: bins of articles. Above the dotted line the model is too timid, below it too sure.",
        plots=tuple(
            plot_reliability(item, colour=_position(item["label"], labels)) for item in reliability if item["bins"]
        ),
        tables=(
            Table(
                caption="Calibration errors: 0 is perfect",
                columns=(
                    Column(name="label"),
                    Column(name="articles", number=True),
                    Column(name="positives", number=True),
                    Column(name="calibration error (ECE)", scale=scale),
                    Column(name="ECE before", number=True),
                    Column(name="Brier score", scale=scale),
                    Column(name="Brier before", number=True),
                ),
                rows=tuple(_reliability_row(item, end=end) for item in reliability),
            ),
        ),
        facts=(f"Too few positives to rely on: {spell_count(len(few), 'label')}, marked “few”.",) if few else (),
        note="ECE is the mean distance between predicted probability and observed share over bins of equally many articles; Brier is the "
        "mean squared error of the probabilities. “Before” is the sigmoid of the raw logit, without calibration.",
    )


def describe_guarantees(guarantees: Sequence[GuaranteeValues]) -> Section:
    """Thresholds that keep a promise, or why there is none.

    Args:
        guarantees: The promises by label and goal.

    Returns:
        The section.
    """
    kept = sum(item["threshold"] is not None for item in guarantees)
    return Section(
        anchor="guarantees",
        title="Thresholds with a promise",
        reading="A threshold here keeps its promise on further articles like these with the confidence stated, not only on the ones it was "
        "chosen on; where these articles are too few for that, it says so.",
        tables=(
            Table(
                caption="Promises that these articles support",
                columns=(
                    Column(name="label"),
                    Column(name="promise"),
                    Column(name="confidence", number=True),
                    Column(name="threshold"),
                    Column(name="observed here", number=True),
                    Column(name="positives", number=True),
                    Column(name="why not"),
                ),
                rows=tuple(_guarantee_row(item) for item in guarantees),
            ),
        ),
        facts=(f"{kept} of {spell_count(len(guarantees), 'promise')} can be kept with these articles.",),
        note="A promise holds for articles drawn like these (exchangeable): another period, outlet or style is outside of it.",
    )


def describe_abstention(bands: Sequence[AbstainValues]) -> Section:
    """Which articles to hand to a reader.

    Args:
        bands: The band of each label.

    Returns:
        The section.
    """
    columns = (
        Column(name="label"),
        Column(name="review budget", number=True),
        Column(name="goes to a reader", scale=_UNIT),
        Column(name="share of articles", number=True),
        Column(name="precision outside", scale=_UNIT),
        Column(name="recall outside", scale=_UNIT),
    )
    return Section(
        anchor="abstention",
        title="What to hand to a reader",
        reading="Articles whose probability falls into the band are those that a reader's time improves most; the figures beside it are of "
        "the articles outside, which the model decides alone.",
        tables=(Table(caption="Bands sized to a review budget", columns=columns, rows=tuple(map(_band_row, bands))),),
    )


def describe_evidence(evidence: Sequence[EvidenceValues]) -> Section:
    """How well the marked sentences support the labels.

    Args:
        evidence: Evidence quality by label.

    Returns:
        The section; the table on marked sentences only where articles have some, the other where the model was at hand.
    """
    marked = [item for item in evidence if item["n_marked_all"] or item["n_marked"]]
    erased = [item for item in evidence if item["n_erased"]]
    tables = [_marked_table(marked)] if marked else []
    tables += [_faithfulness_table(erased)] if erased else []
    return Section(
        anchor="evidence",
        title="Quality of the evidence",
        reading="Hit@1 asks whether the first sentence shown is one that a person had marked; faithfulness asks the model itself, by taking "
        "the shown sentences away, which should cost the probability, or by keeping nothing else, which should not.",
        tables=tuple(tables),
        note="Drops are in probability. A drop no larger than that of random sentences would mean that the evidence is decoration."
        if erased
        else "",
    )


def _reliability_row(item: ReliabilityValues, *, end: float) -> Row:
    return Row(
        tone="quiet" if item["few"] else "",
        cells=(
            name(item["label"]),
            count(item["n"]),
            words(f"{item['positives']:,}{' (few)' if item['few'] else ''}"),
            figure(item["ece"], digits=3, scale=(0.0, end)),
            words(spell_number(item["ece_before"], digits=3)),
            figure(item["brier"], digits=3, scale=(0.0, end)),
            words(spell_number(item["brier_before"], digits=3)),
        ),
    )


def _guarantee_row(item: GuaranteeValues) -> Row:
    met = item["threshold"] is not None
    return Row(
        cells=(
            name(item["label"]),
            words(f"{item['goal']} ≥ {item['at_least']:.2f}"),
            words(spell_share(item["confidence"])),
            words(spell_number(item["threshold"], digits=3) if met else "cannot be met", tone="good" if met else "bad"),
            words(spell_number(item["observed"], digits=2)),
            count(item["positives"]),
            words(item["why"] or ""),
        )
    )


def _band_row(item: AbstainValues) -> Row:
    band = Band(low=place(item["low"], scale=(0.0, 1.0)), high=place(item["high"], scale=(0.0, 1.0)))
    return Row(
        cells=(
            name(item["label"]),
            words(spell_share(item["budget"])),
            Cell(text=f"{item['low']:.3f} ≤ p < {item['high']:.3f}", strip=band),
            words(spell_share(item["share"], digits=1)),
            figure(item["precision_outside"]),
            figure(item["recall_outside"]),
        )
    )


def _marked_table(evidence: Sequence[EvidenceValues]) -> Table:
    columns = (
        *(Column(name="label"), Column(name="articles", number=True)),
        *(Column(name="hit@1", scale=_UNIT), Column(name="coverage", scale=_UNIT)),
    )
    rows = []
    for item in evidence:
        given = (item["n_marked"], item["hit_at_1"], item["coverage"])
        every = (item["n_marked_all"], item["hit_at_1_all"], item["coverage_all"])
        for what, (n, hit, covered) in (("label given", given), ("all that report it", every)):
            cells = (words(what), count(n), figure(hit), figure(covered))
            rows.append(Row(group=name(item["label"]), cells=cells))
    return Table(caption="Against marked sentences", columns=columns, rows=tuple(rows))


def _faithfulness_table(evidence: Sequence[EvidenceValues]) -> Table:
    keys = ("comprehensiveness", "comprehensiveness_random", "sufficiency", "sufficiency_random")
    names = ("drop without them", "without random ones", "drop with them alone", "with random ones alone")
    end = widest((item[key] for item in evidence for key in keys), least=_LEAST_DROP)  # type: ignore[literal-required]
    scale = (f"−{end:.1f}", f"+{end:.1f}")
    rows = (
        Row(
            cells=(
                name(item["label"]),
                words(f"{item['n_erased']:,} of {item['n_given']:,}"),
                *(
                    figure(item[key], scale=(-end, end), origin=0.0)  # type: ignore[literal-required]
                    for key in keys
                ),
            )
        )
        for item in evidence
    )
    columns = (
        *(Column(name="label"), Column(name="articles", number=True)),
        *(Column(name=each, scale=scale) for each in names),
    )
    return Table(
        caption="Faithfulness: what the shown sentences are worth to the model", columns=columns, rows=tuple(rows)
    )


def _position(label: str, labels: Sequence[str]) -> int:
    return labels.index(label) if label in labels else len(labels)
