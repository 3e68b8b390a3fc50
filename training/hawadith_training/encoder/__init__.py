"""Fine-tuning of BERT-family encoders on whole articles: loading, windows, training, export."""
