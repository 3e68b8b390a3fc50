"""Two models in a row: a small, quick one screens, and a large one decides what the small one cannot rule out."""
