"""The text that has arrived but is not cut yet. Looking at it costs what is looked at, not what waits behind that.

Used by one task at a time; pure. Positions are in characters.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LINE_ENDS = str.maketrans("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n" * 9)


class Arrived:
    def __init__(self) -> None:
        self._parts: deque[str] = deque()
        self._start = 0  # offset within the first part
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, text: str) -> None:
        """Append text that has arrived."""
        if text:
            self._parts.append(text)
            self._length += len(text)

    def drop(self, chars: int) -> None:
        """Discard the first `chars` characters."""
        self._length -= chars
        self._start += chars
        while self._parts and self._start >= len(self._parts[0]):
            self._start -= len(self._parts.popleft())

    def beginning(self, chars: int, *, is_complete: bool, show: Callable[[str], str] = lambda text: text) -> str:
        r"""The first `chars` characters, with line ends as newlines and lone surrogates as spaces; the length is kept.

        Half a line end (the "\r" of "\r\n") is left out, unless `is_complete` says that nothing follows it. `show` may
        change the text before its line ends are unified, but not its length.
        """
        found: list[str] = []
        start, missing = self._start, chars
        for part in self._parts:
            found.append(part[start : start + missing])
            missing -= len(found[-1])
            if not missing:
                break
            start = 0
        text = "".join(found)
        if text.endswith("\r") and not (is_complete and len(text) == self._length):
            text = text[:-1]
        return _SURROGATE.sub(" ", show(text).replace("\r\n", " \n").translate(_LINE_ENDS))
