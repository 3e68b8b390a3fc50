"""What a bundle's speed is compared with: the ordinary way to run the same checkpoint, and a model of a published shape."""
