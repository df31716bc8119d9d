"""English as it is spoken. Pure.

The most specific forms come first: addresses before dates, dates before versions, versions before amounts.
"""

from __future__ import annotations

import re

from reader.text.spoken import english_amounts, english_notation, english_times, english_words
from reader.text.traced import Rewriting

_GAP = re.compile(r"\s{2,}|\s(?=[,;])(?<!\.\s)")


def rewrite(text: Rewriting) -> None:
    """Spell out everything a voice could misread."""
    english_notation.rewrite(text)
    english_words.rewrite_degrees(text)
    english_words.rewrite_names(text)
    english_times.rewrite(text)
    english_words.rewrite_short_forms(text)
    english_words.rewrite_versions(text)
    english_amounts.rewrite(text)
    english_words.rewrite_letters(text)
    english_words.rewrite_signs(text)
    text.replace(_GAP, lambda m: "" if m.string[m.end() : m.end() + 1] in (",", ";") else " ")
