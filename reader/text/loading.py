"""What the text stage reads from files and makes once, so that no text waits for it later."""

from __future__ import annotations

from reader.support import i18n
from reader.text import frequent_words, likeness, sentences, spoken, vocabulary


def load() -> None:
    """Have it ready: some 0.2 s the first time. On any thread."""
    frequent_words.load()
    sentences.load()
    vocabulary.load()
    for one in {"en", i18n.language()}:
        spoken.load(one)
    likeness.load()  # the last one, by which one tells that all is there


def is_loaded() -> bool:
    """Whether it is ready."""
    return likeness.is_loaded()
