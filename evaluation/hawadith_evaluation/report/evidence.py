"""The section on evidence: whether the sentences shown are the ones a person would mark, and the ones the model went by."""

from collections.abc import Sequence

from hawadith_evaluation.metrics_file import EstimateValues, EvidenceValues
from hawadith_evaluation.report.charts import widest
from hawadith_evaluation.report.outline import Column, Row, Section, Table, count, figure, name, words

_UNIT = ("0", "1")
_LEAST_DROP = 0.1
_ASKS_MARKS = "Hit@1 asks whether the first sentence shown is one that a person had marked"
_ASKS_MODEL = (
    "faithfulness asks the model itself, by taking the shown sentences away, which should cost probability, or by keeping nothing else, "
    "which should not"
)
_DROPS = ("drop without them", "without random ones", "drop with them alone", "with random ones alone")


def describe_evidence(evidence: Sequence[EvidenceValues]) -> Section:
    """How well the marked sentences support the labels.

    Args:
        evidence: Evidence quality by label.

    Returns:
        The section; the table on marked sentences only where articles have some, the other where the model was at hand.
    """
    marked = [item for item in evidence if item["n_marked_all"] or item["n_marked"]]
    erased = [item for item in evidence if item["n_erased"]]
    tables = [_table_marked(marked)] if marked else []
    tables += [_table_drops(erased)] if erased else []
    return Section(
        anchor="evidence",
        title="Quality of the evidence",
        reading=f"{_ASKS_MARKS}; {_ASKS_MODEL}." if erased else f"{_ASKS_MARKS}.",
        tables=tuple(tables),
        note="A drop no larger than that of random sentences of like length would mean that the evidence is decoration."
        if erased
        else "",
    )


def _table_marked(evidence: Sequence[EvidenceValues]) -> Table:
    columns = (
        *(Column(name="label"), Column(name="articles", number=True)),
        *(Column(name="hit@1", scale=_UNIT), Column(name="coverage", scale=_UNIT)),
    )
    rows = []
    for item in evidence:
        given = (item["n_marked"], item["hit_at_1"], item["coverage"])
        every = (item["n_marked_all"], item["hit_at_1_all"], item["coverage_all"])
        for what, (n, hit, covered) in (("label given", given), ("all that report it", every)):
            rows.append(Row(group=name(item["label"]), cells=(words(what), count(n), figure(hit), figure(covered))))
    return Table(caption="Against marked sentences", columns=columns, rows=tuple(rows))


def _table_drops(evidence: Sequence[EvidenceValues]) -> Table:
    end = widest((drop for item in evidence for drop in _drops(item)), least=_LEAST_DROP)
    columns = (
        *(Column(name="label"), Column(name="articles", number=True)),
        *(Column(name=each, scale=(f"−{end:.1f}", f"+{end:.1f}")) for each in _DROPS),
    )
    rows = tuple(
        Row(
            cells=(
                name(item["label"]),
                words(f"{item['n_erased']:,} of {item['n_given']:,}"),
                *(figure(drop, scale=(-end, end), origin=0.0) for drop in _drops(item)),
            )
        )
        for item in evidence
    )
    return Table(caption="Faithfulness: drops in probability", columns=columns, rows=rows)


def _drops(item: EvidenceValues) -> tuple[EstimateValues, ...]:
    return (
        item["comprehensiveness"],
        item["comprehensiveness_random"],
        item["sufficiency"],
        item["sufficiency_random"],
    )
