"""The interfaces of what the rest of the desktop can do for a reading, and for Harken's own start.

A system's row in `choose.py` names a class for each, which is made with the arguments that stand here. Everything is
called on the core thread and returns at once; what takes time is done afterwards, and failures are
logged: a reading never waits, and none suffers on a desktop that lacks something.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from reader.flow import Event


@dataclass(frozen=True, slots=True)
class Playing:
    """A reading, as a media player is shown. Never its text: it would be seen in panels and on locked screens."""

    utterance_id: int
    is_paused: bool
    voice: str  # its name
    speed: float  # 1.0 is the voice's own
    volume: float = 1.0  # Harken's own, 0 to 1
    is_stopped: bool = False  # it can be resumed


class MediaControls(Protocol):
    """Media keys, headset buttons and the desktop's own player controls.

    Made with what keys and players ask for goes to: `(on_command, on_speed, on_volume)`.
    """

    def show(self, playing: Playing | None) -> None:
        """What is read now. None: nothing is, and the keys are other programs'."""

    async def close(self) -> None:
        """Let go of the keys."""


class ScreenLockInhibitor(Protocol):
    """Keeps the screen from locking. Repeated calls do no harm.

    Made with nothing.
    """

    def hold(self) -> None:
        """From now on."""

    def release(self) -> None:
        """No longer."""

    async def close(self) -> None:
        """No longer, and wait until that is so."""


class ScreenLock(Protocol):
    """Whether somebody has to unlock the screen first. Core thread only.

    Made with nothing.
    """

    async def is_locked(self) -> bool:
        """Ask the desktop. Also True where it should know and does not answer, False where nobody knows."""

    async def close(self) -> None:
        """Let go of the desktop. May be called twice."""


class Battery(Protocol):
    """What the computer runs on. Any thread: it reads small files.

    Made with nothing.
    """

    def is_low(self) -> bool:
        """Whether it is a battery that has less than a fifth left; False where that is not known."""


class OthersVolume(Protocol):
    """How loud other programs are. Repeated calls do no harm.

    Made with the path at which may be noted what has to be undone.
    """

    # Whether it can be changed on this system at all.
    is_supported: bool

    def lower(self, percent: float) -> None:
        """Set them to this share of their volume, on the scale of the system's own mixer."""

    def restore(self) -> None:
        """Have them as they were."""

    async def close(self) -> None:
        """Have them as they were, and wait until they are."""


class MenuEntry(Protocol):
    """The entry by which the desktop knows Harken as a program. Any thread: it reads and writes small files.

    Made with what tells Harken's command line.
    """

    def make(self) -> None:
        """Have the desktop know this Harken, where nobody has told it. What can't be written is logged."""

    def remove(self) -> bool:
        """Remove the one that `make` has made. Whether there was one."""


class Autostart(Protocol):
    """Whether the desktop starts Harken when the user signs in. The system's own entry is the truth.

    Made with what tells Harken's command line.
    """

    def is_on(self) -> bool:
        """Ask the system."""

    def set(self, is_on: bool) -> None:
        """Tell the system. Raises SettingsError."""


class AccessibilitySwitch(Protocol):
    """Whether programs report what they show to assistive programs, on desktops where that is off until one wants it.

    Made with the path at which may be noted that it was Harken that has switched it on. Core thread only.
    """

    async def is_on(self) -> bool | None:
        """Ask the desktop; None where it has no such switch, or does not answer."""

    async def set(self, is_wanted: bool) -> bool | None:
        """Switch it on for good, or off if Harken has switched it on. Returns what it is now, as `is_on`."""


class Permission(Protocol):
    """Whether the system lets Harken see what other programs show, on systems that ask the user first.

    Made with nothing. Core thread only.
    """

    async def is_given(self) -> bool | None:
        """Ask the system; None where nobody is asked. Changes while Harken runs."""

    async def ask(self) -> None:
        """Have the system ask the user. Does not wait for the answer."""


class TextService(Protocol):
    """An entry in other programs' menus that hands over what is selected in them.

    Made with what is called with each text, on any thread.
    """

    def start(self) -> None:
        """Be there. Any thread: it may load what the system has for it."""

    def close(self) -> None:
        """Take no more texts. May be called twice."""


class ScreenReaderWatch(Protocol):
    """Knows whether a screen reader runs. Core thread only.

    Made with what is called with each ScreenReader that is another.
    """

    async def start(self) -> None:
        """Begin to watch. Waits a little for the first answer: what is said at once needs to know it."""

    def on_event(self, event: Event) -> None:
        """What happens, as it is published."""

    async def close(self) -> None:
        """Watch no more."""
