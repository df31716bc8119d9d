"""Opens Harken's windows. Each is made when it is first wanted, and kept."""

from __future__ import annotations

from reader.settings.setting import Page
from ui.bridge import Bridge
from ui.settings.window import SettingsWindow


class Windows:
    """GUI thread."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._settings: SettingsWindow | None = None

    def open_settings(self, page: Page | None = None) -> None:
        """Show the settings, at a page or where they were."""
        self._settings = self._settings or SettingsWindow(self._bridge)
        self._settings.open_page(page)
