"""Offers a natural voice for a language that has none here: once after a text in it, and to a new user. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QPushButton, QWidget

from reader.core.offers import OfferedVoice
from reader.core.voice_offer import VoiceOffered
from reader.errors import HarkenError
from reader.flow import Event, Notice, Voice
from reader.support.i18n import translate
from ui.bridge import Bridge
from ui.get_voices.rows import shown_size
from ui.languages import language_name, user_languages

_ENGINE = "espeak"


def offer_voices(bridge: Bridge) -> None:
    """From now on, tell the user when the core finds a voice for a language."""
    bridge.happened.connect(lambda event: _on_event(bridge, event))


def _on_event(bridge: Bridge, event: Event) -> None:
    if not isinstance(event, VoiceOffered):
        return
    sentence = translate(
        "ui", "There is a natural voice for {language}: {size}. Choose “Get more voices” in Harken's menu, under Voice."
    )
    told = sentence.format(language=language_name(event.language), size=shown_size(event.size_bytes))
    bridge.tell(Notice(0, told, is_problem=False))


class OfferButton(QPushButton):
    """Leads to the voice for the user's language if only eSpeak speaks it. Hidden otherwise."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(translate("ui", "Get more voices"), parent)  # a screen reader sees it before it is shown
        self._bridge = bridge
        self.setAutoDefault(False)
        self.hide()

    def look(self, voices: Sequence[Voice]) -> None:
        """Check whether there is a voice to offer besides these."""
        language = user_languages(self._bridge.settings.text("voice.expected_language"))[0]
        if all(voice.engine == _ENGINE for voice in voices if voice.language == language):
            self._bridge.ask(lambda app: app.voice_offer.voice(language), lambda voice: self._show(language, voice))

    def _show(self, language: str, voice: OfferedVoice | HarkenError | None) -> None:
        if not voice or isinstance(voice, HarkenError):
            return
        text = translate("ui", "Get a natural voice for {language}: {size}…")
        self.setText(text.format(language=language_name(language), size=shown_size(voice.size_bytes)))
        self.show()
