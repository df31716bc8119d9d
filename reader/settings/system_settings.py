"""The settings of how Harken fits into the desktop: start, language, look, other programs, new versions."""

from __future__ import annotations

from reader.settings.setting import Page, choice, switch
from reader.support.i18n import QT_TRANSLATE_NOOP

SYSTEM = (
    switch(
        "system.start_at_login",
        False,
        Page.SYSTEM,
        QT_TRANSLATE_NOOP("settings", "Start at login"),
        QT_TRANSLATE_NOOP("settings", "Harken starts with your desktop, in the tray."),
    ),
    switch(
        "system.keep_unlocked",
        True,
        Page.SYSTEM,
        QT_TRANSLATE_NOOP("settings", "Keep the screen from locking while reading"),
        QT_TRANSLATE_NOOP("settings", "So that a long text is not interrupted."),
    ),
    choice(
        "system.language",
        "",
        Page.SYSTEM,
        QT_TRANSLATE_NOOP("settings", "Language of Harken's windows"),
        QT_TRANSLATE_NOOP("settings", "Takes effect the next time Harken starts."),
        (
            ("", QT_TRANSLATE_NOOP("settings", "Same as the system")),
            ("en", "English"),
            ("de", "Deutsch"),
            ("ar", "العربية"),
        ),
    ),
    choice(
        "system.appearance",
        "",
        Page.SYSTEM,
        QT_TRANSLATE_NOOP("settings", "Appearance"),
        QT_TRANSLATE_NOOP("settings", "Dark text on light, or light text on dark."),
        (
            ("", QT_TRANSLATE_NOOP("settings", "Same as the system")),
            ("light", QT_TRANSLATE_NOOP("settings", "Light")),
            ("dark", QT_TRANSLATE_NOOP("settings", "Dark")),
        ),
    ),
    switch(
        "system.services_for_programs",
        False,
        Page.SYSTEM,
        QT_TRANSLATE_NOOP("settings", "Let other programs use Amazon Polly"),
        QT_TRANSLATE_NOOP(
            "settings", "Programs that speak with Harken's voices. What they say is then sent to Amazon."
        ),
    ),
    switch(
        "system.check_updates",
        False,
        Page.SYSTEM,
        QT_TRANSLATE_NOOP("settings", "Check for a new version once a week"),
        QT_TRANSLATE_NOOP("settings", "Harken only tells you. It installs nothing."),
    ),
)
