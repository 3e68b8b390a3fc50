"""Pre-training of a compact encoder on unlabelled articles: vocabulary, token shards, training, export.

Each step leaves whole files behind and is skipped where they stand, so that a run goes on after any stop. The package asks for
torch, transformers, tokenizers, safetensors, numpy, rich and typer, and for nothing else of the extra `train`: a rented machine with an
accelerator brings those and often lets nothing be installed.
"""
