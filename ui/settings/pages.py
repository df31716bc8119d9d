"""How each page of the settings window is made. A page without its own class shows only its settings."""

from __future__ import annotations

from collections.abc import Callable

from reader.settings.setting import Page
from ui.bridge import Bridge
from ui.settings.keys_page import KeysPage
from ui.settings.page import SettingsPage
from ui.settings.player_page import PlayerPage
from ui.settings.polly.page import PollyPage
from ui.settings.reading_page import ReadingPage
from ui.settings.server_page import ServerPage
from ui.settings.system_page import SystemPage
from ui.settings.text_page import TextPage
from ui.settings.voice_page import SoundPage, VoicePage
from ui.settings.words.page import WordsPage

# Pages with more than fields.
OWN_PAGES: dict[Page, Callable[[Bridge], SettingsPage]] = {
    Page.VOICE: VoicePage,
    Page.READING: ReadingPage,
    Page.TEXT: TextPage,
    Page.WORDS: WordsPage,
    Page.PLAYER: PlayerPage,
    Page.KEYS: KeysPage,
    Page.SOUND: SoundPage,
    Page.SYSTEM: SystemPage,
    Page.POLLY: PollyPage,
    Page.SERVER: ServerPage,
}


def make_page(page: Page, bridge: Bridge) -> SettingsPage:
    """Make a page. GUI thread."""
    own = OWN_PAGES.get(page)
    return own(bridge) if own else SettingsPage(page, bridge)
