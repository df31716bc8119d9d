"""A strict clipboard of Windows', with a program in front: what reader/capture/copying.py asks of the system."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reader.capture.copying import Format
from reader.capture.windows_copying import UNICODE

TEXT = Format(UNICODE)


def utf16(text: str) -> bytes:
    """As Windows' programs put it there."""
    return (text + "\0").encode("utf-16-le")


class FakeClipboard:
    """Implements Clipboard. `on_copy` is what the program in front does at Ctrl+C, `delay_s` after it."""

    def __init__(self, content: dict[Format, bytes] | None = None) -> None:
        """The user has copied something before."""
        self.content = dict(content or {})
        self.number = 7
        self.is_open = False
        self.busy_until_s = 0.0  # another program has it
        self.on_copy: Callable[[], dict[Format, bytes] | None] = lambda: None
        self.delay_s = 0.01
        self.renders_s = 0.0  # it keeps the clipboard open that long
        self.presses = 0
        self.is_allowed = True
        self.holds_ctrl = False
        self.hangs = False
        self.data_takes_s = 0.0
        self.press_takes_s = 0.0
        self.turn_s = 0.0  # what a wait takes at least, where others compute
        self._s = 0.0
        self._due: tuple[float, dict[Format, bytes]] | None = None

    def copy(self, content: dict[Format, bytes]) -> None:
        """Some program does."""
        assert not self.is_open
        self.content = dict(content)
        self.number += len(content) + 1

    def now_s(self) -> float:
        """See Clipboard."""
        return self._s

    def wait(self, seconds: float) -> None:
        """See Clipboard."""
        assert not self.is_open, "no other program could copy meanwhile"
        self._s += max(seconds, self.turn_s)
        if self._due and self._s >= self._due[0]:
            _, content = self._due
            self._due = None
            self.copy(content)
            self.busy_until_s = max(self.busy_until_s, self._s + self.renders_s)

    def sequence(self) -> int:
        """See Clipboard."""
        return self.number

    def open(self) -> bool:
        """See Clipboard."""
        assert not self.is_open
        self.is_open = self._s >= self.busy_until_s
        return self.is_open

    def close(self) -> None:
        """See Clipboard."""
        assert self.is_open
        self.is_open = False

    def formats(self) -> list[Format]:
        """See Clipboard."""
        assert self.is_open
        return list(self.content)

    def data(self, wanted: Format) -> bytes | None:
        """See Clipboard."""
        assert self.is_open
        self._s += self.data_takes_s
        return self.content[wanted]

    def put(self, data: Iterable[tuple[Format, bytes]], marks: dict[str, bytes]) -> None:
        """See Clipboard."""
        assert self.is_open
        self.content = dict(data)
        for number, (name, bits) in enumerate(marks.items(), 0xC100):
            self.content[Format(number, name)] = bits
        self.number += len(self.content) + 1

    def press_copy(self) -> bool:
        """See Clipboard."""
        assert not self.is_open, "the program could not copy"
        self._s += self.press_takes_s
        if self.is_allowed:
            self.presses += 1
            if content := self.on_copy():
                self._due = self._s + self.delay_s, content
        return self.is_allowed

    def is_copying(self) -> bool:
        """See Clipboard."""
        return self.holds_ctrl

    def is_hung(self) -> bool:
        """See Clipboard."""
        return self.hangs

    def end(self) -> None:
        """See Clipboard."""
