"""Texts from outside, made fit to be shown: names, addresses and messages that other programs or people wrote.

A terminal obeys escape sequences, marks of writing direction turn a sentence round, and a name may be a megabyte long.
Every text that Harken shows or writes to its log passes here, at the latest in HarkenError.sentence, Notice and
cli/output.py. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# The longest name shown, and the longest sentence.
NAME_CHARS = 200
SENTENCE_CHARS = 2000
# A terminal's control sequences, whole: CSI, then OSC and its like with their texts, then the short ones. No text has
# another's beginning in it, or each of many would be looked at to its end.
SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,99}[ -/]{0,99}[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]{0,9}[0-~]"
)
# Invisible, and needed: joiners of letters, and the marks that only say of themselves which way they are written.
_JOINERS = frozenset("\u200c\u200d\u200e\u200f\u061c")
_NOT_SHOWN = "\ufffd"


def shown(text: object, limit_chars: int = NAME_CHARS) -> str:
    """A name or a short text in one line, without anything that would be obeyed instead of shown."""
    kept = _visible(str(text)[: 8 * limit_chars], "")
    kept = " ".join(kept.split())
    return kept if len(kept) <= limit_chars else kept[: limit_chars - 1].rstrip() + "…"


def sentence(text: str) -> str:
    """A whole sentence of Harken's, which may contain unchecked names."""
    return shown(text, SENTENCE_CHARS)


def lines(text: str) -> str:
    """A report of several lines, which stay; nothing else that a terminal would obey does."""
    return _visible(text, "\n\t")


def fault_in(text: str, limit_chars: int) -> str:
    """What forbids a text to be kept as a value: "" for nothing, else in words. It may have one line only."""
    if len(text) > limit_chars:
        return f"longer than {limit_chars} characters"
    if any(_is_obeyed(character) for character in text):
        return "with characters that can't be shown"
    return ""


def nearest(word: str, known: Sequence[str], count: int = 3) -> list[str]:
    """Those of `known` that may have been meant by `word`, the likeliest first."""
    import difflib  # not for those who make no mistakes

    by_folded = {name.casefold(): name for name in reversed(known)}
    folded = shown(word).casefold()
    found = difflib.get_close_matches(folded, by_folded, count, 0.7)
    if len(folded) > 1:
        within = [name for name in by_folded if folded in name and name not in found]
        found += sorted(within, key=lambda name: not name.startswith(folded))
    return [by_folded[name] for name in found[:count]]


def _visible(text: str, kept: str) -> str:
    text = SEQUENCE.sub("", text)
    return "".join(
        character
        if character in kept or not _is_obeyed(character)
        else " "
        if character in "\n\r\t\v\f\x85\u2028\u2029"
        else _NOT_SHOWN
        for character in text
    )


def _is_obeyed(character: str) -> bool:
    """Whether a terminal or a window would do something at it rather than show it, or could not write it."""
    category = unicodedata.category(character)
    return category in ("Cc", "Cs", "Zl", "Zp") or (category == "Cf" and character not in _JOINERS)
