"""A keyboard on a private X server."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence


class Keyboard:
    """Presses real keys on a display, through XTEST."""

    def __init__(self, display: str) -> None:
        from Xlib import XK, X
        from Xlib.display import Display
        from Xlib.ext import xtest

        self._x, self._keys, self._xtest = X, XK, xtest
        self.display = Display(display)

    def _code(self, name: str) -> int:
        keysym = self._keys.string_to_keysym(
            {"super": "Super_L", "ctrl": "Control_L", "alt": "Alt_L", "shift": "Shift_L"}.get(name, name)
        )
        return int(self.display.keysym_to_keycode(keysym))

    def press(self, chord: str) -> float:
        """Press and release a chord such as "super+alt+r". Returns when its last key went down."""
        *modifiers, key = [self._code(name) for name in chord.split("+")]
        for code in modifiers:
            self._xtest.fake_input(self.display, self._x.KeyPress, code)
        self.display.sync()
        pressed_s = time.monotonic()
        self._xtest.fake_input(self.display, self._x.KeyPress, key)
        self.display.sync()
        self._xtest.fake_input(self.display, self._x.KeyRelease, key)
        for code in reversed(modifiers):
            self._xtest.fake_input(self.display, self._x.KeyRelease, code)
        self.display.sync()
        return pressed_s

    @contextlib.contextmanager
    def held(self, *names: str) -> Iterator[None]:
        """Hold keys down."""
        for name in names:
            self.send(name, (True,))
        try:
            yield
        finally:
            for name in reversed(names):
                self.send(name, (False,))

    def send(self, name: str, ups_and_downs: Sequence[bool]) -> None:
        """Have a key go down (True) and up, all in one moment."""
        for is_down in ups_and_downs:
            kind = self._x.KeyPress if is_down else self._x.KeyRelease
            self._xtest.fake_input(self.display, kind, self._code(name))
        self.display.sync()

    def close(self) -> None:
        self.display.close()
