"""Behavioural tests of a model: what must not change a decision, and what must (CheckList, Ribeiro et al. 2020)."""
