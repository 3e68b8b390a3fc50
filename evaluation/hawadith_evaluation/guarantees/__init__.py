"""What can be promised of thresholds on new articles, and which articles a reader should see: from few positives, without hope."""
