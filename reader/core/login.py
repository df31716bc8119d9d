"""Start at login: the setting, and the desktop's own entry, which takes precedence.

The desktop's tools may remove the entry or switch it off without Harken noticing.
"""

from __future__ import annotations

from contextlib import suppress

import reader.desktop.choose
from reader.errors import SettingsError
from reader.settings.store import Settings

KEY = "system.start_at_login"


def is_on() -> bool:
    """Whether Harken starts at login."""
    return reader.desktop.choose.autostart().is_on()


def follow(settings: Settings) -> None:
    """Make the setting match the entry."""
    if is_on() != settings.switch(KEY):
        with suppress(SettingsError):
            settings.set(KEY, is_on())


def obey(settings: Settings) -> None:
    """Make the entry match the setting. Raises SettingsError, and then the setting is as it was."""
    try:
        reader.desktop.choose.autostart().set(settings.switch(KEY))
    finally:
        follow(settings)
