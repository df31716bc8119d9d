"""macOS's pasteboard, the process in front, and pressing Command+C for the user: the I/O for `macos_copying.py`.

Never run: no Mac was available. Everything is called on one thread; pasteboards may be used on any.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any

from reader.capture.copying import Format
from reader.errors import DesktopError
from reader.macos import keyboard

_KEY_LIMIT_S = 0.1


def process_in_front(appkit: Any) -> int:
    """Any thread. The process whose menus are in the menu bar, 0 for none."""
    program = appkit.NSWorkspace.sharedWorkspace().frontmostApplication()
    return int(program.processIdentifier()) if program is not None else 0


def key_of_c() -> int:
    """On the main loop. The code of the key for Command+C in the user's layout."""
    try:
        letters = keyboard.letters(with_command=True)
    except DesktopError:
        letters = {}
    found = keyboard.code("C", letters)
    assert found is not None
    return found


class MacPasteboard:
    """Implements Clipboard."""

    def __init__(
        self, appkit: Any, quartz: Any, ask_key: Callable[[], Future[int]], is_hung: Callable[[int], bool]
    ) -> None:
        """`appkit` and `quartz` are pyobjc's; `ask_key` makes the main loop look up the key for C.

        `is_hung` returns whether a process does not respond.
        """
        self._appkit = appkit
        self._quartz = quartz
        self._ask_key = ask_key
        self._is_hung = is_hung
        self._board = appkit.NSPasteboard.generalPasteboard()

    def now_s(self) -> float:
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def sequence(self) -> int:
        return int(self._board.changeCount())

    def open(self) -> bool:
        """There is no lock on macOS's pasteboard."""
        return True

    def close(self) -> None:
        pass

    def formats(self) -> list[Format]:
        items = self._board.pasteboardItems() or []
        return [Format(number, str(kind)) for number, item in enumerate(items) for kind in item.types()]

    def data(self, wanted: Format) -> bytes | None:
        items = self._board.pasteboardItems() or []
        if wanted.number >= len(items):  # the content has changed
            return None
        data = items[wanted.number].dataForType_(wanted.name)
        return None if data is None else bytes(data)

    def put(self, data: Iterable[tuple[Format, bytes]], marks: dict[str, bytes]) -> None:
        made: dict[int, Any] = {}
        for wanted, bits in data:
            if wanted.number not in made:
                made[wanted.number] = self._appkit.NSPasteboardItem.alloc().init()
            made[wanted.number].setData_forType_(bits, wanted.name)
        for item in list(made.values())[:1]:
            for name, bits in marks.items():
                item.setData_forType_(bits, name)
        self._board.clearContents()
        if made:
            self._board.writeObjects_(list(made.values()))

    def press_copy(self) -> bool:
        """Use only these modifiers, whatever the user is holding: a program gets them with the key."""
        try:
            code: int | None = self._ask_key().result(_KEY_LIMIT_S)
        except TimeoutError:  # the main loop is busy; use the position on most keyboards
            code = keyboard.code("C", {})
        quartz = self._quartz
        source = quartz.CGEventSourceCreate(quartz.kCGEventSourceStatePrivate)
        for is_down in (True, False):
            event = quartz.CGEventCreateKeyboardEvent(source, code, is_down)
            if event is None:
                return False
            quartz.CGEventSetFlags(event, quartz.kCGEventFlagMaskCommand)
            quartz.CGEventPost(quartz.kCGSessionEventTap, event)
        return True

    def is_copying(self) -> bool:
        quartz = self._quartz
        flags = quartz.CGEventSourceFlagsState(quartz.kCGEventSourceStateHIDSystemState)
        return bool(flags & quartz.kCGEventFlagMaskCommand)

    def is_hung(self) -> bool:
        return self._is_hung(process_in_front(self._appkit))

    def end(self) -> None:
        pass
