"""From raw article text to model input: one way for training, evaluation and inference."""
