"""What stands in where a desktop has no such thing. Always works, and does nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reader.desktop.base import Playing
from reader.errors import SettingsError
from reader.flow import Event, ScreenReader
from reader.support.i18n import translate


class NoMediaControls:
    """See MediaControls."""

    def __init__(self, *_given: object) -> None:
        """Calls nothing."""

    def show(self, playing: Playing | None) -> None:
        """See MediaControls."""

    async def close(self) -> None:
        """See MediaControls."""


class NoScreenLockInhibitor:
    """See ScreenLockInhibitor."""

    def hold(self) -> None:
        """See ScreenLockInhibitor."""

    def release(self) -> None:
        """See ScreenLockInhibitor."""

    async def close(self) -> None:
        """See ScreenLockInhibitor."""


class NoOthersVolume:
    """See OthersVolume."""

    is_supported = False

    def __init__(self, _note: Path) -> None:
        """Nothing is noted."""

    def lower(self, percent: float) -> None:
        """See OthersVolume."""

    def restore(self) -> None:
        """See OthersVolume."""

    async def close(self) -> None:
        """See OthersVolume."""


class NoAutostart:
    """See Autostart."""

    def __init__(self, _command: Callable[[], list[str]]) -> None:
        """Nothing is started."""

    def is_on(self) -> bool:
        """See Autostart."""
        return False

    def set(self, is_on: bool) -> None:
        """See Autostart."""
        if is_on:
            raise SettingsError(translate("reader", "Harken can't be started at login on this system yet."))


class NoScreenReaderWatch:
    """See ScreenReaderWatch."""

    def __init__(self, _on_change: Callable[[ScreenReader], None]) -> None:
        """Calls nothing."""

    async def start(self) -> None:
        """See ScreenReaderWatch."""

    def on_event(self, event: Event) -> None:
        """See ScreenReaderWatch."""

    async def close(self) -> None:
        """See ScreenReaderWatch."""
