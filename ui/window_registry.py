"""Opens Harken's windows. Each is imported and created when first needed, and kept: the settings alone take 8 MB.

Screen readers don't hear of a window's parts while it is created: Orca would be busy with a thousand reports, and
silent for the first keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from reader.flow import Command
from reader.settings.setting import Page
from ui.announce import unannounced
from ui.bridge import Bridge

if TYPE_CHECKING:
    from ui.first_run import FirstSteps
    from ui.get_voices.window import GetVoicesWindow
    from ui.help import HelpWindow
    from ui.privacy import PrivacyWindow
    from ui.settings.window import SettingsWindow


class Windows:
    """GUI thread."""

    def __init__(self, bridge: Bridge, has_screen_reader: Callable[[], bool]) -> None:
        """`has_screen_reader` answers whether one runs."""
        self._bridge = bridge
        self._has_screen_reader = has_screen_reader
        self._settings: SettingsWindow | None = None
        self._privacy: PrivacyWindow | None = None
        self._first_steps: FirstSteps | None = None
        self._help: HelpWindow | None = None
        self._get_voices: GetVoicesWindow | None = None

    def open_settings(self, page: Page | None = None) -> None:
        """Show the settings, at a page or where they were last."""
        if self._settings is None:
            from ui.help import page_about
            from ui.settings.window import SettingsWindow

            with unannounced():
                self._settings = SettingsWindow(self._bridge)
            self._settings.voices_wanted.connect(self.open_get_voices)
            self._settings.help_wanted.connect(lambda page: self.open_help(page_about(page)))
        self._settings.open_page(page)

    def open_misread(self) -> None:
        """Show the list of pronunciations, with what was heard last. The current reading pauses."""
        self._bridge.handle(Command.PAUSE)
        self.open_settings(Page.WORDS)
        if self._settings:
            self._settings.show_misread()

    def open_privacy(self) -> None:
        """Show what Harken reads and where it goes."""
        if self._privacy is None:
            from ui.privacy import PrivacyWindow

            with unannounced():
                self._privacy = PrivacyWindow(self._bridge)
            self._privacy.settings_wanted.connect(lambda: self.open_settings(Page.SYSTEM))
            self._privacy.help_wanted.connect(lambda: self.open_help("privacy"))
            self.offer_help(self._privacy, "privacy")
        self._privacy.open()

    def open_first_steps(self) -> None:
        """Show the first steps."""
        if self._first_steps is None:
            from ui.first_run import FirstSteps

            with unannounced():
                self._first_steps = FirstSteps(self._bridge, self._has_screen_reader)
            self._first_steps.voices_wanted.connect(self.open_get_voices)
            self._first_steps.settings_wanted.connect(self.open_settings)
            self._first_steps.help_wanted.connect(lambda: self.open_help("first-steps"))
            self.offer_help(self._first_steps, "first-steps")
        self._first_steps.open()

    def open_get_voices(self, language: str = "") -> None:
        """Show the voices that can be downloaded for a language, by default the user's."""
        if self._get_voices is None:
            from ui.get_voices.window import GetVoicesWindow

            with unannounced():
                self._get_voices = GetVoicesWindow(self._bridge)
            self._get_voices.help_wanted.connect(lambda: self.open_help("voices"))
            self.offer_help(self._get_voices, "voices")
        self._get_voices.open(language)

    def open_help(self, name: str = "index") -> None:
        """Show a page of the guide."""
        if self._help is None:
            from ui.help import HelpWindow

            with unannounced():
                self._help = HelpWindow()
        self._help.open_page(name)

    def offer_help(self, window: QWidget, name: str) -> None:
        """Have F1 in a window open a page of the guide."""
        QShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents), window).activated.connect(
            lambda: self.open_help(name)
        )
