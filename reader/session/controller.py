"""Does what the state table says: the newest trigger wins.

Triggers, texts and the player's events come in; the table says what to do, and it is done here. Core thread only.
"""

from __future__ import annotations

from collections.abc import Callable

from reader.audio.player import Player
from reader.capture.capture import Capture
from reader.errors import HarkenError, NothingToReadError
from reader.flow import (
    CapturedText,
    Command,
    Event,
    Notice,
    PaceMeasured,
    ReadingEnded,
    SegmentHeard,
    SegmentStarted,
    State,
    StateChanged,
    Trigger,
    WindowWanted,
)
from reader.session import following, going_on, own_sentences, rate
from reader.session.announcer import Announcer
from reader.session.context import PronunciationSource
from reader.session.engines import Engines
from reader.session.going_on import GoingOn, Library, Press
from reader.session.history import History
from reader.session.job import sentence_for
from reader.session.last_reading import LastReading
from reader.session.maker import Maker
from reader.session.meanings import INPUTS, MOVES, Other, no_move
from reader.session.own_sentences import OwnSentences
from reader.session.pace import Pace
from reader.session.places import Place
from reader.session.preferences import Preferences, ReadingOptions
from reader.session.rate import Rate
from reader.session.reading import Reading
from reader.session.search import Search
from reader.session.seeking import Move, WordAt
from reader.session.state import CAPTURING, SHOWN, Action, Input, Mode, step
from reader.support.i18n import translate

_Value = Press | Reading | Exception | Move | WordAt | Place | None  # see Input


class Controller:
    """The session."""

    def __init__(
        self,
        capture: Capture,
        engines: Engines,
        player: Player,
        on_event: Callable[[Event], None],
        pronunciations: PronunciationSource,
        history: History,
        library: Library,
        is_first_left_out: Callable[[], bool] = lambda: False,
    ) -> None:
        """`on_event` gets every event that others need. The player's come here first.

        `is_first_left_out` says whether part of a text was left out for the first time ever, and remembers it.
        """
        self.preferences = Preferences()
        self.others = {Command.SHOW: Other(lambda: on_event(WindowWanted(0)))}
        self.history = history
        self.going_on = GoingOn(library)
        self.last = LastReading(history, self.going_on)
        self.search = Search(
            capture,
            self._on_found,
            lambda error: self._happened(Input.CAPTURE_FAILED, error),
            self._read_new,
            self._on_reopened,
        )
        self._player = player
        player.on_event = self._on_player_event
        self._on_event = on_event
        self._mode = Mode.IDLE
        self._reading: Reading | None = None  # being spoken or held
        self.pace = Pace()
        self.maker = Maker(engines, player, on_event, lambda: self.preferences, pronunciations)
        self._announcer = Announcer(self.maker)
        self._own = OwnSentences(
            self._announcer,
            on_event,
            lambda: own_sentences.Now(self.preferences, self._mode is Mode.IDLE, self._is_free),
            lambda reading: self._happened(Input.GIVEN, reading),
            is_first_left_out,
        )
        self.rate = Rate(player, on_event, self._own.say_change)
        self._without_value: dict[Action, Callable[[], None]] = {
            Action.HOLD: player.pause,
            Action.PAUSE: lambda: player.pause(with_cue=self.preferences.sounds_pauses),
            Action.RELEASE: lambda: player.resume(with_cue=self.preferences.sounds_pauses),
            Action.DISCARD: self._discard,
            Action.STOP_SEARCH: self.search.stop,
        }

    # ---- what comes in ----

    @property
    def state(self) -> State:
        """What Harken is doing."""
        return SHOWN[self._mode]

    def handle(self, trigger: Trigger) -> None:
        """Act on a key, a menu entry or a command line."""
        command = trigger.command
        if command in rate.COMMANDS:
            self.rate.step(command)
        elif trigger.origin == "selection":
            if self._mode not in CAPTURING:  # answering a press comes first
                self.search.find_new()
        elif command in self.others and not self.refusal(command):
            self.others[command].do()
        else:
            self._fall_silent()
            if refusal := self.refusal(command):
                self._own.explain(refusal)
            else:
                self._steer(command)

    def follow(self, text: str) -> None:
        """Speak the control the user moved to, unless their text is being read; "" if there is nothing to say."""
        now = following.Now(self._mode is Mode.IDLE, self.is_following, self.is_saying, self._announcer.is_waiting)
        then = following.then(text, now)
        self._announcer.meet(text if then is following.Then.WAIT else "")
        if then is following.Then.SAY:
            self._happened(Input.GIVEN, self._announcer.follow(text))
        elif self.is_following:
            self._happened(Input.STOP)
            self._own.say_next()

    def click(self) -> None:
        """The icon was clicked: read, or pause and resume. Harken's own sentences are not paused."""
        self.handle(Trigger(Command.READ_SELECTION if self._is_free else Command.PAUSE_RESUME, "menu"))

    def refusal(self, command: Command) -> NothingToReadError | None:
        """Why a command can do nothing now."""
        if command in self.others:
            return self.others[command].refusal()
        if not self._is_free or self.last.can_resume:
            return None
        if command in (Command.PAUSE_RESUME, Command.RESUME):
            return self.going_on.why_not()
        return no_move(command, has_last=self.last.reading is not None)

    def _steer(self, command: Command) -> None:
        """Read, pause, stop, resume or move."""
        is_idle = self._mode is Mode.IDLE
        if command in MOVES:
            self._happened(Input.AGAIN if is_idle else Input.SKIP, MOVES[command])
        elif is_idle and command in (Command.PAUSE_RESUME, Command.RESUME):
            self._resume()
        elif INPUTS[command] is Input.READ:
            self._happened(Input.READ, self.going_on.press(command, is_idle=is_idle))
        else:
            if command is Command.STOP:
                self.search.stop()  # also a search for a new selection, which the table knows nothing of
            self._happened(INPUTS[command])

    def _resume(self) -> None:
        """Go on with the last text. One in a file, or from before Harken was started, is opened again."""
        if place := self.last.to_reopen:
            self._happened(Input.REOPEN, place)
        else:
            self._happened(Input.AGAIN, MOVES[Command.REPEAT])

    def reopen(self, place: Place) -> None:
        """Go on at a place in a text that was read before."""
        self._fall_silent()
        self._happened(Input.REOPEN, place)

    def _fall_silent(self) -> None:
        """The user wants something: stop Harken's own sentence."""
        self._announcer.clear()
        if self.is_saying:
            self._happened(Input.STOP)

    def speak(self, captured: CapturedText, options: ReadingOptions | None = None) -> Reading:
        """Read a text now; without `options`, with the user's settings.

        If it is not whole, the rest is fed to the Reading that is returned.
        """
        reading = self.maker.make(captured, options)
        self._happened(Input.GIVEN, reading)
        return reading

    @property
    def current(self) -> Reading | None:
        """The reading of the user's current text, or else of the last one."""
        return self._reading if self._reading and self._reading.is_users else self.last.reading

    def read_from(self, chars: int) -> None:
        """Go on at the word at `chars`, in the current or last text."""
        if self.current:
            self._fall_silent()
            self._happened(Input.AGAIN if self._mode is Mode.IDLE else Input.SKIP, WordAt(chars))

    def stop_reading(self, reading: Reading) -> None:
        """Stop a reading, if it is still the current one. A press that is being answered meanwhile is unaffected."""
        if reading is self._reading:
            self._happened(Input.WITHDRAWN)

    def say(self, sentence: str) -> bool:
        """Say one of Harken's own sentences, after those being said. False if Harken must be silent, or is reading."""
        return self._own.say(sentence)

    def _on_player_event(self, event: Event) -> None:
        """Act on an event from the player."""
        if not event.utterance_id:
            self._on_event(event)
            return
        reading = self._reading
        if reading is None or event.utterance_id != reading.utterance_id:
            return
        if isinstance(event, SegmentHeard):
            if not self.is_saying and (heard := self.pace.note(event)):
                self._on_event(PaceMeasured(event.utterance_id, heard))
            return
        if isinstance(event, SegmentStarted):
            reading.note_heard(event.segment)
            self.last.note_heard(reading, event)
            self._happened(Input.SOUND)
        if isinstance(event, ReadingEnded):
            self._own.tell_unread(reading)
        self._on_event(event)
        if isinstance(event, ReadingEnded):
            self._retire(is_whole=True)
            self._happened(Input.ENDED)
            self._own.say_next()

    async def close(self) -> None:
        """Stop everything."""
        self.search.stop()
        self._happened(Input.STOP)

    # ---- what is done about it ----

    def _happened(self, what: Input, value: _Value = None) -> None:
        """Ask the table, and do what it says. `value` is what came with the input."""
        before = self.state
        self._mode, actions = step(self._mode, what)
        for action in actions:
            self._do(action, value)
        if self.state is not before:
            self.tell_state()

    def tell_state(self) -> None:
        """Report the state, and whether there is something to resume, which may only now be known."""
        utterance_id = self._reading.utterance_id if self._reading else 0
        self._on_event(StateChanged(utterance_id, self.state, self._mode is Mode.IDLE and self.last.can_resume))

    def _do(self, action: Action, value: _Value) -> None:
        if do := self._without_value.get(action):
            do()
            return
        match action, value:
            case Action.CAPTURE, Press() as press:
                self.search.find(press, self.preferences)
            case Action.START, Reading() as reading:
                self._start(reading)
            case Action.REOPEN, Place() as place:
                self.search.reopen(self.going_on.library.open(place))
            case Action.SKIP, Move() | WordAt() as where:
                self._skip(where)
            case Action.READ_LAST, Move() | WordAt() as where:
                self._reading = self.last.reading
                self._skip(where, is_over=True)
            case Action.GIVE_UP, Exception() as error:
                self._discard(is_failed=True, is_passed=isinstance(error, NothingToReadError))
            case Action.EXPLAIN_FAULT, NothingToReadError():
                pass  # the press stopped a reading, or left it paused: no need to say that nothing else is selected
            case Action.EXPLAIN | Action.EXPLAIN_FAULT, HarkenError() as problem:
                self._own.explain(problem)
            case _:
                raise TypeError(f"{action} can do nothing with {type(value).__name__}")

    def _on_found(self, captured: CapturedText, press: Press) -> None:
        if self._reads(captured) and not press.is_restart(self._reading):
            self._happened(Input.CAPTURED_SAME)
            return
        goes_on = self.preferences.goes_on and not press.is_second
        place = self.going_on.place_in(captured) if goes_on else None
        reading = self.maker.make(captured, begin_at=place.at_chars if place else 0)
        if place and place is not self.going_on.stopped:
            self._on_event(Notice(reading.utterance_id, going_on.told(), is_problem=False, is_answer=True))
        self._happened(Input.CAPTURED_NEW, reading)

    def _on_reopened(self, captured: CapturedText, at_chars: int) -> None:
        self._happened(Input.CAPTURED_NEW, self.maker.make(captured, begin_at=at_chars))

    def _read_new(self, captured: CapturedText) -> None:
        """Read a new selection, for users who want each one read."""
        if not self._reads(captured):
            self.speak(captured)

    def _reads(self, captured: CapturedText) -> bool:
        return self._reading is not None and self._reading.captured.text == captured.text

    def _start(self, reading: Reading) -> None:
        self._reading = reading
        self.last.note_start(reading)
        if reading.captured.is_cut:
            sentence = translate("reader", "The text is too long. Harken reads only the first part.")
            self._on_event(Notice(reading.utterance_id, sentence, is_answer=True))
        reading.start(lambda error: self._on_failure(reading, error))

    def _discard(self, *, is_failed: bool = False, is_passed: bool = False) -> None:
        """End the reading. `is_passed`: the user has skipped past its end, or past the last of it that is readable."""
        self._player.cut()
        if reading := self._reading:
            reading.stop()
            self._retire(is_whole=is_passed)
            self._on_event(ReadingEnded(reading.utterance_id, is_whole=False, is_failed=is_failed))

    def _retire(self, *, is_whole: bool) -> None:
        """Put the current reading away. `is_whole`: the user has reached its end."""
        if self._reading:
            self.last.note_end(self._reading, is_whole=is_whole)
        self._reading = None

    def _skip(self, where: Move | WordAt, *, is_over: bool = False) -> None:
        if self._reading and not self._reading.move(where):  # there is nothing after the last sentence
            self._retire(is_whole=True) if is_over else self._discard(is_passed=True)
            self._happened(Input.ENDED)

    def _on_failure(self, reading: Reading, error: Exception) -> None:
        """Handle a reading that can't go on."""
        if reading is not self._reading:
            return
        sentence = sentence_for(error)
        if not self._announcer.is_followed(reading):  # no need to say that a control has nothing to say
            self._announcer.clear()
            self._on_event(Notice(reading.utterance_id, sentence, is_answer=True))
        self._happened(Input.FAILED, error)
        self._own.say_next()

    # ---- Harken's own sentences ----

    @property
    def is_saying(self) -> bool:
        """Whether one of Harken's own sentences is being spoken."""
        return self._announcer.is_own(self._reading)

    @property
    def is_following(self) -> bool:
        """Whether what the user moved to is being announced."""
        return self._announcer.is_followed(self._reading)

    @property
    def _is_free(self) -> bool:
        """Whether no text of the user's is being read, or looked for."""
        return self._mode is Mode.IDLE or self.is_saying
