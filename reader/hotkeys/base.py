"""The interface of what can take keys from anywhere on the desktop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from reader.flow import BoundKeys, Command
from reader.hotkeys.chord import Chord

# Called with each command, on any thread. Must return at once.
OnCommand = Callable[[Command], None]
# Called on any thread with the keys there are now.
OnChange = Callable[[BoundKeys], None]

# Holding these down says them again, a few times a second; holding the others says them once.
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
# A keyboard repeats 25 times a second or more: too many steps to hear in time to release the key.
REPEAT_S = 0.35
# A held key is said again after this time at the latest: the longest delay that desktops have before they repeat.
_STILL_HELD_S = 1.0


class Repeats:
    """Which of the presses that a keyboard sends while a key is held are meant."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._said_s = -math.inf

    def are_meant(self, command: Command, *, is_repeated: bool) -> bool:
        """Whether to say the command. Each press of a key's own is meant."""
        now_s = self._now_s()
        if is_repeated and (command not in REPEATING or now_s - self._said_s < REPEAT_S):
            return False
        self._said_s = now_s
        return True


class Held:
    """Which keys are down, where press and release are only told of, and either may never come."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._repeats = Repeats(now_s)
        self._down: dict[Command, float] = {}  # when it was last said to be pressed

    def press(self, command: Command) -> bool:
        """Whether this press is meant: see Repeats."""
        now_s = self._now_s()
        is_repeated = now_s - self._down.get(command, -math.inf) < _STILL_HELD_S
        self._down[command] = now_s
        return self._repeats.are_meant(command, is_repeated=is_repeated)

    def release(self, command: Command) -> None:
        """It is up again."""
        self._down.pop(command, None)


class Presence(Protocol):
    """Whether a back end that comes and goes can be had now. Core thread."""

    is_here: bool

    async def close(self) -> None:
        """Watch no more. May be called twice."""


class HotkeyBackend(Protocol):
    """Something that takes keys. Core thread, except where a call back says otherwise."""

    name: str
    # Whether the program in front is kept from getting the keys as well. Where it is not, `hotkeys.py` asks only for
    # keys that change no text.
    swallows: bool
    # Whether binding may show the user a dialog of the desktop's. Then `bind` takes as long as a person does, and is
    # called only when the wishes are others.
    asks_user: bool
    # Whether a key is refused because another program has it. Then it is asked for again until it is free, and another
    # key is tried before it becomes a setting.
    sees_conflicts: bool
    # Whether Esc can be had while something is read, and only then.
    has_escape: bool
    # Called on any thread when the keys are others without `bind`: the desktop, the user there, or a change of the
    # keyboard has taken one, brought one, or given a command another one.
    on_change: OnChange

    async def bind(self, wanted: Mapping[Command, Chord]) -> BoundKeys:
        """Take these keys, and let go of all others. Returns for each command how its key is called here, or why not.

        The desktop may give a command a different key from the requested one, and has its own name for it. What
        is wanted stays wanted: a back end that loses its keys takes them again by itself. When this is cancelled,
        because the wishes are others or Harken ends, the next `bind` or `close` says what holds.

        Raises HotkeyError when it turns out that no key can be had this way on this desktop, saying why.
        """

    def bind_escape(self, command: Command | None) -> None:
        """Take Esc as well, or release it with None; does nothing where it is not available. Returns at once."""

    def spare_focus(self, is_wanted: bool) -> None:
        """Leave the focus to the program in front also while a key is down, or care less. Returns at once.

        A screen reader would say where the focus is each time it comes back.
        """

    async def close(self) -> None:
        """Let go of all keys. Neither a command nor a change comes after this. May be called twice."""
