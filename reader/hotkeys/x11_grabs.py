"""Passive grabs of X11, and their thread: the key never reaches the program in front, and conflicts are detected.

X11 protocol, section "Grabbing": a passive grab names a keycode and the exact modifiers, so there is one for each state
of the lock keys; it is refused with BadAccess if another client has it. Keycodes move when the layout changes, so the
grabs are checked again after MappingNotify.

While a screen reader runs, the grabs are on the focused window instead of the root window: see `_move_grabs`.

One thread with its own connection; it sleeps until one of our keys is pressed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from Xlib import XK, X
from Xlib.error import BadAccess, BadWindow, CatchError
from Xlib.protocol.event import MappingNotify

from reader.flow import Command
from reader.hotkeys import detectable_repeat
from reader.hotkeys.base import OnCommand, Repeats
from reader.hotkeys.chord import ESCAPE, US_KEYCODES, Chord
from reader.hotkeys.conflicts import likely_owner
from reader.support import timeline
from reader.support.i18n import translate
from reader.x11 import XThread

log = logging.getLogger(__name__)

# The shortest interval between reactions to events that only report a change.
_LOOK_AGAIN_S = 0.005
# How many windows keep grabs while sparing the focus: as many as people switch between.
_WINDOWS = 32


class Grabs(XThread):
    def __init__(self, on_command: OnCommand, on_change: Callable[[Mapping[Chord, str]], None]) -> None:
        """Raises DisplayError (or another of Xlib's) if there is no X server. Takes no key yet.

        Both callbacks run on the thread: `on_command` with each command, and `on_change` with the refused chords and
        the reasons, when a change of keyboard has cost a key or brought one.
        """
        super().__init__("hotkeys")
        self._on_command = on_command
        self._on_change = on_change
        self._modifiers: dict[str, int] = {}
        self._num_lock = 0
        self._wanted: dict[Chord, Command] = {}
        self._refused: dict[Chord, str] = {}  # refused ones, and why: the owner is looked up once
        self._repeats = Repeats()
        self._escape: Command | None = None
        self._grabbed: dict[tuple[int, int], Command] = {}  # (keycode, modifiers)
        self._last_codes: dict[str, int] = {}  # each key's last known code
        self._held: set[int] = set()
        self._spares_focus = False
        self._windows: dict[int, Any] = {}  # windows with grabs, the most recent last
        self._looked_s = 0.0  # when merged events were last handled
        self._follows_layout = self._follows_focus = False  # pending updates
        self.begin()

    # ---- any thread ----

    def take(self, wanted: Mapping[Chord, Command]) -> Future[dict[Chord, str]]:
        """Grab these, and no others. The future resolves to the refused ones, each with the reason for the user.

        It fails with DesktopError if the connection is lost; they are then taken once it is back.
        """
        self._wanted = dict(wanted)
        return self.submit(self._grab_all)

    def take_escape(self, command: Command | None) -> None:
        """Grab Esc too, or release it with None."""

        def change() -> None:
            if command is not self._escape:
                self._escape = command
                self._release(ESCAPE)
                if command:
                    self._grab(ESCAPE, command)
                self.display.flush()

        self.submit(change)

    def spare_focus(self, is_wanted: bool) -> None:

        def change() -> None:
            if is_wanted is not self._spares_focus:
                self._spares_focus = is_wanted
                self._move_grabs()

        self.submit(change)

    # ---- the hotkey thread ----

    def opened(self) -> None:
        if not detectable_repeat.switch_on(self.display):
            log.warning("this X server can't distinguish held keys from pressed ones")
        self._held.clear()
        self._grabbed.clear()
        self._windows = {}
        self._find_modifiers()
        self._move_grabs()
        self._grab_again()

    def look(self, events: list[Any]) -> float | None:
        told = self.take_told()
        self._follows_layout |= told.mapping
        self._follows_focus |= told.focus
        for window in told.destroyed:
            self._windows.pop(window, None)
        wait_s = self._follow_told()
        for event in events:
            if event.send_event:
                continue  # sent by a program
            if event.type == X.KeyPress:
                self._on_press(event)
            elif event.type == X.KeyRelease:
                self._held.discard(event.detail)
        return wait_s

    def _follow_told(self) -> float | None:
        """Handle merged events: at once, and then no more often than a person could cause them."""
        if not (self._follows_layout or self._follows_focus):
            return None
        wait_s = self._looked_s + _LOOK_AGAIN_S - time.monotonic()
        if wait_s > 0:
            return wait_s
        if self._follows_layout:
            self._follow_layout()
        if self._follows_focus and self._spares_focus:
            self._move_grabs()
        self._follows_layout = self._follows_focus = False
        self._looked_s = time.monotonic()
        return None

    # ---- where the grabs are ----

    def _move_grabs(self) -> None:
        """Put the grabs on the root window or, to spare the focus, on the focused window.

        A grab moves the focus from the window that has it to the one with the grab for as long as the key is down, and
        programs report that to screen readers. If both are the same window, nothing changes. Grabs stay on previously
        focused windows: these may get the focus again, and a key may be pressed before we hear of it.
        """
        window = self._focused() if self._spares_focus else self.root
        is_elsewhere = (window.id == self.root.id) is not (self.root.id in self._windows)
        if is_elsewhere:  # a grab on the root window takes precedence over all others
            for old in self._windows.values():
                self._each(old, self._ungrab_on)
            self._windows = {}
        self._windows.pop(window.id, None)
        self._each(window, self._grab_on)
        self._windows[window.id] = window
        while len(self._windows) > _WINDOWS:
            self._each(self._windows.pop(next(iter(self._windows))), self._ungrab_on)
        self.display.flush()

    def _focused(self) -> Any:
        """The window with the keyboard focus, or the root window. Subscribes to changes of it."""
        ignored = CatchError(BadWindow)
        self.root.change_attributes(event_mask=X.FocusChangeMask, onerror=ignored)
        focus = self.display.get_input_focus().focus
        if isinstance(focus, int) or focus.id == self.root.id:
            return self.root
        window = self.window_of(focus.id)
        window.change_attributes(event_mask=X.FocusChangeMask | X.StructureNotifyMask, onerror=ignored)
        after = self.display.get_input_focus().focus  # it may have moved before the subscription
        if not isinstance(after, int) and after.id != focus.id:
            self._follows_focus = True
        return window

    def _each(self, window: Any, what: Callable[[Any, tuple[int, int]], None]) -> None:
        for place in self._grabbed:
            what(window, place)

    def _grab_on(self, window: Any, place: tuple[int, int]) -> None:
        for lock in self._locks():
            ignored = CatchError(BadAccess, BadWindow)
            window.grab_key(place[0], place[1] | lock, True, X.GrabModeAsync, X.GrabModeAsync, onerror=ignored)

    def _ungrab_on(self, window: Any, place: tuple[int, int]) -> None:
        for lock in self._locks():
            window.ungrab_key(place[0], place[1] | lock, onerror=CatchError(BadWindow))

    def _on_press(self, event: Any) -> None:
        ours = X.ControlMask | X.ShiftMask | self._modifiers["Alt"] | self._modifiers["Super"]
        command = self._grabbed.get((event.detail, event.state & ours))
        is_repeated = event.detail in self._held
        self._held.add(event.detail)
        if command and self._repeats.are_meant(command, is_repeated=is_repeated):
            timeline.mark_press(event.time)
            self._on_command(command)

    def _follow_layout(self) -> None:
        """Keys may have new codes now. Using another keyboard is reported likewise, though it may change nothing."""
        codes = self.display.display.info
        first, last = codes.min_keycode, codes.max_keycode
        self.display.refresh_keyboard_mapping(
            MappingNotify(request=X.MappingKeyboard, first_keycode=first, count=last - first + 1)
        )
        self._grab_again()

    def _grab_again(self) -> None:
        before = set(self._refused)
        refused = self._grab_all()
        if set(refused) != before:
            self._on_change(refused)

    def _find_modifiers(self) -> None:
        """Find the modifier bits of Alt, Super and Num Lock on this keyboard."""
        self._modifiers = {"Ctrl": X.ControlMask, "Shift": X.ShiftMask, "Alt": X.Mod1Mask, "Super": X.Mod4Mask}
        self._num_lock = 0
        names = {XK.XK_Alt_L: "Alt", XK.XK_Super_L: "Super"}
        for bit, codes in enumerate(self.display.get_modifier_mapping()):
            for keysym in (self.display.keycode_to_keysym(code, 0) for code in codes if code):
                if keysym in names:
                    self._modifiers[names[keysym]] = 1 << bit
                elif keysym == XK.XK_Num_Lock:
                    self._num_lock = 1 << bit

    def _locks(self) -> set[int]:
        """Every state of the lock keys."""
        return {0, X.LockMask, self._num_lock, self._num_lock | X.LockMask}

    def _grab_all(self) -> dict[Chord, str]:
        """Grab exactly what is wanted. What stays is never released in between."""
        self._find_modifiers()
        wanted = self._wanted | ({ESCAPE: self._escape} if self._escape else {})
        places = {self._place(chord): command for chord, command in wanted.items()}
        for place in self._grabbed.keys() - places.keys():
            self._ungrab(place)
        self._grabbed = {place: places[place] for place in self._grabbed if place in places}
        refused = {chord: self._grab(chord, command) for chord, command in wanted.items()}
        self._refused = {chord: why for chord, why in refused.items() if why and chord != ESCAPE}
        self.display.sync()  # what was released must be free before this returns
        return dict(self._refused)

    def _grab(self, chord: Chord, command: Command) -> str:
        """Grab one chord, unless Harken already has it. Returns why it can't be grabbed, or ""."""
        place = code, modifiers = self._place(chord)
        if not code:
            return translate("reader", "This keyboard has no key {key}.").format(key=chord.key)
        if place not in self._grabbed:
            for lock in self._locks():
                refused = CatchError(BadAccess)
                self.root.grab_key(code, modifiers | lock, True, X.GrabModeAsync, X.GrabModeAsync, onerror=refused)
                self.display.sync()
                if refused.get_error():
                    self._ungrab_on(self.root, place)
                    if chord in self._refused:
                        return self._refused[chord]
                    sentence = translate("reader", "{chord} is taken by {owner}.")
                    return sentence.format(chord=chord, owner=likely_owner(chord))
            if self.root.id not in self._windows:  # this grab was only to check whether another program has it
                self._ungrab_on(self.root, place)
                for window in self._windows.values():
                    self._grab_on(window, place)
        self._grabbed[place] = command
        return ""

    def _release(self, chord: Chord) -> None:
        place = self._place(chord)
        if self._grabbed.pop(place, None):
            self._ungrab(place)

    def _ungrab(self, place: tuple[int, int]) -> None:
        for window in self._windows.values():
            self._ungrab_on(window, place)

    def _place(self, chord: Chord) -> tuple[int, int]:
        """Keycode and modifiers of a chord in the current layout."""
        return self._keycode(chord.key), sum(self._modifiers[modifier] for modifier in chord.modifiers)

    def _keycode(self, key: str) -> int:
        """A key's code in this layout, else in the last layout that had it, else on a US keyboard."""
        code = self.display.keysym_to_keycode(XK.string_to_keysym(Chord(key).keysym))
        if code:
            self._last_codes[key] = code
        return int(code or self._last_codes.get(key) or US_KEYCODES.get(key, 0))
