"""The section on counts: what analysts publish is the number of a month, and misses and false alarms cancel in it."""

from collections.abc import Sequence
from itertools import groupby

from hawadith_evaluation.metrics_file import CountValues
from hawadith_evaluation.report.charts import widest
from hawadith_evaluation.report.outline import Column, Row, Section, Table, count, figure, name
from hawadith_evaluation.report.plots import plot_counts

_MOST_MONTHS = 36
"""Beyond three years of months a chart is of years: dots of single months would overlap."""


def describe_counts(counts: Sequence[CountValues], *, labels: Sequence[str]) -> Section:
    """Whether the incidents that an analyst would publish are too many or too few.

    Args:
        counts: Counts by label and period.
        labels: Label ids in the order of the metrics.

    Returns:
        The section: one line per label over all periods, a chart over time, all periods in folded tables.
    """
    overall = [item for item in counts if item["period"] == "all"]
    periods = {
        label: [item for item in counts if item["label"] == label and item["period"] != "all"] for label in labels
    }
    dated = {label: [item for item in items if item["period"] != "undated"] for label, items in periods.items()}
    tables = [_count_table("Incidents of all periods", overall, first="label")] if overall else []
    tables += [
        _count_table("By period", items, first="period", subject=label, shown=0)
        for label, items in periods.items()
        if items
    ]
    by_year = any(len(items) > _MOST_MONTHS for items in dated.values())
    plots = [
        plot_counts(label, counts=sum_years(items) if by_year else items, colour=colour)
        for colour, (label, items) in enumerate(dated.items())
        if len(items) > 1
    ]
    years = " Years stand for their months; the intervals of single months are in the tables." if by_year else ""
    return Section(
        anchor="counts",
        title="Counts: what an analyst would publish",
        reading="The bias is predicted minus true incidents: an interval that leaves 0 out says that counts of this model run too high or "
        "too low, whatever its F1.",
        legend="Dots: predicted, with its interval where there is one. Squares, dashed: true. Gaps: no article." + years
        if plots
        else "",
        plots=tuple(plots),
        tables=tuple(tables),
    )


def sum_years(counts: Sequence[CountValues]) -> list[CountValues]:
    """Sum months to years.

    Args:
        counts: Counts of one label whose periods begin with the year, in order.

    Returns:
        One count a year, in order; intervals cannot be summed, so the biases have none.
    """
    years = []
    for year, group in groupby(counts, key=lambda item: item["period"][:4]):
        months = list(group)
        true, predicted = sum(item["true"] for item in months), sum(item["predicted"] for item in months)
        years.append(
            CountValues(
                label=months[0]["label"],
                period=year,
                n=sum(item["n"] for item in months),
                true=true,
                predicted=predicted,
                bias={"value": predicted - true, "low": None, "high": None},
            )
        )
    return years


def _count_table(
    caption: str, counts: Sequence[CountValues], *, first: str, subject: str = "", shown: int = 1000
) -> Table:
    end = widest((item["bias"] for item in counts), least=1.0)
    columns = (
        Column(name=first),
        *(Column(name=each, number=True) for each in ("articles", "true", "predicted")),
        Column(name="bias", scale=(f"−{end:.0f}", f"+{end:.0f}")),
    )
    rows = (
        Row(
            cells=(
                name(item[first]),  # type: ignore[literal-required]
                count(item["n"]),
                count(item["true"]),
                count(item["predicted"]),
                figure(item["bias"], digits=0, scale=(-end, end), origin=0.0),
            )
        )
        for item in counts
    )
    return Table(caption=caption, columns=columns, rows=tuple(rows), subject=subject, shown=shown)
