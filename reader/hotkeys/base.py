"""The interface of what can take keys from anywhere on the desktop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from reader.flow import Command
from reader.hotkeys.keys import Chord

# Called with each command on the back end's own thread. Must return at once.
OnCommand = Callable[[Command], None]

# Holding these down says them again and again; holding the others says them once.
REPEATING = frozenset({Command.NEXT, Command.PREVIOUS, Command.FASTER, Command.SLOWER})


class HotkeyBackend(Protocol):
    """Something that takes keys."""

    name: str
    # Whether the program in front is kept from getting the key as well.
    swallows: bool

    def bind(self, bindings: Mapping[Chord, Command]) -> dict[Chord, str]:
        """Take these keys, and let go of all others. Returns those refused, with the reason for the user.

        May wait up to two seconds: call it on a worker thread.
        """

    def bind_escape(self, command: Command | None) -> None:
        """Take Esc as well, or let go of it with None. Returns at once; a refusal is not told."""

    def close(self) -> None:
        """Let go of all keys."""
