"""Null objects for desktops that lack something. They always work, and do nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from reader.desktop.base import Playing
from reader.errors import SettingsError
from reader.flow import Event, ScreenReader
from reader.support.i18n import translate


class NoMediaControls:
    """Implements MediaControls."""

    def __init__(self, *_given: object) -> None:
        """The callbacks are never called."""

    def show(self, playing: Playing | None) -> None:
        pass

    async def close(self) -> None:
        pass


class NoScreenLockInhibitor:
    """Implements ScreenLockInhibitor."""

    def hold(self) -> None:
        pass

    def release(self) -> None:
        pass

    async def close(self) -> None:
        pass


class NoOthersVolume:
    """Implements OthersVolume."""

    is_supported = False

    def __init__(self, _note: Path) -> None:
        """Nothing is recorded."""

    def lower(self, percent: float) -> None:
        pass

    def restore(self) -> None:
        pass

    async def close(self) -> None:
        pass


class NoScreenLock:
    """Implements ScreenLock."""

    async def is_locked(self) -> bool:
        return False

    async def close(self) -> None:
        pass


class NoBattery:
    """Implements Battery."""

    def is_low(self) -> bool:
        return False


class NoAutostart:
    """Implements Autostart."""

    def __init__(self, _command: Callable[[], list[str]]) -> None:
        """Nothing is started."""

    def is_on(self) -> bool:
        return False

    def set(self, is_on: bool) -> None:
        if is_on:
            raise SettingsError(translate("reader", "Harken can't be started at login on this system yet."))


class NoMenuEntry:
    """Implements MenuEntry."""

    def __init__(self, _command: Callable[[], list[str]]) -> None:
        """Nothing is started."""

    def make(self) -> None:
        pass

    def remove(self) -> bool:
        return False


class NoAccessibilitySwitch:
    """Implements AccessibilitySwitch."""

    def __init__(self, _note: Path) -> None:
        """Nothing is recorded."""

    async def is_on(self) -> bool | None:
        return None

    async def set(self, is_wanted: bool) -> bool | None:
        return None


class NoPermission:
    """Implements Permission."""

    async def is_given(self) -> bool | None:
        return None

    async def ask(self) -> None:
        pass


class NoTextService:
    """Implements TextService."""

    def __init__(self, _on_text: Callable[[str], None]) -> None:
        """The callback is never called."""

    def start(self) -> None:
        pass

    def close(self) -> None:
        pass


class NoScreenReaderWatch:
    """Implements ScreenReaderWatch."""

    def __init__(self, _on_change: Callable[[ScreenReader], None]) -> None:
        """The callback is never called."""

    async def start(self) -> None:
        pass

    def on_event(self, event: Event) -> None:
        pass

    async def close(self) -> None:
        pass
