"""Languages but English: short forms, measures, ordinals, by the tables in resources/spoken. Pure."""

from __future__ import annotations

from reader.text.traced import Rewriting


def rewrite(text: Rewriting, language: str) -> None:
    """Spell out what eSpeak NG says wrongly."""
