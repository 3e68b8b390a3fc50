"""Review pages: articles with their incident types and evidence, for a human to check."""

from hawadith.explain.page import render_page, write_page

__all__ = ["render_page", "write_page"]
