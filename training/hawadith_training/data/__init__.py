"""Data for training: splits and folds that hold duplicate groups together, and checks of what is there."""
