"""The values passed from stage to stage, in the order in which a selection meets them.

Stages import this module and never each other. Everything here is frozen, so any thread may hold a value. Units are in
the names: `_chars` are positions in the text as it was captured, `_ms` milliseconds, `_s` seconds, `_hz` frames per
second.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum

from reader.commands import Command as Command
from reader.support import foreign
from reader.triggers import BoundKeys as BoundKeys
from reader.triggers import Trigger as Trigger

# Speeds, as factors of a voice's normal speed.
MIN_SPEED, MAX_SPEED = 0.36, 5.5
# The longest time for the sleep timer: a day.
MAX_SLEEP_MINUTES = 24 * 60
# What speed 1.0 is shown as.
NORMAL_WPM = 200


def words_a_minute(speed: float) -> int:
    """A speed as it is shown to people.

    This is the nominal speed, not the last measurement, which differs with every text. At 1.0 the voices on this
    computer speak 200 to 205 words of English a minute; at other speeds they are within a tenth (`make bench-speed`).
    """
    return round(NORMAL_WPM * speed)


# ---- 1 hotkeys -> session: see commands.py, triggers.py ----------------------------------------------------------

# ---- 2 capture -> session ---------------------------------------------------------------------------


class Source(StrEnum):
    """Where a text was found."""

    SELECTION = "selection"
    FOCUS = "focus"
    CLIPBOARD = "clipboard"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class CapturedText:
    """The text meant by a key press. `is_cut` says that the text went on past our limit.

    `is_ssml` if the user says that it is a document of speech markup. `caret_chars` is the position of the cursor, if
    only the text around it is meant. `more` returns what follows `text`, part by part, and None after the last, on the
    core thread. It may be cancelled, and raises CaptureTimeoutError if it should be called again, else CaptureError.
    `path` is the file that contains the text, "" for none.
    """

    text: str
    source: Source
    is_cut: bool = False
    is_ssml: bool = False
    caret_chars: int | None = None
    more: Callable[[], Awaitable[str | None]] | None = field(default=None, compare=False, repr=False)
    path: str = ""


# ---- 3 text -> voices -------------------------------------------------------------------------------

# Maps a part of a text, given by two positions, to what it was made from in the captured text: “$5” for either word of
# “five dollars”.
Written = Callable[[int, int], tuple[int, int]]


class Ending(StrEnum):
    """How a segment ends. It decides the pause after it."""

    OPEN = "open"  # inside a sentence that continues in text yet to arrive
    CUT = "cut"  # inside a clause: the segment was too long
    CLAUSE = "clause"
    SENTENCE = "sentence"
    LINE = "line"  # a heading, a list item, a line of verse
    PARAGRAPH = "paragraph"

    @property
    def is_inside(self) -> bool:
        """Whether the sentence continues after it."""
        return self in (Ending.OPEN, Ending.CUT, Ending.CLAUSE)


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence, or part of one, ready to be spoken.

    `index` counts segments, `sentence` sentences and `paragraph` paragraphs of the utterance from 0. A heading belongs
    to the paragraph below it. `text` is cleaned for speaking; `start_chars` and `end_chars` are its position in the
    captured text. `language` is an ISO 639-1 code, or "" if unknown. `markup` is the SSML document that the text
    belongs to, if any. `written` maps a part of `text` to where that is written.
    """

    utterance_id: int
    index: int
    sentence: int
    text: str
    start_chars: int
    end_chars: int
    ending: Ending
    language: str
    markup: str = ""
    paragraph: int = 0
    written: Written | None = field(default=None, compare=False, repr=False)


# ---- 4 voices -> audio ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of an engine.

    `id` is "engine/name", unique. `language` is an ISO 639-1 code if there is one. `takes_ssml`: it understands markup.
    The others are "" if unknown: its bare name, its language with the country (BCP 47), "female" or "male", and the
    technique that its service names, such as "neural". A voice that is called by its language also has the language's
    English name, and which variety it speaks.
    """

    id: str
    name: str
    language: str
    takes_ssml: bool = False
    given_name: str = ""
    locale: str = ""
    gender: str = ""
    technique: str = ""
    language_name: str = ""
    variety: str = ""

    def __post_init__(self) -> None:
        """Names come from services and files, so they are made fit to be shown."""
        for field_name in ("name", "given_name", "gender", "technique", "language_name", "variety"):
            object.__setattr__(self, field_name, foreign.shown(getattr(self, field_name)))

    @property
    def engine(self) -> str:
        """The engine's name."""
        return self.id.partition("/")[0]


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """Part of a segment, for one voice. `speed` is 1.0 for the voice's normal speed.

    `ending` is what follows it in the text. `is_ssml` if the user wrote markup, which is passed on whole. `pitch` is
    from -1 to 1, where 0 is the voice's own; services offer no other. `written` maps a part of `text` to where that is
    written; None if it is written nowhere.
    """

    utterance_id: int
    segment: int
    text: str
    voice: Voice
    speed: float
    ending: Ending = Ending.SENTENCE
    is_ssml: bool = False
    pitch: float = 0.0
    written: Written | None = field(default=None, compare=False, repr=False)


# All sound in Harken is signed 16-bit mono, in this machine's byte order.
FRAME_BYTES = 2


@dataclass(frozen=True, slots=True)
class WordMark:
    """The start of a word in a sound, `frame` frames after the first frame of the chunk that has the mark.

    `start` and `end` are the word's position: in the text of its request, as voices report it, and in the captured text
    from the session on, which translates it. A mark that arrives later than its sound has a negative `frame`.
    """

    frame: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """Sound as a voice made it, in frames of FRAME_BYTES.

    `speed` is the speed at which the voice spoke it; the player stretches the difference to the speed wanted now.
    `is_last` marks the last chunk of its request, which may be empty. `is_joined` if the voice spoke on without a
    break: the next chunk continues the same sound. `is_broken`, on a last chunk, if the voice could not finish the
    request, and would fail at it again. `is_shared` if the sound may still belong to the previous request, which is
    over: it is played even if this request is spoken again. `words` are in the order in which they are heard; only
    voices that know the times of their words have any.
    """

    utterance_id: int
    segment: int
    rate_hz: int
    pcm: bytes
    speed: float
    is_last: bool = False
    is_joined: bool = False
    is_broken: bool = False
    is_shared: bool = False
    words: tuple[WordMark, ...] = ()


@dataclass(frozen=True, slots=True)
class SoundOutput:
    """A device that can play sound. `id` is the value of the setting sound.device, `name` is for people."""

    id: str
    name: str
    is_default: bool

    def __post_init__(self) -> None:
        """Names come from devices and sound servers, so they are made fit to be shown."""
        object.__setattr__(self, "name", foreign.shown(self.name))


# ---- 5 audio and session -> observers ---------------------------------------------------------


class State(StrEnum):
    """What Harken is doing, as the tray shows it."""

    IDLE = "idle"
    PREPARING = "preparing"
    SPEAKING = "speaking"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Event:
    """The root of what the session reports. `utterance_id` is 0 for events that belong to no reading."""

    utterance_id: int


@dataclass(frozen=True, slots=True)
class StateChanged(Event):
    """The state shown in the tray changed. `can_resume`: nothing is being read, but a reading can be resumed."""

    state: State
    can_resume: bool = False


@dataclass(frozen=True, slots=True)
class SegmentStarted(Event):
    """The first frame of a segment is being heard: the text from its `start_chars` to its `end_chars`."""

    segment: Segment
    voice_id: str


@dataclass(frozen=True, slots=True)
class WordStarted(Event):
    """The first frame of a word is being heard.

    It comes between the SegmentStarted of its segment and the next one, in the order in which the words are heard, once
    for each time a word is heard. `start_chars` and `end_chars` are where what is being heard is written in the
    captured text: “$5” is there once, while “five dollars” is heard. There are none from voices that don't know when
    their words start, or in text written without spaces between words, such as Japanese.
    """

    segment: Segment
    start_chars: int
    end_chars: int


@dataclass(frozen=True, slots=True)
class SegmentHeard(Event):
    """A segment was heard to its end. `duration_s` includes the pause after it but not the user's pauses.

    `speed` is 0 if it changed during the segment.
    """

    segment: Segment
    voice_id: str
    duration_s: float
    speed: float


@dataclass(frozen=True, slots=True)
class PaceMeasured(Event):
    """How many words a minute were heard in the last segments, all at the current speed. For records and programs."""

    words_a_minute: int


@dataclass(frozen=True, slots=True)
class ReadingEnded(Event):
    """A reading is over: `is_whole` when its last word was heard, else it was stopped or replaced, or `is_failed`."""

    is_whole: bool
    is_failed: bool = False


@dataclass(frozen=True, slots=True)
class SpeedChanged(Event):
    """The speed wanted from now on, as a factor of the voice's normal speed."""

    speed: float

    @property
    def words_a_minute(self) -> int:
        """The speed as it is shown."""
        return words_a_minute(self.speed)


@dataclass(frozen=True, slots=True)
class VolumeChanged(Event):
    """The volume wanted from now on, 0 to 1."""

    volume: float


@dataclass(frozen=True, slots=True)
class SettingChanged(Event):
    """A setting has a new value, no matter what changed it: a window, a menu, the command line or the file."""

    key: str


@dataclass(frozen=True, slots=True)
class PronunciationsChanged(Event):
    """The user's pronunciations have changed, no matter where the change came from."""


@dataclass(frozen=True, slots=True)
class KeysChanged(Event):
    """The keys that Harken has from the desktop, or their names there, have changed."""

    keys: BoundKeys


@dataclass(frozen=True, slots=True)
class SettingsWanted(Event):
    """Another process asks for the settings window."""


@dataclass(frozen=True, slots=True)
class WindowWanted(Event):
    """A key, or another process, asks for the window that has everything the menu has."""


@dataclass(frozen=True, slots=True)
class QuitWanted(Event):
    """Another process asks Harken to end."""


@dataclass(frozen=True, slots=True)
class ScreenReader:
    """Whether a screen reader runs on the desktop, and whether it speaks programs' announcements."""

    is_running: bool = False
    says_announcements: bool = False


@dataclass(frozen=True, slots=True)
class ScreenReaderChanged(Event):
    """A screen reader has started, stopped or changed."""

    screen_reader: ScreenReader


@dataclass(frozen=True, slots=True)
class Notice(Event):
    """One sentence for the user. `is_problem` if something went wrong that they should know about.

    `is_passing`: it is over once it is shown, such as a key pressed too early. `is_answer` to what the user just did;
    others are merged by their `cause` ("": the sentence), see core/events.py. `is_spoken`: Harken's voice says it.
    `is_aloud`: it should be spoken, if nothing is being read.
    """

    sentence: str
    is_problem: bool = True
    is_spoken: bool = field(default=False)
    is_passing: bool = False
    is_answer: bool = False
    is_aloud: bool = False
    cause: str = ""

    def __post_init__(self) -> None:
        """Names in the sentence may come from anywhere, so it is made fit to be shown."""
        object.__setattr__(self, "sentence", foreign.sentence(self.sentence))
