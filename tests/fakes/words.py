"""The user's list of pronunciations, as a test gives it."""

from __future__ import annotations

from reader.core.words import HeardSentence
from reader.settings.setting import Page
from reader.text.pronunciations import Entry, Pronunciations
from ui.settings.window import SettingsWindow
from ui.settings.words.page import WordsPage


class GivenWords:
    """A PronunciationSource."""

    def __init__(self) -> None:
        self._list = Pronunciations()

    def give(self, *entries: Entry) -> None:
        """The user has these from now on."""
        self._list = Pronunciations(entries)

    async def ready(self) -> None:
        pass

    def current(self) -> Pronunciations:
        return self._list


def show_heard(window: SettingsWindow) -> None:
    """Show the part of the page that is there once something was read."""
    page = window.pages[Page.WORDS]
    assert isinstance(page, WordsPage)
    page.heard.show_sentences([HeardSentence("We have a GIF.", "en", "espeak/en")])
