"""Honest measurement of hawadith's models: predictions in; metrics, intervals, comparisons and reports out. Torch-free.

Needs the extra `eval`: `pip install "hawadith[eval]"`.
"""
