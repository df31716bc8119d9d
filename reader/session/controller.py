"""Does what the state table says: newest trigger wins.

Triggers, texts and the player's events come in, the table is asked, its actions are done. Core thread only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from reader import tasks, words
from reader.audio.player import Player
from reader.capture.capture import Capture
from reader.errors import CaptureError, HarkenError, NothingToReadError
from reader.flow import (
    MAX_SPEED,
    MIN_SPEED,
    CapturedText,
    Command,
    Notice,
    PaceMeasured,
    PlaybackEvent,
    ReadingEnded,
    SegmentHeard,
    SegmentStarted,
    Source,
    SpeedChanged,
    State,
    StateChanged,
    Trigger,
    VolumeChanged,
    WindowWanted,
    words_a_minute,
)
from reader.session.casting import Casting
from reader.session.engines import Engines
from reader.session.history import History
from reader.session.pace import Pace
from reader.session.preferences import Preferences
from reader.session.reading import Reading
from reader.session.state import CAPTURING, SHOWN, Action, Input, Mode, step
from reader.text.segment import Segmenter
from reader.text.ssml import Document
from reader.words import translate

log = logging.getLogger(__name__)

# One press of "faster" or "slower", of "louder" or "quieter" (2 dB): a step that is just heard.
_SPEED_STEP = 1.1
_VOLUME_STEP = 1.25
_MIN_VOLUME = 0.05

_INPUTS = {
    Command.READ_SELECTION: Input.READ,
    Command.READ_FOCUS: Input.READ,
    Command.READ_CLIPBOARD: Input.READ,
    Command.PAUSE_RESUME: Input.PAUSE_RESUME,
    Command.PAUSE: Input.PAUSE,
    Command.RESUME: Input.RESUME,
    Command.STOP: Input.STOP,
}
_MOVES = {Command.NEXT: 1, Command.PREVIOUS: -1, Command.REPEAT: 0}


class Controller:
    """The session."""

    def __init__(
        self,
        capture: Capture,
        engines: Engines,
        player: Player,
        on_event: Callable[[PlaybackEvent], None],
    ) -> None:
        """`on_event` gets everything there is to know. The player's events come to `on_player_event`."""
        self.preferences = Preferences()
        self.history = History()
        self._capture = capture
        self._engines = engines
        self._player = player
        self._on_event = on_event
        self._mode = Mode.IDLE
        self._reading: Reading | None = None  # being spoken or held
        self._failed: Reading | None = None  # it can't go on, and ends for that
        self._last: Reading | None = None  # the last one that was the user's, for "repeat"
        self._last_id = 0
        self._own_words: Reading | None = None  # the last sentence of Harken's own
        self._telling_speed: Reading | None = None
        self._pace = Pace()
        self._capturing: asyncio.Task[None] | None = None
        self._command = Command.READ_SELECTION
        self._next: Reading | None = None  # what START starts
        self._told_problem = ""  # why the chosen voice does not read
        self._problem: HarkenError | None = None  # what EXPLAIN explains
        self._move = 0  # where SKIP goes
        self._actions: dict[Action, Callable[[], None]] = {
            Action.CAPTURE: self._capture_text,
            Action.HOLD: player.pause,
            Action.PAUSE: lambda: player.pause(with_cue=self.preferences.sounds_pauses),
            Action.RELEASE: lambda: player.resume(with_cue=self.preferences.sounds_pauses),
            Action.DISCARD: self._discard,
            Action.START: self._start,
            Action.SKIP: self._skip,
            Action.EXPLAIN: self._explain,
            Action.EXPLAIN_FAULT: self._explain_fault,
            Action.READ_LAST: self._read_last,
        }

    # ---- what comes in ----

    @property
    def state(self) -> State:
        """What Harken is doing."""
        return SHOWN[self._mode]

    def handle(self, trigger: Trigger) -> None:
        """A key, a menu entry or a command line says what to do."""
        command = trigger.command
        if command in (Command.FASTER, Command.SLOWER):
            factor = _SPEED_STEP if command is Command.FASTER else 1 / _SPEED_STEP
            self.set_speed(self._player.speed_in_hand * factor)
        elif command in (Command.LOUDER, Command.QUIETER):
            factor = _VOLUME_STEP if command is Command.LOUDER else 1 / _VOLUME_STEP
            self.set_volume(self._player.volume * factor)
        elif command is Command.SHOW:
            self._on_event(WindowWanted(0))
        elif command in _MOVES:
            self._move = _MOVES[command]
            may_repeat = self._mode is Mode.IDLE and self._move <= 0 and self._last
            self._happened(Input.AGAIN if may_repeat else Input.SKIP)
        elif trigger.origin == "selection":
            self._capture_quietly()
        else:
            if _INPUTS[command] is Input.READ:
                self._command = command
            self._happened(_INPUTS[command])

    def speak(
        self,
        captured: CapturedText,
        preferences: Preferences | None = None,
        *,
        is_whole: bool = True,
        is_users: bool = True,
        speed: float | None = None,
    ) -> Reading:
        """Read a text now. With `is_whole` off, more is fed to the Reading that is returned.

        `preferences` and `speed` are for this text only. See Reading for `is_users`.
        """
        reading = self._make_reading(captured, preferences, is_whole=is_whole, is_users=is_users, speed=speed)
        self._next = reading
        self._happened(Input.GIVEN)
        return reading

    def stop_reading(self, reading: Reading) -> None:
        """Stop a reading, if it is still the one in hand."""
        if reading is self._reading:
            self._happened(Input.STOP)

    def use_capture(self, capture: Capture) -> None:
        """Look for text there from now on."""
        self._capture = capture

    def set_speed(self, speed: float) -> None:
        """The speed from now on, also of what is being spoken."""
        self._player.set_speed(round(min(max(speed, MIN_SPEED), MAX_SPEED), 2))
        self._on_event(SpeedChanged(self._player.utterance_id, self._player.speed))
        if self._mode is Mode.IDLE or self._reading is self._telling_speed:
            self._tell_speed()

    @property
    def heard_words_a_minute(self) -> int | None:
        """What was measured at the speed in force; None before enough was heard at it."""
        return self._pace.heard(self._player.speed)

    def _tell_speed(self) -> None:
        """Say the new speed, at that speed. A screen reader says it itself, as it hears of it."""
        if not self.preferences.says_speed or self.preferences.has_screen_reader:
            return
        sentence = translate("reader", "%n words a minute", None, words_a_minute(self._player.speed))
        self._telling_speed = self._make_own_words(sentence)
        self._next = self._telling_speed
        self._happened(Input.GIVEN)

    def set_volume(self, volume: float) -> None:
        """How loud from now on, 0.05 to 1, in whole hundredths."""
        self._player.set_volume(round(min(max(volume, _MIN_VOLUME), 1.0), 2))
        self._on_event(VolumeChanged(self._player.utterance_id, self._player.volume))

    def on_player_event(self, event: PlaybackEvent) -> None:
        """The player's news."""
        if not event.utterance_id:
            self._on_event(event)
            return
        reading = self._reading
        if reading is None or event.utterance_id != reading.utterance_id:
            return
        if isinstance(event, SegmentHeard):
            if reading is not self._own_words and (heard := self._pace.note(event)):
                self._on_event(PaceMeasured(event.utterance_id, heard))
            return
        if isinstance(event, SegmentStarted):
            reading.note_heard(event.segment)
            self._happened(Input.SOUND)
        self._on_event(event)
        if isinstance(event, ReadingEnded):
            self._retire()
            self._happened(Input.ENDED)

    async def close(self) -> None:
        """Stop whatever goes on."""
        if self._capturing:
            self._capturing.cancel()
        self._happened(Input.STOP)

    # ---- what is done about it ----

    def _happened(self, what: Input) -> None:
        before = self.state
        self._mode, actions = step(self._mode, what)
        for action in actions:
            self._actions[action]()
        if self.state is not before:
            utterance_id = self._reading.utterance_id if self._reading else 0
            self._on_event(StateChanged(utterance_id, self.state))

    def _capture_text(self) -> None:
        if self._capturing:
            self._capturing.cancel()
        self._capturing = tasks.start(self._find_text(self._command), "capture")

    async def _find_text(self, command: Command) -> None:
        try:
            captured = await self._capture.read(command)
        except HarkenError as error:
            self._problem = error
            self._happened(Input.CAPTURE_FAILED)
            return
        except Exception:  # a program's answer that nobody foresaw must not leave the next presses waiting
            log.exception("looking for text failed")
            self._problem = CaptureError(
                translate("reader", "Harken could not look for text. “harken doctor” names the log that says why.")
            )
            self._happened(Input.CAPTURE_FAILED)
            return
        if self._reads(captured):
            self._happened(Input.CAPTURED_SAME)
        else:
            self._next = self._make_reading(captured)
            self._happened(Input.CAPTURED_NEW)

    def _capture_quietly(self) -> None:
        """The user reads each new selection: nothing happens when there is nothing new, or after a press."""
        if self._mode in CAPTURING:
            return
        if self._capturing:
            self._capturing.cancel()
        self._capturing = tasks.start(self._read_new_selection(), "new selection")

    async def _read_new_selection(self) -> None:
        try:
            captured = await self._capture.read(Command.READ_SELECTION)
        except HarkenError:
            return
        if captured.source is Source.SELECTION and not self._reads(captured):
            self.speak(captured)

    def _reads(self, captured: CapturedText) -> bool:
        return self._reading is not None and self._reading.captured.text == captured.text

    def _make_reading(
        self,
        captured: CapturedText,
        preferences: Preferences | None = None,
        *,
        is_whole: bool = True,
        is_users: bool = True,
        speed: float | None = None,
    ) -> Reading:
        self._last_id += 1
        utterance_id = self._last_id
        chosen = preferences or self.preferences
        segmenter = Document if captured.is_ssml else Segmenter
        return Reading(
            utterance_id,
            captured,
            segmenter(utterance_id, chosen.language, chosen.expected_language),
            lambda: self._find_casting(utterance_id, chosen),
            self._engines.all,
            self._player,
            self._on_event,
            is_whole=is_whole,
            is_users=is_users,
            may_fall_back=chosen.may_fall_back,
            may_wait=chosen.may_wait,
            sounds_end=lambda: self.preferences.sounds_ends and is_users,
            speed=speed,
        )

    async def _find_casting(self, utterance_id: int, chosen: Preferences) -> Casting:
        """The voices, once they are ready. One that can't start is done without."""
        voices, problem = await self._engines.ready(chosen.voice_id)
        casting = Casting(voices, chosen.voice_id, chosen.expected_language, chosen.stand_in_id)
        if problem:
            # With each text that was given by hand; in the tray once is enough.
            if chosen is not self.preferences or problem.sentence != self._told_problem:
                sentence = translate("reader", "{problem} {voice} reads.")
                sentence = sentence.format(problem=problem.sentence, voice=casting.first_voice.name)
                self._on_event(Notice(utterance_id, sentence))
            self._told_problem = problem.sentence
        elif casting.is_chosen_missing:
            sentence = translate("reader", "There is no voice “{voice}” here. “harken voices” lists those there are.")
            self._on_event(Notice(utterance_id, sentence.format(voice=chosen.voice_id)))
        return casting

    def _start(self) -> None:
        reading, self._next = self._next, None
        assert reading is not None
        self._reading = reading
        if reading.is_users:
            self.history.add(reading.captured)
        if reading.captured.is_cut:
            sentence = translate("reader", "The text is too long. Its first part is read.")
            self._on_event(Notice(reading.utterance_id, sentence))
        reading.start(lambda error: self._on_failure(reading, error))

    def _discard(self) -> None:
        reading = self._reading
        self._player.cut()
        if reading:
            reading.stop()
            self._retire()
            self._on_event(ReadingEnded(reading.utterance_id, is_whole=False, is_failed=reading is self._failed))

    def _retire(self) -> None:
        """The reading in hand is over."""
        if self._reading and self._reading.is_users:
            self._last = self._reading
            self.history.add(self._reading.whole_text)  # again: more of it may have arrived
        self._reading = None

    def _skip(self) -> None:
        if self._reading and not self._reading.move(self._move):  # there is nothing behind the last sentence
            self._discard()
            self._happened(Input.ENDED)

    def _read_last(self) -> None:
        assert self._last is not None
        self._reading = self._last
        self._skip()

    def _on_failure(self, reading: Reading, error: Exception) -> None:
        """A reading can't go on."""
        if reading is not self._reading:
            return
        if isinstance(error, HarkenError):
            sentence = error.sentence
        else:
            log.error("a reading failed", exc_info=error)
            sentence = translate("reader", "Harken could not read this. “harken doctor” names the log that says why.")
        self._on_event(Notice(reading.utterance_id, sentence))
        self._failed = reading
        self._happened(Input.FAILED)
        self._failed = None

    def _explain_fault(self) -> None:
        """The press has stopped a reading; that nothing else is selected needs no words."""
        if not isinstance(self._problem, NothingToReadError):
            self._explain()

    def _explain(self) -> None:
        """Say why nothing is read, aloud if the user wishes."""
        assert self._problem is not None
        sentence = self._problem.sentence
        if not self.preferences.speaks_notices:
            self._on_event(Notice(0, sentence))
            return
        self._next = self._make_own_words(sentence)
        self._on_event(Notice(self._next.utterance_id, sentence, is_spoken=True))
        self._happened(Input.GIVEN)

    def _make_own_words(self, sentence: str) -> Reading:
        """A sentence of Harken's own, in the user's language, by a voice of this computer."""
        own = replace(self.preferences, voice_id="", language=words.language(), expected_language=words.language())
        self._own_words = self._make_reading(CapturedText(sentence, Source.GIVEN), own, is_users=False)
        return self._own_words
