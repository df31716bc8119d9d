"""Reads a sample with a voice, for a user who chooses one. Core thread only."""

from __future__ import annotations

from reader.core.app import App
from reader.core.samples import sample
from reader.flow import CapturedText, Source
from reader.session.reading import Reading
from reader.support import i18n


def speak_sample(app: App, voice_id: str = "", text: str = "") -> Reading:
    """Read a sentence with a voice, by default the chosen one, in its language and with the user's settings.

    Or read a `text` in the language of Harken's windows.
    """
    chosen = app.controller.preferences
    voice_id = voice_id or chosen.voice_id
    language = i18n.language()
    if not text:
        own = next((voice.language for voice in app.voices() if voice.id == voice_id), "")
        text, language = sample(own or chosen.language or chosen.expected_language)
    return app.speak(CapturedText(text, Source.GIVEN), is_users=False, voice_id=voice_id, language=language)
