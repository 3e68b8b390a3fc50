"""The report of an evaluation: a page for people, and the same content as Markdown."""

from hawadith_evaluation.report.content import ReportContent, SummaryValues
from hawadith_evaluation.report.markdown import render_figures, render_markdown, render_summary, render_table
from hawadith_evaluation.report.page import render_report_page, write_report_page

__all__ = [
    "ReportContent",
    "SummaryValues",
    "render_figures",
    "render_markdown",
    "render_report_page",
    "render_summary",
    "render_table",
    "write_report_page",
]
