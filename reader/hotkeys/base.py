"""The interface of what can take keys from anywhere on the desktop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from reader.flow import Command
from reader.hotkeys.chord import Chord

# Called with each command on the back end's own thread. Must return at once.
OnCommand = Callable[[Command], None]

# Holding these down says them again, a few times a second; holding the others says them once.
REPEATING = frozenset({Command.NEXT, Command.PREVIOUS, Command.FASTER, Command.SLOWER, Command.LOUDER, Command.QUIETER})
# A keyboard repeats 25 times a second and more: nobody hears so many steps in time to let go of the key.
REPEAT_S = 0.35


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


class HotkeyBackend(Protocol):
    """Something that takes keys."""

    name: str
    # Whether the program in front is kept from getting the key as well.
    swallows: bool
    # Called on the back end's own thread when keys could be had or not be had that could not or could before.
    on_change: Callable[[], None]

    def bind(self, bindings: Mapping[Chord, Command]) -> dict[Chord, str]:
        """Take these keys, and let go of all others. Returns those refused, with the reason for the user.

        May wait up to two seconds: call it on a worker thread.
        """

    def bind_escape(self, command: Command | None) -> None:
        """Take Esc as well, or let go of it with None. Returns at once; a refusal is not told."""

    def spare_focus(self, is_wanted: bool) -> None:
        """Leave the focus to the program in front also while a key is down, or care less. Returns at once.

        A screen reader would say where the focus is each time it comes back.
        """

    def close(self) -> None:
        """Let go of all keys."""
