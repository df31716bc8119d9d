"""Preloads what the text stage reads from files or compiles once, so that texts need not wait for it."""

from __future__ import annotations

from reader.support import i18n
from reader.text import frequent_words, likeness, sentences, spoken, vocabulary


def load() -> None:
    """Load everything: about 0.2 s the first time. On any thread."""
    frequent_words.load()
    sentences.load()
    vocabulary.load()
    for one in {"en", i18n.language()}:
        spoken.load(one)
    likeness.load()  # last, since `is_loaded` checks only this


def is_loaded() -> bool:
    """Whether everything is loaded."""
    return likeness.is_loaded()
