"""The markup of a message: speech-dispatcher's own around a plain text, or a client's document (SSML). Pure.

It is parsed as far as possible, because a client's mistake must not cost a word: whatever is no element is text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

# What stands in place of an element.
_BREAKS = {"p": "\n\n", "s": "\n", "break": " "}
_SPELT = ("characters", "spell-out", "tts:char", "digits")
_PART = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[(?P<data>.*?)(?:\]\]>|\Z)|<[?!][^>]*(?:>|\Z)"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][\w.:-]*)(?P<attributes>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*?)(?P<empty>/?)>"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"([\w.:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(slots=True)
class Marked:
    """A text and its marks: the position of each, in characters, and its name."""

    text: str = ""
    marks: list[tuple[int, str]] = field(default_factory=list)

    def rewritten(self, change: Callable[[str], str]) -> Marked:
        """The same marks, with each piece of text between two of them changed."""
        made = Marked()
        at = 0
        for place, name in [*self.marks, (len(self.text), "")]:
            made.text += change(self.text[at:place]) if place > at else ""
            at = place
            made.marks.append((len(made.text), name))
        made.marks.pop()
        return made


def read(markup: str, spelt: Callable[[str], str]) -> Marked:
    """The text of a message and its marks. `spelt` returns the words for what is to be spelt out."""
    made = Marked()
    open_elements: list[tuple[str, bool, bool]] = []  # name, whether its text is passed over, whether it is spelt
    parts: list[str] = []
    chars = 0
    for part in _PART.finditer(markup):
        name = (part["name"] or "").rpartition(":")[2].lower()
        added = _BREAKS.get(name, "")
        if part["text"] or part["data"]:
            passes_over, spells = open_elements[-1][1:] if open_elements else (False, False)
            text = part["data"] or html.unescape(part["text"])
            added = "" if passes_over else spelt(text) if spells else text
        elif name and part["end"]:
            at = next((i for i in reversed(range(len(open_elements))) if open_elements[i][0] == name), None)
            del open_elements[len(open_elements) if at is None else at :]
        elif name:
            values = {
                key.lower(): html.unescape(one or other) for key, one, other in _ATTRIBUTE.findall(part["attributes"])
            }
            if name == "mark" and values.get("name"):
                made.marks.append((chars, values["name"]))
            if name == "sub":
                added = values.get("alias", "")
            if not part["empty"]:
                outer = open_elements[-1] if open_elements else ("", False, False)
                is_spelt = name == "say-as" and values.get("interpret-as", "") in _SPELT
                open_elements.append((name, outer[1] or bool(name == "sub" and added), outer[2] or is_spelt))
        parts.append(added)
        chars += len(added)
    made.text = "".join(parts)
    return made
