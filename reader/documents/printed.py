"""What a terminal would have shown of a text made for it: coloured logs, manual pages.

Such text is full of control sequences, which must not be heard, and letters are printed over each other to be bold or
underlined. Pure; used by one thread at a time.
"""

from __future__ import annotations

import re

from reader.support import foreign

# A sequence whose end has not come yet.
_BEGUN = re.compile(r"\x1b(?:\[[0-?]{0,99}[ -/]{0,99}|[\]PX^_][^\x07\x1b]{0,4096}\x1b?|[ -/]{0,9})?\Z")
_INTRODUCED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_]|[ -/]+)?")


class Printed:
    def __init__(self) -> None:
        self._held = ""

    def show(self, text: str) -> str:
        """More of the text, as it would be seen. The beginning of a sequence is kept until its end comes."""
        if not self._held and "\x1b" not in text and "\x08" not in text:
            return text
        text = self._held + text
        begun = _BEGUN.search(text)
        self._held = begun.group() if begun else ""
        return _overprinted(foreign.SEQUENCE.sub("", text[: len(text) - len(self._held)]))

    def rest(self) -> str:
        """The text is over: returns what was held back because its end never came, so no word is lost."""
        held, self._held = self._held, ""
        return _overprinted(_INTRODUCED.sub("", held).replace("\x1b", ""))


def _overprinted(text: str) -> str:
    """Without what something else was printed over. What has been shown already stays."""
    if "\x08" not in text:
        return text
    seen: list[str] = []
    for sign in text:
        if sign != "\x08":
            seen.append(sign)
        elif seen and seen[-1] != "\n":
            seen.pop()
    return "".join(seen)
