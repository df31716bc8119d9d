"""What the user wants to hear besides the words of a text. The defaults are mild: little is left out, nothing is added.

The settings named text.… have these values: see core/from_settings.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Addresses(StrEnum):
    """Of a web address: all of it, the name of the site, or the word for a link."""

    WHOLE = "whole"
    HOST = "host"
    LINK = "link"


class Code(StrEnum):
    """A block of code: all of it, the word for it, or nothing."""

    READ = "read"
    NAME = "name"
    NONE = "none"


class Footnotes(StrEnum):
    """The marks of footnotes: all, only those in line with the text ([1], not ¹ or [^1]), or none."""

    READ = "read"
    INLINE = "inline"
    NONE = "none"


class Emoji(StrEnum):
    """The names of emoji: of each, of the first of several in a row, or of none."""

    NAME = "name"
    FIRST = "first"
    NONE = "none"


class Repeats(StrEnum):
    """Of the same sign three times and more (%%%%): each, one, or none."""

    EACH = "each"
    ONCE = "once"
    NONE = "none"


class Pages(StrEnum):
    """The numbers and running heads of pages: all, those that do not stand inside a sentence, or none."""

    READ = "read"
    BETWEEN = "between"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Choices:
    """All of them. The last three: whether what is in brackets, Markdown's marks, and a model's thoughts are said."""

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
