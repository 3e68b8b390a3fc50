"""How fast a bundle scores on this machine, and how near that is to what the machine can do: no torch, no transformers."""
