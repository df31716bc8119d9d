"""Windows with a program in front, which says which keys it got."""

from __future__ import annotations

import asyncio
import ctypes
import threading
from collections.abc import Callable
from ctypes import wintypes

from reader import win32
from reader.hotkeys.chord import Chord
from reader.hotkeys.windows import _KEYS, RegisteredHotkeys, virtual_key
from tests.contract.hotkey_stands import SENTINEL, Stand
from tests.desktop.desk import wait_for

_KEY_DOWN, _SYSTEM_KEY_DOWN, _QUIT = 0x0100, 0x0104, 0x0012
_SHOWN = 0x10CF0000  # WS_OVERLAPPEDWINDOW | WS_VISIBLE
_NAMES = {number: name for name, number in _KEYS.items()}
_MODIFIERS = {"Ctrl": win32.VK_CTRL, "Alt": win32.VK_ALT, "Super": win32.VK_LWIN, "Shift": win32.VK_SHIFT}


class WindowsFront:
    """A window that has the keyboard, on a thread of its own."""

    def __init__(self) -> None:
        self.got: list[Chord] = []
        self._id = self._window = 0
        self._thread = threading.Thread(target=self._run, name="a program in front", daemon=True)
        self._thread.start()
        wait_for(self._is_in_front, "the window in front")

    def close(self) -> None:
        """Its window goes with it."""
        win32.user32().PostThreadMessageW(self._id, _QUIT, 0, 0)
        self._thread.join(20)

    def _is_in_front(self) -> bool:
        if not self._window or win32.user32().GetForegroundWindow() == self._window:
            return bool(self._window)
        win32.user32().SetForegroundWindow(wintypes.HWND(self._window))
        return False

    def _run(self) -> None:
        user = win32.user32()
        self._id = win32.kernel32().GetCurrentThreadId()
        self._window = user.CreateWindowExW(0, "STATIC", "in front", _SHOWN, 0, 0, 200, 100, None, None, None, None)
        user.SetFocus(wintypes.HWND(self._window))
        message = wintypes.MSG()
        while user.GetMessageW(ctypes.byref(message), None, 0, 0) > 0:
            if message.message in (_KEY_DOWN, _SYSTEM_KEY_DOWN) and message.wParam in _NAMES:
                self.got.append(Chord(_NAMES[message.wParam]))
            user.DispatchMessageW(ctypes.byref(message))
        user.DestroyWindow(wintypes.HWND(self._window))


class WindowsStand(Stand):
    """Registered keys."""

    def __init__(self, front: WindowsFront) -> None:
        super().__init__()
        self._front = front
        self._before = 0
        self.in_front()  # what came before is not this test's
        self._before = len(front.got)

    async def open(self) -> None:
        self.backend = await asyncio.to_thread(RegisteredHotkeys, self.heard.append)

    def press(self, chord: Chord) -> None:
        assert win32.send(win32.strokes(*(_MODIFIERS[m] for m in sorted(chord.modifiers)), virtual_key(chord)))

    def in_front(self) -> list[Chord]:
        before = self._front.got.count(SENTINEL)
        self.press(SENTINEL)
        wait_for(lambda: self._front.got.count(SENTINEL) > before, "a key in front")
        return [chord for chord in self._front.got[self._before :] if chord != SENTINEL]

    def have_another_program_take(self, chord: Chord) -> Callable[[], None]:
        rival = win32.MessageThread("another program")
        taken = rival.submit(lambda: win32.user32().RegisterHotKey(None, 1, 0, virtual_key(chord)))
        assert taken.result(20)

        def let_go() -> None:
            # The end of its thread would do as well, but not yet when `close` returns.
            assert rival.submit(lambda: win32.user32().UnregisterHotKey(None, 1)).result(20)
            rival.close()

        return let_go
