"""Keys on Windows, registered with the system: RegisterHotKey, on a dedicated thread that gets their messages.

Windows keeps a registered key from the program in front, and refuses one that another program has registered. It
reports only presses. Whether a key is still held is polled, so nothing depends on a release that never comes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from reader import win32
from reader.errors import DesktopError, HotkeyError
from reader.flow import BoundKeys, Command
from reader.hotkeys.base import REPEAT_S, REPEATING, OnChange, OnCommand
from reader.hotkeys.chord import MODIFIERS, Chord
from reader.support.i18n import translate

log = logging.getLogger(__name__)

# winuser.h: MOD_…; the last one stops Windows from repeating a held key.
_MODIFIERS = {"Alt": 0x0001, "Ctrl": 0x0002, "Shift": 0x0004, "Super": 0x0008}
_NO_REPEAT = 0x4000
# Modifiers that do something when pressed alone.
_OPENS_A_MENU = {"Alt", "Super"}
# Virtual keys. Letters and digits use their character codes, even on layouts with other letters there.
_KEYS = {
    "Space": 0x20, "Escape": 0x1B, "Tab": 0x09, "Return": 0x0D, "Backspace": 0x08, "Insert": 0x2D, "Delete": 0x2E,
    "Home": 0x24, "End": 0x23, "Page_Up": 0x21, "Page_Down": 0x22, "Left": 0x25, "Right": 0x27, "Up": 0x26,
    "Down": 0x28, "Pause": 0x13, "Print": 0x2C, "Menu": 0x5D, "Comma": 0xBC, "Period": 0xBE, "Minus": 0xBD,
    "Plus": 0xBB, **{f"F{number}": 0x6F + number for number in range(1, 25)},
}  # fmt: skip
_TAKEN = 1409  # winerror.h: ERROR_HOTKEY_ALREADY_REGISTERED
_ESCAPE_ID, _FIRST_ID = 1, 2
# A chord that no program takes, to check whether any key can be registered.
_TRIAL = Chord("F24", frozenset(MODIFIERS))
_BIND_LIMIT_S = 2.0


def virtual_key(chord: Chord) -> int:
    """The virtual key code of the chord's key."""
    return _KEYS.get(chord.key) or ord(chord.key)


def name(chord: Chord) -> str:
    """The chord's name on Windows."""
    return "+".join([*("Win" if m == "Super" else m for m in MODIFIERS if m in chord.modifiers), chord.key])


class RegisteredHotkeys:
    """Implements HotkeyBackend."""

    name = "registered hotkeys"
    swallows = True
    asks_user = False
    sees_conflicts = True
    has_escape = True

    def __init__(self, on_command: OnCommand) -> None:
        """Waits for the thread. Raises DesktopError if no key can be registered."""
        self.on_change: OnChange = lambda _: None
        self._on_command = on_command
        self._registered: dict[Chord, int] = {}  # Windows reports it by this number; from here on, the thread's own
        self._commands: dict[int, tuple[Command, Chord]] = {}  # what each number currently means
        self._next_id = _FIRST_ID
        self._held: tuple[Command, Chord] | None = None  # repeats while its key is held
        self._timer = 0
        self._thread = win32.MessageThread("hotkeys", self._told)
        if error := self._thread.submit(self._try).result():
            self._thread.close()
            raise DesktopError(f"RegisterHotKey: error {error}")

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        """Takes at most two seconds."""
        wishes = {chord: command for command, chord in wanted.items()}
        # Submitted at once, so that the thread gets requests in order, even if this is cancelled.
        done = self._thread.submit(lambda: self._take(wishes))
        try:
            async with asyncio.timeout(_BIND_LIMIT_S):
                refused = await asyncio.shield(asyncio.wrap_future(done))
        except (TimeoutError, DesktopError):
            return BoundKeys(refused=dict.fromkeys(wanted, translate("reader", "Windows is not responding.")))
        return BoundKeys(
            {command: name(chord) for command, chord in wanted.items() if chord not in refused},
            {command: refused[chord] for command, chord in wanted.items() if chord in refused},
        )

    def bind_escape(self, command: Command | None) -> None:
        self._thread.submit(lambda: self._take_escape(command))

    def spare_focus(self, is_wanted: bool) -> None:
        """Nothing to do: these keys don't take the focus."""

    async def close(self) -> None:
        self._on_command = lambda _: None
        # Windows also releases a thread's keys, but only some time after it has ended: until then others would be
        # refused.
        self._thread.submit(self._let_go)
        await asyncio.to_thread(self._thread.close)

    # ---- the thread ----

    def _try(self) -> int:
        """Returns the error if no key can be registered, else 0."""
        error = self._register(_FIRST_ID - 2, _TRIAL)
        win32.user32().UnregisterHotKey(None, _FIRST_ID - 2)
        return 0 if error == _TAKEN else error

    def _take(self, wanted: Mapping[Chord, Command]) -> dict[Chord, str]:
        """Take exactly these. Returns those that can't be taken, each with the reason."""
        for chord in self._registered.keys() - wanted.keys():
            win32.user32().UnregisterHotKey(None, self._registered.pop(chord))
        escape = self._commands.get(_ESCAPE_ID)
        self._commands = {_ESCAPE_ID: escape} if escape else {}
        refused = {}
        for chord, command in wanted.items():
            if chord not in self._registered:
                if error := self._register(self._next_id, chord):
                    refused[chord] = _reason(chord, error)
                    continue
                self._registered[chord] = self._next_id
                self._next_id += 1
            self._commands[self._registered[chord]] = command, chord
        return refused

    def _take_escape(self, command: Command | None) -> None:
        if command is None:
            win32.user32().UnregisterHotKey(None, _ESCAPE_ID)
            self._commands.pop(_ESCAPE_ID, None)
            return
        chord = Chord("Escape")
        if _ESCAPE_ID in self._commands or not self._register(_ESCAPE_ID, chord):
            self._commands[_ESCAPE_ID] = command, chord

    def _let_go(self) -> None:
        """Release all keys."""
        self._take_escape(None)
        self._take({})

    def _register(self, number: int, chord: Chord) -> int:
        """Register a key. Returns Windows' error, 0 on success."""
        modifiers = _NO_REPEAT | sum(_MODIFIERS[modifier] for modifier in chord.modifiers)
        if win32.user32().RegisterHotKey(None, number, modifiers, virtual_key(chord)):
            return 0
        return win32.last_error() or -1

    def _told(self, message: int, number: int) -> None:
        if message == win32.WM_HOTKEY and number in self._commands:
            command, chord = self._commands[number]
            if chord.modifiers & _OPENS_A_MENU:
                win32.send(win32.NOTHING_PRESSED)
            self._on_command(command)
            if command in REPEATING:
                self._held = command, chord
                self._end_timer()
                self._timer = win32.user32().SetTimer(None, 0, int(REPEAT_S * 1000), None)
        elif message == win32.WM_TIMER:
            self._repeat()

    def _repeat(self) -> None:
        """Called a while after a command that repeats: its key may still be held."""
        if self._held and win32.is_down(virtual_key(self._held[1])):
            self._on_command(self._held[0])
        else:
            self._held = None
            self._end_timer()

    def _end_timer(self) -> None:
        if self._timer:
            win32.user32().KillTimer(None, self._timer)
            self._timer = 0


def _reason(chord: Chord, error: int) -> str:
    if error == _TAKEN:
        owner = translate("reader", "another program")  # Windows does not say which
        return translate("reader", "{chord} is taken by {owner}.").format(chord=name(chord), owner=owner)
    return translate("reader", "Windows does not give {chord} to any program.").format(chord=name(chord))


async def open_hotkeys(on_command: OnCommand) -> RegisteredHotkeys:
    """Open the back end. `HotkeyEntry` in choose.py says what is raised."""
    try:
        return await asyncio.to_thread(RegisteredHotkeys, on_command)
    except (DesktopError, OSError) as error:
        raise HotkeyError(str(error)) from error
