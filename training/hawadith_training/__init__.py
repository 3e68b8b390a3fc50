"""Training of hawadith's models: data, splits, fine-tuning, calibration, export.

Needs the extra `train`: `pip install "hawadith[train]"`.
"""
