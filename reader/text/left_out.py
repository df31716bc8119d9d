"""What is not read of a text, and why. The stage that leaves something out says so (`Rewriting.replace`). Pure.

Counted are letters and digits: signs, spaces and characters that show nothing are no loss.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

# Letters by their class, and yet nothing that could be said: tatweel, fillers.
_SHOW_NOTHING = frozenset("\u0640\u115f\u1160\u3164\uffa0")


class Why(StrEnum):
    """What it was."""

    LINKS = "links"  # the address behind a link's or a picture's words
    MARKS = "marks"  # of Markdown
    TAGS = "tags"  # of HTML, with what stands in them
    HIDDEN = "hidden"  # comments, scripts and styles of HTML
    CODES = "codes"  # of terminals, such as colours, and of LaTeX
    TIMES = "times"  # of subtitles
    THOUGHTS = "thoughts"  # of a language model
    FOOTNOTES = "footnotes"  # their marks
    ADDRESSES = "addresses"  # of the web, where the user wants less of them; likewise those below
    CODE = "code"
    EMOJI = "emoji"
    BRACKETS = "brackets"  # with what is in them
    REPEATS = "repeats"  # the same sign over and over
    PAGES = "pages"  # their numbers and running heads
    SIGNS = "signs"  # names of signs, such as &amp; and \\leq: no loss, for the signs are said


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece of a text that is not said. `letters` of it are letters and digits; positions are in the source."""

    start_chars: int
    end_chars: int
    why: Why
    letters: int


@dataclass(slots=True)
class Tally:
    """How many letters and digits a text has, and how many of them were left out for which reason."""

    letters: int = 0
    left_out: Counter[Why] = field(default_factory=Counter)

    def add(self, piece: LeftOut) -> None:
        """Count what was left out."""
        if piece.why is not Why.SIGNS:
            self.left_out[piece.why] += piece.letters


def letters(text: str) -> int:
    """How many letters and digits it has."""
    return sum(map(str.isalnum, text)) - (0 if text.isascii() else sum(c in _SHOW_NOTHING for c in text))


def gaps(found: str, kept: str, why: Why) -> list[tuple[int, int, int]]:
    """What of `found` is missing from `kept`, which stands for it: (start, end, letters and digits), where it has any.

    All of it where `kept` are other words. Emoji and repeated signs are told although they have none.
    """
    kept = kept.strip()
    at = found.lower().find(kept.lower()) if kept and len(found.lower()) == len(found) else -1
    spans = [(0, len(found))] if at < 0 else [(0, at), (at + len(kept), len(found))]
    are_signs = why in (Why.EMOJI, Why.REPEATS)
    return [
        (start, end, count)
        for start, end in spans
        if (count := letters(found[start:end])) or (are_signs and found[start:end].strip())
    ]
