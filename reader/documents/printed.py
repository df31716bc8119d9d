"""Shows text as a terminal would have displayed it: coloured logs, manual pages.

Such text is full of control sequences, which must not be heard, and prints letters over each other for bold type or
underlining. Pure; one thread at a time.
"""

from __future__ import annotations

import re

from reader.support import foreign

# A sequence that has not ended yet.
_BEGUN = re.compile(r"\x1b(?:\[[0-?]{0,99}[ -/]{0,99}|[\]PX^_][^\x07\x1b]{0,4096}\x1b?|[ -/]{0,9})?\Z")
_INTRODUCED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_]|[ -/]+)?")


class Printed:
    def __init__(self) -> None:
        self._held = ""

    def show(self, text: str) -> str:
        """Add text, and return it as it would be seen. An incomplete sequence is held until its end comes."""
        if not self._held and "\x1b" not in text and "\x08" not in text:
            return text
        text = self._held + text
        begun = _BEGUN.search(text)
        self._held = begun.group() if begun else ""
        return _overprinted(foreign.SEQUENCE.sub("", text[: len(text) - len(self._held)]))

    def rest(self) -> str:
        """The text is over: return what was held back because its end never came, so that no word is lost."""
        held, self._held = self._held, ""
        return _overprinted(_INTRODUCED.sub("", held).replace("\x1b", ""))


def _overprinted(text: str) -> str:
    """Remove what was overprinted. What was already shown stays."""
    if "\x08" not in text:
        return text
    seen: list[str] = []
    for sign in text:
        if sign != "\x08":
            seen.append(sign)
        elif seen and seen[-1] != "\n":
            seen.pop()
    return "".join(seen)
