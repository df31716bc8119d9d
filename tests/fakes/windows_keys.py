"""Windows' registered keys and the thread that is told of them, in memory: what `reader/win32.py` gives to its users.

As Windows has it (learn.microsoft.com: RegisterHotKey): a key is registered once in all programs, 1409 is the error
otherwise; what a thread has registered goes with it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from reader.errors import DesktopError

WM_HOTKEY = 0x0312
_TAKEN = 1409

registered: dict[tuple[int, int], tuple[MessageThread, int]] = {}  # (modifiers, key): whose, as what
_working: list[MessageThread] = []
_NO_REPEAT = 0x4000


class MessageThread:
    """One that does its jobs at once."""

    def __init__(self, _name: str, on_message: Callable[[int, int], None]) -> None:
        self.on_message = on_message
        self._has_ended = False

    def submit(self, job: Callable[[], Any]) -> Future[Any]:
        """As the real one: refused once it has ended."""
        future: Future[Any] = Future()
        if self._has_ended:
            future.set_exception(DesktopError("the thread has ended"))
            return future
        _working.append(self)
        try:
            future.set_result(job())
        finally:
            _working.pop()
        return future

    def close(self) -> None:
        """Its keys go with it."""
        self._has_ended = True
        for chord in [chord for chord, (owner, _) in registered.items() if owner is self]:
            del registered[chord]


class _User32:
    def RegisterHotKey(self, window: None, number: int, modifiers: int, key: int) -> int:  # noqa: N802 - Windows' name
        """1 or 0."""
        assert window is None
        assert _working, "it is the thread that is told"
        chord = modifiers & ~_NO_REPEAT, key
        if chord in registered:
            return 0
        registered[chord] = _working[-1], number
        return 1

    def UnregisterHotKey(self, _window: None, number: int) -> int:  # noqa: N802 - Windows' name
        """1 or 0."""
        found = [chord for chord, owned in registered.items() if owned == (_working[-1], number)]
        for chord in found:
            del registered[chord]
        return len(found)


def user32() -> _User32:
    """Its functions."""
    return _User32()


def last_error() -> int:
    """Of the last function that failed."""
    return _TAKEN


def press(modifiers: int, key: int) -> bool:
    """Whether somebody was told of it."""
    if owned := registered.get((modifiers, key)):
        owner, number = owned
        owner.on_message(WM_HOTKEY, number)
    return owned is not None
