"""Hostile text made harmless for a terminal."""

from rich.text import Text


def visible(text: str) -> Text:
    """Text in which control and bidi-override characters are visible escapes, and markup stays text."""
    return Text("".join(c if c == "\n" or c.isprintable() else f"\\u{ord(c):04x}" for c in text))
