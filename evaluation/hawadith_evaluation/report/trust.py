"""The sections on how far a model can be taken at its word: calibration, promises, what to hand to a reader."""

from collections.abc import Iterable, Sequence

from hawadith_evaluation.metrics_file import AbstainValues, EstimateValues, GuaranteeValues, ReliabilityValues
from hawadith_evaluation.report.charts import Band, place, widest
from hawadith_evaluation.report.outline import Cell, Column, Row, Section, Table, count, figure, name, words
from hawadith_evaluation.report.plots import plot_reliability
from hawadith_evaluation.report.wording import UNDEFINED, spell_count, spell_number, spell_share

_UNIT = ("0", "1")
_LEAST_ERROR = 0.1
_OTHER = {"recall": "precision", "precision": "recall"}
_NOTHING: EstimateValues = {"value": None, "low": None, "high": None}


def describe_reliability(reliability: Sequence[ReliabilityValues], *, labels: Sequence[str]) -> Section:
    """How far the probabilities can be taken at their word.

    Args:
        reliability: Reliability by label.
        labels: Label ids in the order of the metrics.

    Returns:
        The section.
    """
    few = [item["label"] for item in reliability if item["few"]]
    return Section(
        anchor="reliability",
        title="Reliability of the probabilities",
        reading="Of the articles given a probability of 0.7, seven in ten should report the incident; the errors say how far that is from "
        "true, and one no larger than by chance alone says nothing against the probabilities.",
        legend="Dots: bins of articles with equally many expected positives. Above the dotted line the model is too timid, below it too "
        "sure.",
        plots=tuple(
            plot_reliability(item, colour=_position(item["label"], labels)) for item in reliability if item["bins"]
        ),
        tables=(_table_errors(reliability),),
        facts=(f"Too few positives to rely on: {spell_count(len(few), 'label')}, marked “few”.",) if few else (),
        note="ECE is the mean distance between predicted probability and observed share over bins of equally many articles, Brier the mean "
        "squared error of the probabilities. “Before” is the sigmoid of the raw logit, without calibration; the best method is the one "
        "that does best on articles that it was not fitted on.",
    )


def describe_guarantees(guarantees: Sequence[GuaranteeValues]) -> Section:
    """Thresholds that keep a promise, or why there is none.

    Args:
        guarantees: The promises by label and goal.

    Returns:
        The section.
    """
    kept = sum(item["threshold"] is not None for item in guarantees)
    columns = (
        Column(name="promise"),
        Column(name="confidence", number=True),
        Column(name="threshold"),
        Column(name="observed here", number=True),
        Column(name="what it costs"),
        Column(name="positive stories", number=True),
        Column(name="why not"),
    )
    return Section(
        anchor="promises",
        title="Thresholds with a promise",
        reading="A threshold here keeps its promise on further articles like these with the confidence stated, not only on the ones it was "
        "chosen on; where these articles are too few for that, it says so.",
        tables=(
            Table(
                caption="Promises that these articles support",
                columns=columns,
                rows=tuple(_guarantee_row(item) for item in guarantees),
            ),
        ),
        facts=(f"{kept} of {spell_count(len(guarantees), 'promise')} can be kept with these articles.",),
        note="A promise holds for articles drawn like these (exchangeable): another period, outlet or style is outside of it. Near "
        "duplicates count as one story. Each promise has its confidence alone: that all of them hold together is less sure. None holds "
        "where the model was trained or calibrated on these articles.",
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
        Column(name="share of errors", scale=_UNIT),
        Column(name="precision outside", scale=_UNIT),
        Column(name="recall outside", scale=_UNIT),
    )
    return Section(
        anchor="review",
        title="What to hand to a reader",
        reading="Articles whose probability falls into the band are those that a reader's time improves most; precision and recall are of "
        "the articles outside of it, which the model decides alone.",
        tables=(Table(caption="Bands sized to a review budget", columns=columns, rows=tuple(map(_band_row, bands))),),
    )


def _table_errors(reliability: Sequence[ReliabilityValues]) -> Table:
    end = widest(_list_errors(reliability), least=_LEAST_ERROR)
    scale = ("0", f"{end:.2f}")
    return Table(
        caption="Calibration errors: 0 is perfect",
        columns=(
            Column(name="label"),
            Column(name="articles", number=True),
            Column(name="positives", number=True),
            Column(name="calibration error (ECE)", scale=scale),
            Column(name="ECE by chance alone", scale=scale),
            Column(name="ECE before", number=True),
            Column(name="Brier score", scale=scale),
            Column(name="Brier before", number=True),
            Column(name="best method"),
        ),
        rows=tuple(_reliability_row(item, end=end) for item in reliability),
    )


def _list_errors(reliability: Sequence[ReliabilityValues]) -> Iterable[EstimateValues]:
    for item in reliability:
        yield from (item["ece"], item["brier"], item.get("ece_if_true", _NOTHING))


def _reliability_row(item: ReliabilityValues, *, end: float) -> Row:
    scale = (0.0, end)
    return Row(
        tone="quiet" if item["few"] else "",
        cells=(
            name(item["label"]),
            count(item["n"]),
            words(f"{item['positives']:,}{' (few)' if item['few'] else ''}"),
            figure(item["ece"], digits=3, scale=scale),
            figure(item.get("ece_if_true", _NOTHING), digits=3, scale=scale),
            words(spell_number(item["ece_before"], digits=3)),
            figure(item["brier"], digits=3, scale=scale),
            words(spell_number(item["brier_before"], digits=3)),
            words(item.get("method", UNDEFINED)),
        ),
    )


def _guarantee_row(item: GuaranteeValues) -> Row:
    met = item["threshold"] is not None
    cost = f"{_OTHER[item['goal']]} {spell_number(item.get('other'), digits=2)}"
    return Row(
        group=name(item["label"]),
        cells=(
            words(f"{item['goal']} ≥ {item['at_least']:.2f}"),
            words(spell_share(item["confidence"])),
            words(spell_number(item["threshold"], digits=3) if met else "cannot be met", tone="good" if met else "bad"),
            words(spell_number(item["observed"], digits=2)),
            words(cost if met else UNDEFINED),
            count(item["positives"]),
            words(item["why"] or ""),
        ),
    )


def _band_row(item: AbstainValues) -> Row:
    band = Band(low=place(item["low"], scale=(0.0, 1.0)), high=place(item["high"], scale=(0.0, 1.0)))
    return Row(
        cells=(
            name(item["label"]),
            words(spell_share(item["budget"])),
            Cell(text=f"{item['low']:.3f} ≤ p < {item['high']:.3f}", strip=band),
            words(spell_share(item["share"], digits=1)),
            figure(item.get("errors_inside", _NOTHING)),
            figure(item["precision_outside"]),
            figure(item["recall_outside"]),
        )
    )


def _position(label: str, labels: Sequence[str]) -> int:
    return labels.index(label) if label in labels else len(labels)
