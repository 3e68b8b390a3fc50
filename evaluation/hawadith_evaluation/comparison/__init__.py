"""Whether one model is really better than another: paired on the same articles, with an interval, a test, and words that claim no more."""
