"""How a Reading is made: with its segmenter, and with the voices for it once they are ready. Core thread only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from reader.audio.player import Player
from reader.errors import VoiceMissingError
from reader.flow import CapturedText, Event, Notice, Source
from reader.session.engines import Engines
from reader.session.preferences import Preferences
from reader.session.reading import Reading
from reader.session.voice_choice import VoiceChoice
from reader.support import i18n
from reader.support.i18n import translate
from reader.text.segment import Segmenter
from reader.text.ssml import Document


class Maker:
    """Makes readings, and counts them."""

    def __init__(
        self,
        engines: Engines,
        player: Player,
        on_event: Callable[[Event], None],
        preferences: Callable[[], Preferences],
    ) -> None:
        """`preferences` are those of the moment."""
        self._engines = engines
        self._player = player
        self._on_event = on_event
        self._preferences = preferences
        self._last_id = 0
        self._told_problem = ""  # why the chosen voice does not read

    def make(
        self,
        captured: CapturedText,
        preferences: Preferences | None = None,
        *,
        is_whole: bool = True,
        is_users: bool = True,
        speed: float | None = None,
    ) -> Reading:
        """See Reading. `preferences` are for this text only."""
        self._last_id += 1
        utterance_id = self._last_id
        chosen = preferences or self._preferences()
        segmenter = Document if captured.is_ssml else Segmenter
        return Reading(
            utterance_id,
            captured,
            segmenter(utterance_id, chosen.language, chosen.expected_language),
            lambda: self._find_voice_choice(utterance_id, chosen),
            self._engines.all,
            self._player,
            self._on_event,
            is_whole=is_whole,
            is_users=is_users,
            may_fall_back=chosen.may_fall_back,
            may_wait=chosen.may_wait,
            is_strict=chosen.is_strict,
            sounds_end=lambda: self._preferences().sounds_ends and is_users,
            speed=speed,
        )

    def make_own_words(self, sentence: str) -> Reading:
        """A sentence of Harken's own, in the user's language, by a voice of this computer."""
        language = i18n.language()
        own = replace(self._preferences(), voice_id="", language=language, expected_language=language)
        return self.make(CapturedText(sentence, Source.GIVEN), own, is_users=False)

    async def _find_voice_choice(self, utterance_id: int, chosen: Preferences) -> VoiceChoice:
        """The voices, once they are ready. Raises HarkenError when the chosen one can't and no other may read."""
        voices, problem = await self._engines.ready(chosen.voice_id)
        voice_choice = VoiceChoice(voices, chosen.voice_id, chosen.expected_language, chosen.stand_in_id)
        if problem and chosen.keeps_voice:
            raise problem
        if problem:
            # With each text that was given by hand; in the tray once is enough.
            if chosen is not self._preferences() or problem.sentence != self._told_problem:
                sentence = translate("reader", "{problem} {voice} reads.")
                sentence = sentence.format(problem=problem.sentence, voice=voice_choice.first_voice.name)
                self._on_event(Notice(utterance_id, sentence))
            self._told_problem = problem.sentence
        elif voice_choice.is_chosen_missing:
            sentence = voice_choice.no_voice(chosen.voice_id)
            if chosen.needs_voice or chosen.keeps_voice:
                raise VoiceMissingError(sentence)
            self._on_event(Notice(utterance_id, sentence))
        engine, _, name = chosen.voice_id.partition("/")
        if (
            chosen.needs_voice
            and chosen.names_language
            and not name
            and not voice_choice.speaks(chosen.language, engine)
        ):
            sentence = translate("reader", "No voice of “{engine}” speaks “{language}”.")
            raise VoiceMissingError(sentence.format(engine=engine, language=chosen.language))
        if chosen.names_language and not voice_choice.speaks(chosen.language):
            sentence = translate("reader", "No voice here speaks “{language}”. Another one reads it.")
            self._on_event(Notice(utterance_id, sentence.format(language=chosen.language)))
        return voice_choice
