"""Keys on X11 by passive grabs: the key never reaches the program in front, and conflicts are known.

X11 protocol, section "Grabbing": a passive grab names a keycode and the exact modifiers, so one is made for
each state of the lock keys; it is refused with BadAccess when another client has it. Keycodes move when
the layout changes, so the grabs are looked at again after MappingNotify.

One thread with a connection of its own; it sleeps until a key of ours is pressed.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import logging
import os
import select
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadAccess, CatchError, ConnectionClosedError, DisplayError

from reader import tasks
from reader.flow import Command
from reader.hotkeys.base import OnCommand, Repeats
from reader.hotkeys.keys import ESCAPE, Chord
from reader.hotkeys.rivals import likely_owner
from reader.words import translate

log = logging.getLogger(__name__)

_BIND_LIMIT_S = 2.0
_KEYSYMS = {
    "Space": "space", "Return": "Return", "Backspace": "BackSpace", "Page_Up": "Prior", "Page_Down": "Next",
    "Comma": "comma", "Period": "period", "Minus": "minus", "Plus": "plus",
}  # fmt: skip
# Where letters are on a keyboard whose layout has no Latin ones (evdev keycodes of the US layout).
_US_KEYCODES = {
    letter: first + i
    for first, row in ((10, "1234567890"), (24, "QWERTYUIOP"), (38, "ASDFGHJKL"), (52, "ZXCVBNM"))
    for i, letter in enumerate(row)
}


class X11Hotkeys:
    """See HotkeyBackend."""

    name = "x11 grabs"
    swallows = True

    def __init__(self, on_command: OnCommand) -> None:
        """Raises DisplayError (or another of Xlib's) where there is no X server."""
        self._on_command = on_command
        self._display = Display()
        self._root = self._display.screen().root
        self._modifiers: dict[str, int] = {}
        self._num_lock = 0
        self._wanted: dict[Chord, Command] = {}
        self._refused: dict[Chord, str] = {}  # of those, and why: who has a key is looked for once
        self._repeats = Repeats()
        self.on_change: Callable[[], None] = lambda: None
        self._escape: Command | None = None
        self._grabbed: dict[tuple[int, int], Command] = {}  # (keycode, modifiers)
        self._last_codes: dict[str, int] = {}  # where a key was when it was last found
        self._held: set[int] = set()
        self._just_released = (0, 0)  # the key of the last event, if that was a release, and when (ms, server's clock)
        self._jobs: deque[tuple[Callable[[], Any], concurrent.futures.Future[Any]]] = deque()
        self._wake_r, self._wake_w = os.pipe()
        self._is_closing = False
        self._thread = tasks.thread(self._run, "hotkeys")

    # ---- any thread ----

    def bind(self, bindings: Mapping[Chord, Command]) -> dict[Chord, str]:
        """See HotkeyBackend."""
        wanted = dict(bindings)

        def change() -> dict[Chord, str]:
            self._wanted = wanted
            return self._grab_all()

        try:
            refused: dict[Chord, str] = self._submit(change).result(_BIND_LIMIT_S)
        except (TimeoutError, concurrent.futures.CancelledError):
            return dict.fromkeys(wanted, translate("reader", "The screen does not answer."))
        return refused

    def bind_escape(self, command: Command | None) -> None:
        """See HotkeyBackend."""

        def change() -> None:
            if command is not self._escape:
                self._escape = command
                self._release(ESCAPE)
                if command:
                    self._grab(ESCAPE, command)
                self._display.flush()

        self._submit(change)

    def close(self) -> None:
        """See HotkeyBackend."""
        self._is_closing = True
        os.write(self._wake_w, b"x")
        self._thread.join(2.0)

    def _submit(self, job: Callable[[], Any]) -> concurrent.futures.Future[Any]:
        future: concurrent.futures.Future[Any] = concurrent.futures.Future()
        self._jobs.append((job, future))
        os.write(self._wake_w, b"x")
        return future

    # ---- the hotkey thread ----

    def _run(self) -> None:
        try:
            self._find_modifiers()
            while not self._is_closing:
                self._handle_events()
                while self._jobs:
                    job, future = self._jobs.popleft()
                    future.set_result(job())
                if not self._display.pending_events() and not self._jobs:
                    ready, _, _ = select.select([self._display.fileno(), self._wake_r], [], [])
                    if self._wake_r in ready:
                        os.read(self._wake_r, 64)
        except (ConnectionClosedError, DisplayError, OSError, ValueError) as error:
            log.error("lost the X server: %s", error)
        finally:
            while self._jobs:
                self._jobs.popleft()[1].cancel()
            with contextlib.suppress(Exception):
                self._display.close()

    def _handle_events(self) -> None:
        events = []
        while self._display.pending_events():
            events.append(self._display.next_event())
        if any(event.type == X.MappingNotify for event in events):
            self._follow_layout([event for event in events if event.type == X.MappingNotify])
        for event in events:
            if event.type == X.KeyPress:
                self._on_press(event)
            elif event.type == X.KeyRelease:
                self._held.discard(event.detail)
                self._just_released = (event.detail, event.time)

    def _on_press(self, event: Any) -> None:
        ours = X.ControlMask | X.ShiftMask | self._modifiers["Alt"] | self._modifiers["Super"]
        command = self._grabbed.get((event.detail, event.state & ours))
        # A key that is held sends a release and a press at the same time, over and over; they may be read one by one.
        is_repeated = event.detail in self._held or self._just_released == (event.detail, event.time)
        self._just_released = (0, 0)
        self._held.add(event.detail)
        if command and self._repeats.are_meant(command, is_repeated=is_repeated):
            self._on_command(command)

    def _follow_layout(self, events: list[Any]) -> None:
        """Keys may have other codes now; also told when another keyboard is used, and then they have not."""
        for event in events:
            self._display.refresh_keyboard_mapping(event)
        before = set(self._refused)
        if set(self._grab_all()) != before:
            self.on_change()

    def _find_modifiers(self) -> None:
        """Which modifier bits Alt, Super and Num Lock have on this keyboard."""
        self._modifiers = {"Ctrl": X.ControlMask, "Shift": X.ShiftMask, "Alt": X.Mod1Mask, "Super": X.Mod4Mask}
        self._num_lock = 0
        names = {XK.XK_Alt_L: "Alt", XK.XK_Super_L: "Super"}
        for bit, codes in enumerate(self._display.get_modifier_mapping()):
            for keysym in (self._display.keycode_to_keysym(code, 0) for code in codes if code):
                if keysym in names:
                    self._modifiers[names[keysym]] = 1 << bit
                elif keysym == XK.XK_Num_Lock:
                    self._num_lock = 1 << bit

    def _locks(self) -> set[int]:
        """Every state of the lock keys."""
        return {0, X.LockMask, self._num_lock, self._num_lock | X.LockMask}

    def _grab_all(self) -> dict[Chord, str]:
        """Have what is wanted grabbed, and nothing else. What stays is not let go of for a moment."""
        self._find_modifiers()
        wanted = self._wanted | ({ESCAPE: self._escape} if self._escape else {})
        places = {self._place(chord): command for chord, command in wanted.items()}
        for place in self._grabbed.keys() - places.keys():
            self._ungrab(place)
        self._grabbed = {place: places[place] for place in self._grabbed if place in places}
        refused = {chord: self._grab(chord, command) for chord, command in wanted.items()}
        self._refused = {chord: why for chord, why in refused.items() if why and chord != ESCAPE}
        return dict(self._refused)

    def _grab(self, chord: Chord, command: Command) -> str:
        """Take one chord, unless it is taken already. Returns why it can't be had, "" when it was."""
        place = code, modifiers = self._place(chord)
        if not code:
            return translate("reader", "This keyboard has no key {key}.").format(key=chord.key)
        if place not in self._grabbed:
            for lock in self._locks():
                refused = CatchError(BadAccess)
                self._root.grab_key(code, modifiers | lock, True, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
                self._display.sync()
                if refused.get_error():
                    self._ungrab(place)
                    if chord in self._refused:
                        return self._refused[chord]
                    sentence = translate("reader", "{chord} is taken by {owner}.")
                    return sentence.format(chord=chord, owner=likely_owner(chord))
        self._grabbed[place] = command
        return ""

    def _release(self, chord: Chord) -> None:
        place = self._place(chord)
        if self._grabbed.pop(place, None):
            self._ungrab(place)

    def _ungrab(self, place: tuple[int, int]) -> None:
        for lock in self._locks():
            self._root.ungrab_key(place[0], place[1] | lock)

    def _place(self, chord: Chord) -> tuple[int, int]:
        """Keycode and modifiers of a chord in the layout of now."""
        return self._keycode(chord.key), sum(self._modifiers[modifier] for modifier in chord.modifiers)

    def _keycode(self, key: str) -> int:
        """Where a key is in this layout, or was in the last one that had it, or is on a US keyboard."""
        name = _KEYSYMS.get(key, key.lower() if len(key) == 1 else key)
        code = self._display.keysym_to_keycode(XK.string_to_keysym(name))
        if code:
            self._last_codes[key] = code
        return int(code or self._last_codes.get(key) or _US_KEYCODES.get(key, 0))
