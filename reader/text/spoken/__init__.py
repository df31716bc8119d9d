"""Makes a sentence speakable: what goes to a voice is words and punctuation that it can't misread.

`spoken` is the way in. English is spelt out completely (`english.py`), because the neural voice knows too few forms; in
other languages eSpeak NG says most by itself, and `others.py` corrects the rest. The displayed text does not change: a
Segment keeps its text, and `source_offset` leads back to it.

Making the patterns of a language takes several milliseconds, and about a tenth of a second for English with the
modules. So both are made when they are first needed; `load` does that on a thread.
"""

from __future__ import annotations

from reader.text.traced import Rewriting

_loaded: set[str] = set()


def load(language: str) -> None:
    """Have ready what a language needs. On any thread."""
    spoken("5 km ✓", language)
    _loaded.add(language)


def is_loaded(language: str) -> bool:
    """Whether that is ready."""
    return language in _loaded


def spoken(text: str, language: str) -> Rewriting:
    """`text` as a voice of `language` is to get it. Linear in the text's length; never raises."""
    from reader.text.spoken import emoji, english, others

    result = Rewriting(text)
    emoji.rewrite(result, language)
    if language == "en":
        english.rewrite(result)
    else:
        others.rewrite(result, language)
    return result
