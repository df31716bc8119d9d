"""Makes a sentence speakable: what goes to a voice is words and punctuation that it can't misread.

`spoken` is the way in. English is spelt out completely (`english.py`), because the neural voice knows too few forms; in
other languages eSpeak NG says most by itself, and `others.py` corrects the rest. The displayed text does not change: a
Segment keeps its text, and `source_offset` leads back to it.

Compiling the patterns takes about a tenth of a second, so the modules are imported when they are first needed; `load`
does that on a thread.
"""

from __future__ import annotations

from reader.text.traced import Rewriting


def load(language: str) -> None:
    """Have ready what English and `language` need: some 10 ms for each other one. On any thread."""
    for one in ("en", language):
        spoken("5 km ✓", one)


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
