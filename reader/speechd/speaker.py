"""Speaks the messages of speech-dispatcher with Harken's voices: one at a time, each as its program has set it.

The session's Reading speaks them, so that failing voices, the user's pronunciations and words in other scripts are
handled as everywhere. They are played on Harken's own output, not by speech-dispatcher: its buffer of 10 ms runs dry on
a busy computer, and it does not fall silent before its block has been played. Nothing of a message is kept, except the
sound of single letters (neural_worker.py).

Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from reader import tasks
from reader.audio.player import Player
from reader.core import engines_here, from_settings, services
from reader.core.pronunciation import PronunciationList
from reader.credentials.credentials import Credentials
from reader.errors import HarkenError, NothingToReadError, SoundError
from reader.flow import (
    MAX_SPEED,
    MIN_SPEED,
    AudioChunk,
    CapturedText,
    Event,
    Notice,
    ReadingEnded,
    ScreenReader,
    SegmentHeard,
    SegmentStarted,
    Source,
    Voice,
    WordStarted,
)
from reader.session.engines import Engines
from reader.session.maker import Maker
from reader.session.preferences import Preferences, ReadingOptions
from reader.session.reading import Reading
from reader.settings.paths import pronunciations_file
from reader.settings.store import Settings
from reader.speechd.markup import Marked
from reader.speechd.sound_icons import Sound
from reader.support.closing import close_all
from reader.support.languages import CODES, code_of
from reader.text import loading
from reader.voices import registry

log = logging.getLogger(__name__)

# How many times faster the fastest rate is than the normal one, and the normal one than the slowest.
_FASTEST = 3.0
# How long a character of English takes, until something has been measured.
_SECONDS_A_CHARACTER = 0.065
# An utterance id that no reading uses.
_OF_A_SOUND = -1


@dataclass(frozen=True, slots=True)
class VoiceParameters:
    """How a message is to be spoken: -1 to 1, 0 is normal; a volume of 1 is full.

    `language` is an ISO 639-1 code; without one it is detected from the text.
    """

    language: str = ""
    voice_name: str = ""
    rate: float = 0.0
    pitch: float = 0.0
    volume: float = 1.0
    is_echo: bool = False  # of a key or a character: spoken at once, and on this computer

    @classmethod
    def of(cls, values: Mapping[str, str], *, is_echo: bool = False) -> VoiceParameters:
        """From the settings of a message."""
        language = code_of(_given(values, "language"))
        return cls(
            language if language in CODES else "",  # "C", for example, is no language
            _given(values, "synthesis_voice"),
            _part(values, "rate", 0),
            _part(values, "pitch", 0),
            _part(values, "volume", 100),
            is_echo,
        )

    @property
    def speed(self) -> float:
        """A factor of the voice's normal pace."""
        return min(max(math.pow(_FASTEST, self.rate), MIN_SPEED), MAX_SPEED)


def _given(values: Mapping[str, str], key: str) -> str:
    value = values.get(key, "")
    return "" if value == "NULL" else value


def _part(values: Mapping[str, str], key: str, usual: int) -> float:
    try:
        value = int(values.get(key, usual))
    except ValueError:
        value = usual
    return min(max(value, -100), 100) / 100


class Speaker:
    """Speaks one message at a time."""

    def __init__(self, settings: Settings, on_mark: Callable[[str], None], on_end: Callable[[], None]) -> None:
        """`on_mark` gets a mark's name when it is reached, and may stop the message.

        `on_end` is called when a message has been heard to its end, or can't be; not if it was stopped.
        """
        self._settings = settings
        self._on_mark = on_mark
        self._on_end = on_end
        credentials = Credentials(*from_settings.account(settings), variables=from_settings.proxy_variables)
        made = services.make_services(settings, credentials)
        self._credentials = credentials
        self.engines = Engines(engines_here.local_engines(), services.remotes(made))
        self._device_name = settings.text("sound.device")
        self._player = Player(from_settings.output_device(settings))
        self._player.on_event = self._on_event
        self.pronunciations = PronunciationList(pronunciations_file(), self._note)
        self._preferences = Preferences()
        self.follow_settings()
        self._maker = Maker(self.engines, self._player, self._note, lambda: self._preferences, self.pronunciations)
        self._reading: Reading | None = None
        self._marks: deque[tuple[int, str]] = deque()  # still to come: before which character, name
        self._next_mark: asyncio.TimerHandle | None = None
        self._pace: dict[str, float] = {}  # by voice: seconds a character takes at its normal speed

    async def warm_up(self) -> None:
        """Have everything ready before it is needed."""
        await asyncio.gather(
            self._open_output(),
            asyncio.to_thread(loading.load),
            self.pronunciations.ready(),
            self.engines.ready(self._users_voice()),
        )

    async def _open_output(self) -> None:
        """Open the output. If there is none now, it is looked for again when there is something to say."""
        try:
            await self._player.open()
        except SoundError as error:
            log.warning("%s", error.sentence)

    async def close(self) -> None:
        """Close everything."""
        self.stop()
        await close_all(self._player, self.engines, self._credentials)

    async def change_output(self) -> None:
        """Play where the settings say from now on."""
        if (name := self._settings.text("sound.device")) != self._device_name:
            self._device_name = name
            try:
                await self._player.change_device(from_settings.output_device(self._settings))
            except SoundError as error:
                log.warning("%s", error.sentence)

    def follow_settings(self) -> None:
        """Use what the settings say from now on."""
        self.engines.forget_remote([name for entry in registry.services() for name in registry.engines_of(entry)])
        self._preferences = from_settings.preferences(self._settings, ScreenReader())

    # ---- voices ----

    def _users_voice(self, *, is_echo: bool = False) -> str:
        """The voice that the user has chosen for Harken, if programs may have it."""
        chosen = self._settings.text("voice.id")
        is_allowed = self._settings.switch("system.services_for_programs") and not is_echo
        return chosen if is_allowed or not registry.is_remote(chosen) else ""

    async def voices(self) -> None:
        """Wait until all voices that programs may have are ready, or are known not to be."""
        await self.engines.ready(self._users_voice())

    async def first_voices(self) -> None:
        """Wait until there are any voices."""
        starting = {tasks.start(engine.start(), f"first {name}") for name, engine in self.engines.all.items()}
        while starting and not self.engines.voices():
            done, starting = await asyncio.wait(starting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.exception()

    def usable(self, voices: Sequence[Voice]) -> list[Voice]:
        """Those that programs may have: the ones on this computer, and a service's only if the user wants that."""
        is_allowed = self._settings.switch("system.services_for_programs")
        return [voice for voice in voices if is_allowed or not registry.is_remote(voice.id)]

    def _voice_id(self, parameters: VoiceParameters) -> str:
        voices = [
            v for v in self.usable(self.engines.voices()) if not (parameters.is_echo and registry.is_remote(v.id))
        ]
        if named := next((voice.id for voice in voices if name_of(voice) == parameters.voice_name), ""):
            return named
        chosen = self._users_voice(is_echo=parameters.is_echo)
        language = next((voice.language for voice in voices if voice.id == chosen), parameters.language)
        return chosen if language == parameters.language or not parameters.language else ""

    # ---- speaking ----

    def speak(self, marked: Marked, parameters: VoiceParameters) -> None:
        """Speak instead of what is being spoken."""
        self.stop()
        self._marks.extend(marked.marks)
        preferences = replace(
            self._preferences,
            voice_id=self._voice_id(parameters),
            language=parameters.language,
            expected_language=parameters.language or self._preferences.expected_language,
            may_wait=False,
            pitch=parameters.pitch,
        )
        options = ReadingOptions(
            preferences, is_users=False, is_own_words=True, ends_at_once=True, speed=parameters.speed
        )
        self._set_volume(parameters)
        self._reading = reading = self._maker.make(CapturedText(marked.text, Source.GIVEN), options)
        reading.start(lambda error: self._on_failure(reading, error))

    def play(self, sound: Sound, parameters: VoiceParameters) -> None:
        """Play a sound instead of what is being spoken."""
        self.stop()
        self._set_volume(parameters)
        self._player.begin(_OF_A_SOUND, 1.0)
        self._player.add(AudioChunk(_OF_A_SOUND, 0, sound.rate_hz, sound.pcm, 1.0, is_last=True))
        self._player.finish()

    def _set_volume(self, parameters: VoiceParameters) -> None:
        self._player.set_volume((parameters.volume + 1) / 2 * self._settings.number("sound.volume") / 100)

    def stop(self) -> None:
        """Silence, at once."""
        self._player.cut()
        self._marks.clear()
        self._forget_timer()
        if self._reading:
            self._reading.stop()
            self._reading = None

    def _on_failure(self, reading: Reading, error: Exception) -> None:
        """Handle a message that can't be spoken to its end."""
        if reading is not self._reading:
            return
        marks = list(self._marks)
        if isinstance(error, HarkenError) and not isinstance(error, NothingToReadError):
            log.error("a message was not spoken: %s", error.sentence)
        elif not isinstance(error, HarkenError):
            log.error("a message failed", exc_info=error)
        self.stop()
        self._marks.extend(marks)
        self._end()

    def _on_event(self, event: Event) -> None:
        """Act on an event from the player."""
        if isinstance(event, ReadingEnded):
            self._reading = None
            self._end()
            return
        reading = self._reading
        if reading is None or event.utterance_id != reading.utterance_id:
            return
        if isinstance(event, SegmentStarted):
            reading.note_heard(event.segment)
            self._begin_segment(event)
        elif isinstance(event, WordStarted):  # this voice reports its words: nothing has to be estimated
            self._forget_timer()
            self._report_marks(event.start_chars)
        elif isinstance(event, SegmentHeard) and event.speed:
            self._pace[event.voice_id] = event.duration_s * event.speed / len(event.segment.text)

    def _begin_segment(self, event: SegmentStarted) -> None:
        """Report the marks before a segment, and those within it in time.

        When a word is reached is estimated from its place in the text and the voice's pace, unless that reports words.
        """
        self._forget_timer()
        self._report_marks(event.segment.start_chars)
        self._wait_for_mark(event, asyncio.get_running_loop().time())

    def _wait_for_mark(self, event: SegmentStarted, begun_s: float) -> None:
        segment = event.segment
        if self._marks and self._marks[0][0] < segment.end_chars:
            pace = self._pace.get(event.voice_id, _SECONDS_A_CHARACTER) / self._player.current_speed
            place = self._marks[0][0]

            def reached() -> None:
                self._report_marks(place)
                self._wait_for_mark(event, begun_s)

            at_s = begun_s + (place - segment.start_chars) * pace
            self._next_mark = asyncio.get_running_loop().call_at(at_s, reached)

    def _report_marks(self, place: float) -> None:
        """Report the marks before a character."""
        while self._marks and self._marks[0][0] <= place:
            self._on_mark(self._marks.popleft()[1])

    def _forget_timer(self) -> None:
        if self._next_mark:
            self._next_mark.cancel()
            self._next_mark = None

    def _end(self) -> None:
        self._forget_timer()
        self._report_marks(math.inf)
        self._on_end()

    @staticmethod
    def _note(event: Event) -> None:
        """Only log notices: programs have no place for them."""
        if isinstance(event, Notice):
            log.info("%s", event.sentence)


def name_of(voice: Voice) -> str:
    """The name of a voice in the lists of other programs: the same in every language, because they store it."""
    if voice.given_name:
        return f"{voice.given_name} ({voice.engine})"
    if voice.language_name:
        return f"{voice.language_name} ({voice.variety})" if voice.variety else voice.language_name
    return voice.id.partition("/")[2].title()


def locale_of(voice: Voice) -> str:
    """The language of a voice, with its country if it has one (BCP 47)."""
    return voice.locale or (voice.id.partition("/")[2] if voice.engine == "espeak" else voice.language)
