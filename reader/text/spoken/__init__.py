"""Makes a sentence speakable: what goes to a voice is words and punctuation that it can't misread.

`spoken` is the way in. English is spelt out whole (`english.py`), for the neural voice knows too few forms; of other
languages eSpeak NG says most by itself, and `others.py` mends what it does not. What a text looks like is not changed
for it: a Segment keeps its text, and `source_offset` leads back to it.
"""

from __future__ import annotations

from reader.text.spoken import emoji, english, others
from reader.text.traced import Rewriting


def spoken(text: str, language: str) -> Rewriting:
    """`text` as a voice of `language` is to get it. Linear in the text's length; never raises."""
    result = Rewriting(text)
    emoji.rewrite(result, language)
    if language == "en":
        english.rewrite(result)
    else:
        others.rewrite(result, language)
    return result
