"""Makes text from outside fit to be shown: names, addresses and messages that other programs or people wrote.

Terminals obey escape sequences, marks of writing direction can reverse a sentence, and a name may be a megabyte long.
All text that Harken shows or logs passes through here, at the latest in HarkenError.sentence, Notice and cli/output.py.
Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# The most characters shown of a name, and of a sentence.
NAME_CHARS = 200
SENTENCE_CHARS = 2000
# Whole terminal control sequences: CSI, then OSC and the like with their strings, then the short ones. No string may
# contain the start of another, or scanning many of them would take quadratic time.
SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,99}[ -/]{0,99}[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]{0,4096}(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]{0,9}[0-~]"
)
# Invisible but needed: joiners between letters, and the marks that only give their own direction.
_JOINERS = frozenset("\u200c\u200d\u200e\u200f\u061c")
_NOT_SHOWN = "\ufffd"


def shown(text: object, limit_chars: int = NAME_CHARS) -> str:
    """A name or short text on one line, without anything that would be obeyed instead of shown."""
    kept = _visible(str(text)[: 8 * limit_chars], "")
    kept = " ".join(kept.split())
    return kept if len(kept) <= limit_chars else kept[: limit_chars - 1].rstrip() + "…"


def sentence(text: str) -> str:
    """A whole sentence of Harken's, which may contain unchecked names."""
    return shown(text, SENTENCE_CHARS)


def lines(text: str) -> str:
    """A report of several lines: line breaks stay, but nothing else that a terminal would obey."""
    return _visible(text, "\n\t")


def fault_in(text: str, limit_chars: int) -> str:
    """Why a text can't be stored as a value, in words; "" if it can. Only one line is allowed."""
    if len(text) > limit_chars:
        return f"longer than {limit_chars} characters"
    if any(_is_obeyed(character) for character in text):
        return "with characters that can't be shown"
    return ""


def nearest(word: str, known: Sequence[str], count: int = 3) -> list[str]:
    """Those of `known` that `word` may have been meant to be, likeliest first."""
    import difflib  # only loaded when something is misspelt

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
    """Whether a terminal or window would act on it instead of showing it, or could not write it."""
    category = unicodedata.category(character)
    return category in ("Cc", "Cs", "Zl", "Zp") or (category == "Cf" and character not in _JOINERS)
