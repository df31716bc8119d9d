"""The first of the values of `flow.py`: what a person can ask for, told here once, and the keys there are for it.

The keys of the settings, the menu, the methods on the bus and what clients may ask for are made of this list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reader.support import foreign


class Command(StrEnum):
    """What a person can ask for, by key, menu or command line. The values are those of the CLI."""

    READ_SELECTION = "read-selection"
    READ_FOCUS = "read-focus"
    READ_CLIPBOARD = "read-clipboard"
    READ_WORD = "read-word"
    READ_LINE = "read-line"
    READ_SENTENCE = "read-sentence"
    READ_PARAGRAPH = "read-paragraph"
    READ_REST = "read-rest"
    READ_DOCUMENT = "read-document"
    READ_LATER = "read-later"
    READ_QUEUED = "read-queued"
    PAUSE_RESUME = "pause-resume"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    NEXT = "next"
    PREVIOUS = "previous"
    NEXT_PARAGRAPH = "next-paragraph"
    PREVIOUS_PARAGRAPH = "previous-paragraph"
    REPEAT = "repeat"
    FASTER = "faster"
    SLOWER = "slower"
    LOUDER = "louder"
    QUIETER = "quieter"
    ADD_BOOKMARK = "add-bookmark"
    SLEEP_TIMER = "sleep-timer"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Trigger:
    """A command, and where it came from ("key", "menu", "cli", "selection")."""

    command: Command
    origin: str = "key"


@dataclass(frozen=True, slots=True)
class BoundKeys:
    """Which keys of the desktop Harken has now. No other key is named to people.

    `names` are what the desktop itself calls them, fit for "Press {key}"; `refused` says why a command's key can't be
    had. A command that is in neither waits for the user, whom the desktop asks (`is_asking`), or has no key.
    `has_escape`: Esc stops a reading, where the user wants that. `advice` says how the user can give Harken a key where
    it can't take any, or change those that the desktop remembers.
    """

    names: Mapping[Command, str] = field(default_factory=dict)
    refused: Mapping[Command, str] = field(default_factory=dict)
    is_asking: bool = False
    has_escape: bool = False
    advice: str = ""

    def __post_init__(self) -> None:
        """Names are anybody's: they are made fit to be shown."""
        object.__setattr__(self, "names", {command: foreign.shown(name) for command, name in self.names.items()})
