"""Makes a Reading, or its beginning, and finds the voices for it once they are ready. Core thread only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from reader.audio.player import Player
from reader.errors import VoiceMissingError
from reader.flow import CapturedText, Event, Notice, Source, Voice
from reader.session.beginning import Beginning, CutAhead
from reader.session.context import FindVoiceChoice, PronunciationSource, ReadingContext
from reader.session.engines import Engines
from reader.session.preferences import Preferences, ReadingOptions
from reader.session.prepared import Prepared
from reader.session.reading import Reading
from reader.session.voice_choice import VoiceChoice
from reader.support import i18n, timeline
from reader.support.i18n import translate
from reader.text import loading
from reader.voices import registry
from reader.voices.base import Holding


class Maker:
    """Makes readings, and counts them."""

    def __init__(
        self,
        engines: Engines,
        player: Player,
        on_event: Callable[[Event], None],
        preferences: Callable[[], Preferences],
        pronunciations: PronunciationSource,
    ) -> None:
        """`preferences` returns the current ones."""
        self._pronunciations = pronunciations
        self._engines = engines
        self._on_event = on_event
        self._preferences = preferences
        self.player = player
        self.prepared = Prepared()
        self._context = ReadingContext(
            engines.all, player, on_event, preferences, self._find_voice_choice, self.prepared
        )
        self._last_id = 0
        self._told_problem = ""  # the last reason reported why the chosen voice can't read

    def make(self, captured: CapturedText, options: ReadingOptions | None = None, *, begin_at: int = 0) -> Reading:
        """Make a reading; without `options`, with the user's current preferences."""
        self._last_id += 1
        options = options or ReadingOptions(self._preferences())
        context, segmenter = self._context, None
        if begun := self.prepared.begun(options, self._engines.local_voices()):
            context = replace(context, find_voice_choice=self._beginning_with(begun.choice))
            if not begin_at and begun.is_cut_so(captured):
                segmenter = begun.segmenter
                segmenter.give_to(self._last_id)
        return Reading(self._last_id, captured, options, context, begin_at, segmenter)

    def make_own_words(self, sentence: str) -> Reading:
        """Make a reading of one of Harken's own sentences, in the user's language, by a voice on this computer."""
        language = i18n.language()
        own = replace(self._preferences(), voice_id="", language=language, expected_language=language)
        return self.make(CapturedText(sentence, Source.GIVEN), ReadingOptions(own, is_users=False, is_own_words=True))

    def make_followed(self, text: str) -> Reading:
        """Make an announcement of what the user moved to: in the chosen voice, but never in a service's."""
        chosen = self._preferences()
        voice_id = "" if registry.service_of(chosen.voice_id) else chosen.voice_id
        own = replace(chosen, voice_id=voice_id)
        return self.make(CapturedText(text, Source.FOCUS), ReadingOptions(own, is_users=False, is_own_words=True))

    # ---- before a key is pressed ----

    @property
    def is_local(self) -> bool:
        """Whether the chosen voice is on this computer."""
        return not registry.is_remote(self._preferences().voice_id)

    async def prepare(self, captured: CapturedText) -> None:
        """Have a voice on this computer make the beginning of a reading of this text, or of one that begins with it.

        Does nothing, silently, if such a reading could not start now. Raises VoiceError.
        """
        chosen = self._preferences()
        if not loading.is_loaded():
            return
        voices = self._engines.local_voices()
        voice_choice = self._choose(voices, chosen)
        segmenter = CutAhead(captured, chosen)
        segment = await segmenter.first()
        if segment is None or voice_choice.is_chosen_missing:
            return
        request = (await voice_choice.request_ahead(segment, self.player.speed))[0]
        if registry.is_remote(request.voice.id):
            return
        is_chosen = chosen.voice_id in ("", request.voice.id)  # else the user may have to be told something
        beginning = Beginning(captured, chosen, voices, voice_choice, segmenter) if is_chosen else None
        stream = self._engines.all[request.voice.engine].open_stream(request.utterance_id)
        if isinstance(stream, Holding):
            stream.hold()
        try:
            await stream.send(request)
        except BaseException:
            stream.cancel()
            raise
        self.prepared.hold(request, chosen, captured, stream, beginning)

    # ---- voices ----

    def _choose(self, voices: Sequence[Voice], chosen: Preferences) -> VoiceChoice:
        return VoiceChoice(
            voices,
            chosen.voice_id,
            chosen.expected_language,
            chosen.stand_in_id,
            lambda: chosen.pronunciations or self._pronunciations.current(),
            chosen.pitch,
            chosen.preferred,
        )

    def _beginning_with(self, choice: VoiceChoice) -> FindVoiceChoice:
        """As `_find_voice_choice`, for one reading that begins with a choice made ahead of it."""
        ahead = [choice]

        async def find(utterance_id: int, chosen: Preferences) -> VoiceChoice:
            if not ahead:  # the reading has moved: the voices may have changed
                return await self._find_voice_choice(utterance_id, chosen)
            timeline.mark(timeline.Stage.VOICE_CHOSEN, utterance_id)
            return ahead.pop()

        return find

    async def _find_voice_choice(self, utterance_id: int, chosen: Preferences) -> VoiceChoice:
        """Choose once the voices are ready. Raises HarkenError if the chosen one can't read and no other may."""
        voices, problem = await self._engines.ready(chosen.voice_id)
        await self._pronunciations.ready()
        voice_choice = self._choose(voices, chosen)
        if problem and chosen.keeps_voice:
            raise problem
        if problem:
            # Say so with every text that was given by hand; in the tray once is enough.
            if chosen is not self._preferences() or problem.sentence != self._told_problem:
                sentence = translate("reader", "{problem} {voice} will read instead.")
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
            sentence = translate("reader", "No voice here speaks “{language}”. Another voice will read it.")
            self._on_event(Notice(utterance_id, sentence.format(language=chosen.language)))
        timeline.mark(timeline.Stage.VOICE_CHOSEN, utterance_id)
        return voice_choice
