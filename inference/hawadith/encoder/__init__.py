"""Scoring of transformer bundles on a CPU, through OpenVINO: no torch, no transformers."""
