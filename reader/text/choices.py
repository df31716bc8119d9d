"""What the user wants to hear besides a text's words. The defaults are mild: little is left out, nothing is added.

These are the values of the text.* settings: see core/from_settings.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Addresses(StrEnum):
    """How to read a web address: all of it, the site's name, or the word for a link."""

    WHOLE = "whole"
    HOST = "host"
    LINK = "link"


class Code(StrEnum):
    """How to read a block of code: all of it, the word for it, or nothing."""

    READ = "read"
    NAME = "name"
    NONE = "none"


class Footnotes(StrEnum):
    """Which footnote marks to read: all, only those in line with the text ([1], not ¹ or [^1]), or none."""

    READ = "read"
    INLINE = "inline"
    NONE = "none"


class Emoji(StrEnum):
    """Which emoji to name: each, the first of several in a row, or none."""

    NAME = "name"
    FIRST = "first"
    NONE = "none"


class Repeats(StrEnum):
    """How to read a sign repeated three or more times (%%%%): each, one, or none."""

    EACH = "each"
    ONCE = "once"
    NONE = "none"


class Pages(StrEnum):
    """Which page numbers and running heads to read: all, those not inside a sentence, or none."""

    READ = "read"
    BETWEEN = "between"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Choices:
    """All choices. The last three say whether to read bracketed text, Markdown's marks, and a model's thoughts."""

    addresses: Addresses = Addresses.WHOLE
    code: Code = Code.READ
    footnotes: Footnotes = Footnotes.INLINE
    emoji: Emoji = Emoji.NAME
    repeats: Repeats = Repeats.EACH
    pages: Pages = Pages.BETWEEN
    brackets: bool = True
    marks: bool = False
    thoughts: bool = False


MILD = Choices()
