"""Makes a sentence speakable: a voice gets only words and punctuation that it can't misread.

`spoken` is the entry point. English is spelt out completely (`english.py`), because the neural voice knows too few
forms; in other languages eSpeak NG reads most things correctly by itself, and `others.py` corrects the rest. The
displayed text does not change: a Segment keeps its text, and `source_offset` leads back to it.

Compiling a language's patterns takes several milliseconds, and importing and compiling those for English about 0.1 s.
Both happen on first use; `load` does it in advance on a thread.
"""

from __future__ import annotations

from reader.text.traced import Rewriting

_loaded: set[str] = set()


def load(language: str) -> None:
    """Load what a language needs. On any thread."""
    spoken("5 km ✓", language)
    _loaded.add(language)


def is_loaded(language: str) -> bool:
    """Whether the language is loaded."""
    return language in _loaded


def spoken(text: str, language: str) -> Rewriting:
    """`text` as a voice of `language` should get it. Linear in the text's length; never raises."""
    from reader.text.spoken import emoji, english, others

    result = Rewriting(text)
    emoji.rewrite(result, language)
    if language == "en":
        english.rewrite(result)
    else:
        others.rewrite(result, language)
    return result
