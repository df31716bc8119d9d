"""What is left out of the reading, and why. The stage that leaves it out reports it (`Rewriting.replace`). Pure.

Only letters and digits count: leaving out punctuation, spaces and invisible characters is no loss.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

# Letters by Unicode category, but silent: tatweel, fillers.
_SHOW_NOTHING = frozenset("\u0640\u115f\u1160\u3164\uffa0")


class Why(StrEnum):
    """What was left out."""

    LINKS = "links"  # the address behind a link's or picture's words
    MARKS = "marks"  # of Markdown
    TAGS = "tags"  # of HTML, with their attributes
    HIDDEN = "hidden"  # comments, scripts and styles of HTML
    CODES = "codes"  # of terminals, such as colours, and of LaTeX
    TIMES = "times"  # of subtitles
    THOUGHTS = "thoughts"  # of a language model
    FOOTNOTES = "footnotes"  # their marks
    ADDRESSES = "addresses"  # of the web, if the user wants less of them; likewise those below
    CODE = "code"
    EMOJI = "emoji"
    BRACKETS = "brackets"  # with what is in them
    REPEATS = "repeats"  # the same sign over and over
    PAGES = "pages"  # their numbers and running heads
    SIGNS = "signs"  # names of signs, such as &amp; and \\leq: no loss, since the signs are said


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece of a text that is not said. `letters` counts its letters and digits; positions are in the source."""

    start_chars: int
    end_chars: int
    why: Why
    letters: int


@dataclass(slots=True)
class Tally:
    """How many letters and digits a text has, and how many were left out for each reason."""

    letters: int = 0
    left_out: Counter[Why] = field(default_factory=Counter)

    def add(self, piece: LeftOut) -> None:
        """Count what was left out."""
        if piece.why is not Why.SIGNS:
            self.left_out[piece.why] += piece.letters


def letters(text: str) -> int:
    """The number of letters and digits in the text."""
    return sum(map(str.isalnum, text)) - (0 if text.isascii() else sum(c in _SHOW_NOTHING for c in text))


def gaps(found: str, kept: str, why: Why) -> list[tuple[int, int, int]]:
    """The parts of `found` with letters or digits that its replacement `kept` lacks: (start, end, how many of them).

    All of it if `kept` is different words. Emoji and repeated signs are reported although they have no letters.
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
