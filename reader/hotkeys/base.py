"""The interface of back ends that take keys anywhere on the desktop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from reader.flow import BoundKeys, Command
from reader.hotkeys.chord import Chord

# Called with each command, on any thread. Must return at once.
OnCommand = Callable[[Command], None]
# Called on any thread with the keys that are bound now.
OnChange = Callable[[BoundKeys], None]

# Commands that repeat a few times a second while their key is held; the others run once per press.
REPEATING = frozenset(
    {
        Command.NEXT,
        Command.PREVIOUS,
        Command.NEXT_PARAGRAPH,
        Command.PREVIOUS_PARAGRAPH,
        Command.FASTER,
        Command.SLOWER,
        Command.LOUDER,
        Command.QUIETER,
    }
)
# Keyboards repeat 25 times a second or more: too many steps to hear in time to release the key.
REPEAT_S = 0.35
# A press after a longer gap is a new one: no desktop waits longer than this before it repeats a held key.
_STILL_HELD_S = 1.0


class Repeats:
    """Decides which of the presses that a keyboard sends while a key is held count."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._said_s = -math.inf

    def are_meant(self, command: Command, *, is_repeated: bool) -> bool:
        """Whether to run the command. A press that is not a repetition always counts."""
        now_s = self._now_s()
        if is_repeated and (command not in REPEATING or now_s - self._said_s < REPEAT_S):
            return False
        self._said_s = now_s
        return True


class Held:
    """Tracks which keys are down from press and release reports, either of which may never come."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._repeats = Repeats(now_s)
        self._down: dict[Command, float] = {}  # time of the last press

    def press(self, command: Command) -> bool:
        """Whether this press counts: see Repeats."""
        now_s = self._now_s()
        is_repeated = now_s - self._down.get(command, -math.inf) < _STILL_HELD_S
        self._down[command] = now_s
        return self._repeats.are_meant(command, is_repeated=is_repeated)

    def release(self, command: Command) -> None:
        """Record that the key was released."""
        self._down.pop(command, None)


class Presence(Protocol):
    """Whether a back end that comes and goes is available now. Core thread."""

    is_here: bool

    async def close(self) -> None:
        """Stop watching. May be called twice."""


class HotkeyBackend(Protocol):
    """Something that takes keys. Core thread, except where a callback says otherwise."""

    name: str
    # Whether the program in front is kept from getting the keys too. If not, `hotkeys.py` asks only for keys that
    # change no text.
    swallows: bool
    # Whether binding may show a dialog of the desktop. Then `bind` takes as long as the user does, and is called only
    # when the wanted keys have changed.
    asks_user: bool
    # Whether a key is refused if another program has it. Then Harken asks for it again until it is free, and a newly
    # chosen key is tried before it becomes a setting.
    sees_conflicts: bool
    # Whether Esc can be taken just while something is being read.
    has_escape: bool
    # Called on any thread when the keys change without `bind`: the desktop, the user there, or a change of keyboard has
    # taken, added or reassigned one.
    on_change: OnChange

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        """Take these keys, and release all others. Returns for each command its key's name here, or why it has none.

        The desktop may give a command a different key from the requested one, and has its own name for it. The request
        remains in effect: a back end that loses its keys takes them again by itself. If this is cancelled, because the
        wanted keys have changed or Harken is quitting, the next `bind` or `close` decides.

        Raises HotkeyError, with the reason, if no key can be taken in this way on this desktop.
        """

    def bind_escape(self, command: Command | None) -> None:
        """Take Esc as well, or release it with None; does nothing if it is not available. Returns at once."""

    def spare_focus(self, is_wanted: bool) -> None:
        """Choose whether the program in front must keep the focus even while a key is down. Returns at once.

        Otherwise a screen reader announces the focus each time it returns.
        """

    async def close(self) -> None:
        """Release all keys. Neither a command nor a change comes after this. May be called twice."""
