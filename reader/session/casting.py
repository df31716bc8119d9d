"""Gives each piece of a text the voice that can say it.

The user's chosen voice reads everything it has letters for; otherwise the first voice of the text's
language does. Words in another script, also inside a sentence, go to a voice of that script; a script
nobody here can say is named aloud, so that nothing is dropped in silence. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reader.errors import VoiceMissingError
from reader.flow import Ending, Segment, SpeechRequest, Voice
from reader.text.language import SCRIPT_LANGUAGES, detect, scripts_of
from reader.text.script import runs
from reader.text.segment import is_speakable


class Casting:
    """The voices at hand and the user's wishes."""

    def __init__(self, voices: Sequence[Voice], chosen_id: str = "", language: str = "en") -> None:
        """`voices` in order of preference.

        `chosen_id` is a voice's id, "engine/" for whichever of an engine's voices speaks the language, "" to
        go by language alone. `language` is what to fall back on for texts in a language without a voice.
        """
        engine, _, name = chosen_id.partition("/")
        self._voices = sorted(voices, key=lambda voice: voice.engine != engine)
        self._chosen = next((v for v in voices if v.id == chosen_id), None)
        self.is_chosen_missing = bool(name) and self._chosen is None
        self._language = language

    def cast(self, segment: Segment, speed: float, without: frozenset[str] = frozenset()) -> list[SpeechRequest]:
        """The requests that speak a segment, in order. `without` names engines not to use.

        Raises VoiceMissingError when there is no voice at all.
        """
        voice = self._main_voice(segment.language, without)
        text = segment.text
        if segment.ending is Ending.CUT and text[-1].isalnum():
            text += ","  # the voice must not sound as if the sentence ended here
        return [
            SpeechRequest(segment.utterance_id, segment.index, piece, piece_voice, speed)
            for piece_voice, piece in self._share_out(text, segment.language, voice, without)
        ]

    def _share_out(
        self, text: str, language: str, voice: Voice, without: frozenset[str]
    ) -> Iterator[tuple[Voice, str]]:
        for script, piece in runs(text, scripts_of(voice.language)):
            if not is_speakable(piece):
                continue
            if not script:
                yield voice, piece.strip()
                continue
            other = self._voice_of(detect(piece, language), without)
            other = other or self._voice_of(SCRIPT_LANGUAGES.get(script, ""), without)
            if other and script in scripts_of(other.language):
                yield other, piece.strip()
            else:
                yield voice, f"({script} text)"

    def _main_voice(self, language: str, without: frozenset[str]) -> Voice:
        if self._chosen and self._chosen.engine not in without:
            return self._chosen
        voice = self._voice_of(language, without) or self._voice_of(self._language, without)
        voice = voice or self._voice_of("en", without)
        if not voice:
            raise VoiceMissingError("There is no voice on this computer. Reinstall Harken.")
        return voice

    def _voice_of(self, language: str, without: frozenset[str]) -> Voice | None:
        return next((v for v in self._voices if v.language == language and v.engine not in without), None)
