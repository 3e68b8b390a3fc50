"""Drift: whether the articles that come in are still like those that a model was measured on. Figures, and plain words about them."""
