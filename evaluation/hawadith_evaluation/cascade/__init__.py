"""How much of a large model's work a small one may take over, and what is promised of the rest."""
