"""The linear model: n-grams of letters and words, one logistic regression per label, numpy alone."""
