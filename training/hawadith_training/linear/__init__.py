"""Fitting the linear model: the yardstick of every report, and the model that needs no encoder."""
