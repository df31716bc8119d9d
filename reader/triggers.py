"""Where a command comes from, and the keys for commands. The next of the values of `flow.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reader.commands import Command
from reader.support import foreign


@dataclass(frozen=True, slots=True)
class Trigger:
    """A command, and where it came from ("key", "menu", "cli", "selection")."""

    command: Command
    origin: str = "key"


@dataclass(frozen=True, slots=True)
class BoundKeys:
    """Which of the desktop's keys Harken has now. No other key is named to people.

    `names` are what the desktop calls them, fit for "Press {key}"; `refused` says why a command's key is not available.
    A command in neither has no key, or waits for the user, whom the desktop asks (`is_asking`). `has_escape`: Esc stops
    a reading, if the user wants that. `advice` says how the user can give Harken a key where it can't take any, or
    change those that the desktop remembers.
    """

    names: Mapping[Command, str] = field(default_factory=dict)
    refused: Mapping[Command, str] = field(default_factory=dict)
    is_asking: bool = False
    has_escape: bool = False
    advice: str = ""

    def __post_init__(self) -> None:
        """Names may come from anywhere, so they are made fit to be shown."""
        object.__setattr__(self, "names", {command: foreign.shown(name) for command, name in self.names.items()})
