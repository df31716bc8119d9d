"""A Mac's keyboard with a program in front, as strict as CarbonEvents.h has it: what reader/hotkeys/macos.py asks.

Everything has to come from its main loop, which is a thread here. The same key can't be registered twice by one
program, nor by two that both want it for themselves alone; what was not registered can't be let go of.
"""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from reader.errors import DesktopError
from reader.hotkeys.chord import Chord
from reader.hotkeys.macos import MODIFIERS, TAKEN
from reader.macos import keyboard
from reader.macos.loop import JobThread

T = TypeVar("T")

PARAM_ERR = -50


class FakeKeys:
    """Implements KeySystem."""

    def __init__(self) -> None:
        self.in_front: list[Chord] = []  # what the program in front got
        self.rivals: set[tuple[int, int]] = set()  # keys that another program has for itself alone
        self.systems: set[tuple[int, int]] = set()  # keys of macOS itself
        self.layout: dict[str, int] | None = {}  # where it differs from an American keyboard; None: it is not told
        self.registered: dict[int, tuple[int, int]] = {}
        self.held: set[int] = set()  # codes of the keys that the user holds
        self.never: set[int] = set()  # codes of keys that macOS gives nobody
        self.start_error = 0
        self._main = JobThread("main loop")
        self._on_press: Callable[[int], None] | None = None
        self._on_layout: Callable[[], None] = lambda: None

    # ---- what a person does ----

    def press(self, chord: Chord) -> None:
        """Press and release the key that has this letter."""
        code = keyboard.code(chord.key, self.layout or {})
        assert code is not None
        pressed = code, sum(MODIFIERS[modifier] for modifier in chord.modifiers)
        self._do(lambda: self._press(pressed, chord))

    def switch_layout(self, layout: dict[str, int] | None) -> None:
        """Choose another one in the menu bar."""
        self.layout = layout
        self._do(self._on_layout)

    def end(self) -> None:
        """The program has ended."""
        self._main.close()

    def _press(self, pressed: tuple[int, int], chord: Chord) -> None:
        number = next((number for number, key in self.registered.items() if key == pressed), 0)
        if number and self._on_press:
            self._on_press(number)
        elif not number:
            self.in_front.append(chord)

    def _do(self, job: Callable[[], object]) -> None:
        self._main.submit(job).result(20)

    # ---- KeySystem ----

    def submit(self, job: Callable[[], T]) -> concurrent.futures.Future[T]:
        """See KeySystem."""
        return self._main.submit(job)

    def start(self, on_press: Callable[[int], None], on_layout: Callable[[], None]) -> int:
        """See KeySystem."""
        self._on_main()
        assert self._on_press is None, "it would tell of each key twice"
        if not self.start_error:
            self._on_press, self._on_layout = on_press, on_layout
        return self.start_error

    def letters(self, *, with_command: bool) -> Mapping[str, int]:
        """See KeySystem."""
        self._on_main()
        if self.layout is None:
            raise DesktopError("macOS tells of no keyboard layout")
        return dict(self.layout)

    def own(self) -> frozenset[tuple[int, int]]:
        """See KeySystem."""
        self._on_main()
        return frozenset(self.systems)

    def register(self, code: int, modifiers: int, number: int) -> int:
        """See KeySystem."""
        self._on_main()
        assert number not in self.registered, "nobody could tell them apart"
        if not 0 <= code < 128 or modifiers & ~sum(MODIFIERS.values()):
            return PARAM_ERR
        if (code, modifiers) in self.rivals | set(self.registered.values()):
            return TAKEN
        if code in self.never:
            return PARAM_ERR
        self.registered[number] = code, modifiers
        return 0

    def unregister(self, number: int) -> None:
        """See KeySystem."""
        self._on_main()
        del self.registered[number]

    def stop(self) -> None:
        """See KeySystem."""
        self._on_main()
        self._on_press = None
        self._on_layout = lambda: None

    def is_down(self, code: int) -> bool:
        """See KeySystem."""
        return code in self.held

    def _on_main(self) -> None:
        assert threading.current_thread() is self._main._thread, "Carbon is called on the main loop alone"
