"""Keys on macOS, registered with Carbon: which to request, and what a press means. No I/O here (see carbon.py).

macOS keeps a registered key from the program in front, even while a password is typed, and needs no permission from the
user. It refuses keys that another program has registered exclusively, and reports which keys are its own; keys that
others registered without exclusivity reach both. It reports only presses, never that a key is held: Harken asks for
that.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from reader.errors import DesktopError
from reader.flow import BoundKeys, Command
from reader.hotkeys.base import REPEAT_S, REPEATING, OnChange, OnCommand
from reader.hotkeys.chord import ESCAPE, Chord
from reader.macos import keyboard
from reader.support.i18n import translate

T = TypeVar("T")

# Events.h: cmdKey, shiftKey, optionKey, controlKey; in the order used on a Mac.
MODIFIERS = {"Ctrl": 0x1000, "Alt": 0x0800, "Shift": 0x0200, "Super": 0x0100}
_NAMES = {"Ctrl": "Control", "Alt": "Option", "Shift": "Shift", "Super": "Command"}
# CarbonEvents.h: eventHotKeyExistsErr.
TAKEN = -9878
_ESCAPE_ID, _FIRST_ID = 1, 2
_LIMIT_S = 2.0
# When Harken starts, its windows are created first.
_START_LIMIT_S = 10.0


class KeySystem(Protocol):
    """What Harken needs from macOS. On the main loop, except for `submit` and `is_down`."""

    def submit(self, job: Callable[[], T]) -> concurrent.futures.Future[T]:
        """Any thread. Run a job on the main loop soon."""

    def start(self, on_press: Callable[[int], None], on_layout: Callable[[], None]) -> int:
        """Start reporting keys, by number, and layout changes, on the main loop. Returns Carbon's error or 0."""

    def letters(self, *, with_command: bool) -> Mapping[str, int]:
        """The codes of keys with letters in the user's layout. Raises DesktopError."""

    def own(self) -> frozenset[tuple[int, int]]:
        """The keys that macOS itself uses: codes and modifiers."""

    def register(self, code: int, modifiers: int, number: int) -> int:
        """Take a key, for Harken alone. Returns Carbon's error, 0 if it was taken."""

    def unregister(self, number: int) -> None:
        """Release a key that was taken."""

    def stop(self) -> None:
        """Stop reporting. May be called twice."""

    def is_down(self, code: int) -> bool:
        """Any thread. Whether a key is held now."""


def name(chord: Chord) -> str:
    """The chord's name on a Mac."""
    return "+".join([*(_NAMES[m] for m in MODIFIERS if m in chord.modifiers), chord.key])


class MacHotkeys:
    """Implements HotkeyBackend."""

    name = "carbon hotkeys"
    swallows = True
    asks_user = False
    sees_conflicts = True
    has_escape = True

    def __init__(self, system: KeySystem, on_command: OnCommand) -> None:
        """Takes no key yet. Must be created on the core thread's loop."""
        self.on_change: OnChange = lambda _: None
        self._system = system
        self._on_command = on_command
        self._loop = asyncio.get_running_loop()
        self._holding: asyncio.TimerHandle | None = None  # set while a command repeats
        # From here on, used only by the main loop.
        self._wanted: Mapping[Command, Chord] = {}
        self._registered: dict[Chord, tuple[int, int]] = {}  # its number, and its key's code
        self._commands: dict[int, tuple[Command, int]] = {}  # by number, with the key's code
        self._next_id = _FIRST_ID

    async def start(self) -> None:
        """Start receiving keys. Raises DesktopError if none can be taken."""
        try:
            async with asyncio.timeout(_START_LIMIT_S):
                begun = self._system.submit(lambda: self._system.start(self._pressed, self._on_layout))
                error = await asyncio.wrap_future(begun)
        except TimeoutError as late:
            raise DesktopError("macOS's main loop does not answer") from late
        if error:
            raise DesktopError(f"InstallEventHandler: error {error}")

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        """Takes at most two seconds."""
        # Submitted at once, so that the main loop gets requests in order, even if this is cancelled.
        done = self._system.submit(lambda: self._take(wanted))
        try:
            async with asyncio.timeout(_LIMIT_S):
                return await asyncio.shield(asyncio.wrap_future(done))
        except (TimeoutError, DesktopError):
            return BoundKeys(refused=dict.fromkeys(wanted, translate("reader", "macOS is not responding.")))

    def bind_escape(self, command: Command | None) -> None:
        self._system.submit(lambda: self._take_escape(command))

    def spare_focus(self, is_wanted: bool) -> None:
        """Nothing to do: these keys don't take the focus."""

    async def close(self) -> None:
        """Does not wait: when Harken quits, the main loop waits for this, and the keys end with the process."""
        self._on_command, self.on_change = lambda _: None, lambda _: None
        if self._holding:
            self._holding.cancel()
        self._system.submit(self._end)

    # ---- the main loop ----

    def _take(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        """Take exactly these keys."""
        self._wanted = wanted
        codes = self._codes()
        for chord in [chord for chord, (_, code) in self._registered.items() if codes.get(chord) != code]:
            self._system.unregister(self._registered.pop(chord)[0])
        escape = self._commands.get(_ESCAPE_ID)
        self._commands = {_ESCAPE_ID: escape} if escape else {}
        own = self._system.own()
        refused = {}
        for command, chord in wanted.items():
            if why := self._register(chord, codes.get(chord), own):
                refused[command] = why
            else:
                number, code = self._registered[chord]
                self._commands[number] = command, code
        return BoundKeys({c: name(chord) for c, chord in wanted.items() if c not in refused}, refused)

    def _codes(self) -> dict[Chord, int]:
        """The codes of the keys that have the wanted letters in the user's layout."""
        found, layouts = {}, {has: self._letters(has) for has in (False, True)}
        for chord in self._wanted.values():
            if (code := keyboard.code(chord.key, layouts["Super" in chord.modifiers])) is not None:
                found[chord] = code
        return found

    def _letters(self, with_command: bool) -> Mapping[str, int]:
        try:
            return self._system.letters(with_command=with_command)
        except DesktopError:
            return {}  # falls back to their positions on a US keyboard

    def _register(self, chord: Chord, code: int | None, own: frozenset[tuple[int, int]]) -> str:
        """Take a key, unless Harken already has it. Returns why it can't be taken, or ""."""
        if code is None:
            return translate("reader", "A Mac has no key for {chord}.").format(chord=name(chord))
        if chord in self._registered:
            return ""
        modifiers = sum(MODIFIERS[modifier] for modifier in chord.modifiers)
        if (code, modifiers) in own:
            return translate("reader", "{chord} is taken by {owner}.").format(chord=name(chord), owner="macOS")
        if error := self._system.register(code, modifiers, self._next_id):
            return _reason(chord, error)
        self._registered[chord] = self._next_id, code
        self._next_id += 1
        return ""

    def _take_escape(self, command: Command | None) -> None:
        is_taken = _ESCAPE_ID in self._commands
        if command is None:
            if is_taken:
                del self._commands[_ESCAPE_ID]
                self._system.unregister(_ESCAPE_ID)
            return
        code = keyboard.code(ESCAPE.key, {})
        assert code is not None
        if is_taken or not self._system.register(code, 0, _ESCAPE_ID):
            self._commands[_ESCAPE_ID] = command, code

    def _end(self) -> None:
        for number, _ in self._registered.values():
            self._system.unregister(number)
        self._take_escape(None)
        self._registered, self._commands, self._wanted = {}, {}, {}
        self._system.stop()

    def _on_layout(self) -> None:
        """Handle a layout change: letters may be on other keys now."""
        if self._wanted:
            self.on_change(self._take(self._wanted))

    def _pressed(self, number: int) -> None:
        if number in self._commands:
            command, code = self._commands[number]
            self._on_command(command)
            if command in REPEATING:
                self._loop.call_soon_threadsafe(self._hold, command, code)

    # ---- the core thread ----

    def _hold(self, command: Command, code: int) -> None:
        if self._holding:
            self._holding.cancel()
        self._holding = self._loop.call_later(REPEAT_S, self._repeat, command, code)

    def _repeat(self, command: Command, code: int) -> None:
        """Called a while after a command that repeats: its key may still be held."""
        self._holding = None
        if self._system.is_down(code):
            self._on_command(command)
            self._hold(command, code)


def _reason(chord: Chord, error: int) -> str:
    if error == TAKEN:
        owner = translate("reader", "another program")  # macOS does not say which
        return translate("reader", "{chord} is taken by {owner}.").format(chord=name(chord), owner=owner)
    return translate("reader", "macOS does not give {chord} to any program.").format(chord=name(chord))
