"""The interfaces to what the desktop can do for a reading, and to how Harken itself starts.

Each system's row in `choose.py` names a class for each interface; its constructor takes the arguments given here.
Everything is called on the core thread and returns at once; slow work is done afterwards, and failures are logged: a
reading never waits, and is none the worse on a desktop that lacks something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from reader.flow import Event


@dataclass(frozen=True, slots=True)
class Playing:
    """A reading, as a media player would show it. Never its text, which would show in panels and on locked screens."""

    utterance_id: int
    is_paused: bool
    voice: str  # its name
    speed: float  # 1.0 is the voice's normal speed
    volume: float = 1.0  # Harken's own, 0 to 1
    is_stopped: bool = False  # it can be resumed


class MediaControls(Protocol):
    """Media keys, headset buttons and the desktop's own player controls.

    Constructed with the callbacks for what keys and players ask for: `(on_command, on_speed, on_volume)`.
    """

    def show(self, playing: Playing | None) -> None:
        """Show what is being read now. None: nothing is, and the keys go to other programs."""

    async def close(self) -> None:
        """Release the keys."""


class ScreenLockInhibitor(Protocol):
    """Keeps the screen from locking. Repeated calls do no harm.

    Constructed without arguments.
    """

    def hold(self) -> None:
        """Keep the screen from locking from now on."""

    def release(self) -> None:
        """Allow it to lock again."""

    async def close(self) -> None:
        """Allow it to lock again, and wait until that is done."""


class ScreenLock(Protocol):
    """Whether the screen is locked. Core thread only.

    Constructed without arguments.
    """

    async def is_locked(self) -> bool:
        """Ask the desktop. True also if it should know but does not answer; False if nothing knows."""

    async def close(self) -> None:
        """Disconnect from the desktop. May be called twice."""


class Battery(Protocol):
    """What powers the computer. Any thread: it reads small files.

    Constructed without arguments.
    """

    def is_low(self) -> bool:
        """Whether it runs on a battery with less than a fifth left; False if unknown."""


class OthersVolume(Protocol):
    """How loud other programs are. Repeated calls do no harm.

    Constructed with the path of a file for what has to be undone.
    """

    # Whether it can be changed on this system at all.
    is_supported: bool

    def lower(self, percent: float) -> None:
        """Set them to this share of their volume, on the scale of the system's own mixer."""

    def restore(self) -> None:
        """Return them to their previous volume."""

    async def close(self) -> None:
        """Return them to their previous volume, and wait until that is done."""


class MenuEntry(Protocol):
    """The entry by which the desktop knows Harken as a program. Any thread: it reads and writes small files.

    Constructed with a function that returns Harken's command line.
    """

    def make(self) -> None:
        """Make this Harken known to the desktop, unless one is known already. Failures to write are logged."""

    def remove(self) -> bool:
        """Remove the entry that `make` created. Returns whether there was one."""


class Autostart(Protocol):
    """Whether the desktop starts Harken when the user signs in. The system's own entry is the truth.

    Constructed with a function that returns Harken's command line.
    """

    def is_on(self) -> bool:
        """Ask the system."""

    def set(self, is_on: bool) -> None:
        """Tell the system. Raises SettingsError."""


class AccessibilitySwitch(Protocol):
    """Whether programs report what they show to assistive programs, on desktops where that is off until needed.

    Constructed with the path of a file that records that Harken switched it on. Core thread only.
    """

    async def is_on(self) -> bool | None:
        """Ask the desktop; None if it has no such switch, or does not answer."""

    async def set(self, is_wanted: bool) -> bool | None:
        """Switch it on for good, or off if Harken switched it on. Returns its state, as `is_on`."""


class Permission(Protocol):
    """Whether the system lets Harken see what other programs show, on systems that ask the user first.

    Constructed without arguments. Core thread only.
    """

    async def is_given(self) -> bool | None:
        """Ask the system; None if it needs no permission. Changes while Harken runs."""

    async def ask(self) -> None:
        """Have the system ask the user. Does not wait for the answer."""


class TextService(Protocol):
    """An entry in other programs' menus that passes their selection to Harken.

    Constructed with a callback for each text, called on any thread.
    """

    def start(self) -> None:
        """Register the entry. Any thread: it may load the system's libraries."""

    def close(self) -> None:
        """Take no more texts. May be called twice."""


class ScreenReaderWatch(Protocol):
    """Knows whether a screen reader runs. Core thread only.

    Constructed with a callback for each change of ScreenReader.
    """

    async def start(self) -> None:
        """Start watching. Waits briefly for the first answer, which anything said at once depends on."""

    def on_event(self, event: Event) -> None:
        """Receive an event as it is published."""

    async def close(self) -> None:
        """Stop watching."""
