"""What happens in which state: a table without time, sound or text.

Read a row as: in this mode, on this input, go to that mode and do those actions in that order. What is
not in the table changes nothing. The controller does the actions and knows what they mean; it hands each of
them the value that came with the input.
"""

from __future__ import annotations

from enum import Enum, auto

from reader.flow import State


class Mode(Enum):
    """Where the session is. The `OVER` modes look for a new text while an older reading is held silent."""

    IDLE = auto()
    CAPTURING = auto()
    CAPTURING_OVER_SPEECH = auto()
    CAPTURING_OVER_PAUSE = auto()
    PREPARING = auto()
    SPEAKING = auto()
    PAUSED = auto()


class Input(Enum):
    """What can happen."""

    READ = auto()  # the user wants what is selected; comes with the Press
    GIVEN = auto()  # a text came with the command; comes with its Reading
    CAPTURED_NEW = auto()  # comes with its Reading
    CAPTURED_SAME = auto()  # it is what the held reading reads
    CAPTURE_FAILED = auto()  # comes with the HarkenError
    SOUND = auto()  # the first word is heard
    ENDED = auto()  # the last word was heard
    FAILED = auto()  # the reading can't go on; comes with the Exception
    WITHDRAWN = auto()  # the sender of the text wants it read no further
    PAUSE_RESUME = auto()
    PAUSE = auto()
    RESUME = auto()
    STOP = auto()
    SKIP = auto()  # next, previous, repeat; comes with the Move
    AGAIN = auto()  # likewise, when nothing is being read
    REOPEN = auto()  # a text of the user's that has to be opened again; comes with its Place


class Action(Enum):
    """What to do about it."""

    CAPTURE = auto()
    HOLD = auto()  # silence the reading and keep its place
    PAUSE = auto()  # likewise, because the user wants it
    RELEASE = auto()  # go on at that place
    DISCARD = auto()  # silence the reading and forget its place
    GIVE_UP = auto()  # likewise, because it can't go on
    START = auto()  # read the text that was captured or given
    SKIP = auto()
    EXPLAIN = auto()  # say why there is nothing to read
    EXPLAIN_FAULT = auto()  # likewise, but only when something went wrong
    READ_LAST = auto()  # the last sentence of the last reading
    REOPEN = auto()  # look for a text by its place
    STOP_SEARCH = auto()  # the text being looked for is no longer wanted


_M, _I, _A = Mode, Input, Action

TABLE: dict[tuple[Mode, Input], tuple[Mode, tuple[Action, ...]]] = {
    (_M.IDLE, _I.READ): (_M.CAPTURING, (_A.CAPTURE,)),
    (_M.IDLE, _I.GIVEN): (_M.PREPARING, (_A.START,)),
    (_M.IDLE, _I.AGAIN): (_M.PREPARING, (_A.READ_LAST,)),
    (_M.IDLE, _I.REOPEN): (_M.CAPTURING, (_A.REOPEN,)),
    # Looking for a text. The newest press counts.
    (_M.CAPTURING, _I.READ): (_M.CAPTURING, (_A.CAPTURE,)),
    (_M.CAPTURING, _I.REOPEN): (_M.CAPTURING, (_A.REOPEN,)),
    (_M.CAPTURING, _I.GIVEN): (_M.PREPARING, (_A.STOP_SEARCH, _A.START)),
    (_M.CAPTURING, _I.CAPTURED_NEW): (_M.PREPARING, (_A.START,)),
    (_M.CAPTURING, _I.CAPTURE_FAILED): (_M.IDLE, (_A.EXPLAIN,)),
    (_M.CAPTURING, _I.STOP): (_M.IDLE, (_A.STOP_SEARCH,)),
    # The same key while it reads: the same text stops it, a different one replaces it, none stops it.
    (_M.CAPTURING_OVER_SPEECH, _I.READ): (_M.CAPTURING_OVER_SPEECH, (_A.CAPTURE,)),
    (_M.CAPTURING_OVER_SPEECH, _I.REOPEN): (_M.CAPTURING, (_A.DISCARD, _A.REOPEN)),
    (_M.CAPTURING_OVER_SPEECH, _I.GIVEN): (_M.PREPARING, (_A.STOP_SEARCH, _A.DISCARD, _A.START)),
    (_M.CAPTURING_OVER_SPEECH, _I.CAPTURED_NEW): (_M.PREPARING, (_A.DISCARD, _A.START)),
    (_M.CAPTURING_OVER_SPEECH, _I.CAPTURED_SAME): (_M.IDLE, (_A.DISCARD,)),
    (_M.CAPTURING_OVER_SPEECH, _I.CAPTURE_FAILED): (_M.IDLE, (_A.DISCARD, _A.EXPLAIN_FAULT)),
    (_M.CAPTURING_OVER_SPEECH, _I.FAILED): (_M.CAPTURING, (_A.GIVE_UP,)),
    (_M.CAPTURING_OVER_SPEECH, _I.WITHDRAWN): (_M.CAPTURING, (_A.DISCARD,)),
    (_M.CAPTURING_OVER_SPEECH, _I.STOP): (_M.IDLE, (_A.STOP_SEARCH, _A.DISCARD)),
    # The same key while paused: the same text resumes, a different one replaces it, none changes nothing.
    (_M.CAPTURING_OVER_PAUSE, _I.READ): (_M.CAPTURING_OVER_PAUSE, (_A.CAPTURE,)),
    (_M.CAPTURING_OVER_PAUSE, _I.REOPEN): (_M.CAPTURING, (_A.DISCARD, _A.REOPEN)),
    (_M.CAPTURING_OVER_PAUSE, _I.GIVEN): (_M.PREPARING, (_A.STOP_SEARCH, _A.DISCARD, _A.START)),
    (_M.CAPTURING_OVER_PAUSE, _I.CAPTURED_NEW): (_M.PREPARING, (_A.DISCARD, _A.START)),
    (_M.CAPTURING_OVER_PAUSE, _I.CAPTURED_SAME): (_M.SPEAKING, (_A.RELEASE,)),
    (_M.CAPTURING_OVER_PAUSE, _I.CAPTURE_FAILED): (_M.PAUSED, (_A.EXPLAIN_FAULT,)),
    (_M.CAPTURING_OVER_PAUSE, _I.FAILED): (_M.CAPTURING, (_A.GIVE_UP,)),
    (_M.CAPTURING_OVER_PAUSE, _I.WITHDRAWN): (_M.CAPTURING, (_A.DISCARD,)),
    (_M.CAPTURING_OVER_PAUSE, _I.STOP): (_M.IDLE, (_A.STOP_SEARCH, _A.DISCARD)),
    # The text is known, its first word is not yet heard.
    (_M.PREPARING, _I.READ): (_M.CAPTURING_OVER_SPEECH, (_A.HOLD, _A.CAPTURE)),
    (_M.PREPARING, _I.REOPEN): (_M.CAPTURING, (_A.DISCARD, _A.REOPEN)),
    (_M.PREPARING, _I.GIVEN): (_M.PREPARING, (_A.DISCARD, _A.START)),
    (_M.PREPARING, _I.SOUND): (_M.SPEAKING, ()),
    (_M.PREPARING, _I.ENDED): (_M.IDLE, ()),
    (_M.PREPARING, _I.FAILED): (_M.IDLE, (_A.GIVE_UP,)),
    (_M.PREPARING, _I.WITHDRAWN): (_M.IDLE, (_A.DISCARD,)),
    (_M.PREPARING, _I.PAUSE_RESUME): (_M.PAUSED, (_A.PAUSE,)),
    (_M.PREPARING, _I.PAUSE): (_M.PAUSED, (_A.PAUSE,)),
    (_M.PREPARING, _I.STOP): (_M.IDLE, (_A.DISCARD,)),
    (_M.PREPARING, _I.SKIP): (_M.PREPARING, (_A.SKIP,)),
    # It speaks.
    (_M.SPEAKING, _I.READ): (_M.CAPTURING_OVER_SPEECH, (_A.HOLD, _A.CAPTURE)),
    (_M.SPEAKING, _I.REOPEN): (_M.CAPTURING, (_A.DISCARD, _A.REOPEN)),
    (_M.SPEAKING, _I.GIVEN): (_M.PREPARING, (_A.DISCARD, _A.START)),
    (_M.SPEAKING, _I.ENDED): (_M.IDLE, ()),
    (_M.SPEAKING, _I.FAILED): (_M.IDLE, (_A.GIVE_UP,)),
    (_M.SPEAKING, _I.WITHDRAWN): (_M.IDLE, (_A.DISCARD,)),
    (_M.SPEAKING, _I.PAUSE_RESUME): (_M.PAUSED, (_A.PAUSE,)),
    (_M.SPEAKING, _I.PAUSE): (_M.PAUSED, (_A.PAUSE,)),
    (_M.SPEAKING, _I.STOP): (_M.IDLE, (_A.DISCARD,)),
    (_M.SPEAKING, _I.SKIP): (_M.PREPARING, (_A.SKIP,)),
    # It is paused. Moving about speaks again.
    (_M.PAUSED, _I.READ): (_M.CAPTURING_OVER_PAUSE, (_A.CAPTURE,)),
    (_M.PAUSED, _I.REOPEN): (_M.CAPTURING, (_A.DISCARD, _A.REOPEN)),
    (_M.PAUSED, _I.GIVEN): (_M.PREPARING, (_A.DISCARD, _A.START)),
    (_M.PAUSED, _I.FAILED): (_M.IDLE, (_A.GIVE_UP,)),
    (_M.PAUSED, _I.WITHDRAWN): (_M.IDLE, (_A.DISCARD,)),
    (_M.PAUSED, _I.PAUSE_RESUME): (_M.SPEAKING, (_A.RELEASE,)),
    (_M.PAUSED, _I.RESUME): (_M.SPEAKING, (_A.RELEASE,)),
    (_M.PAUSED, _I.STOP): (_M.IDLE, (_A.DISCARD,)),
    (_M.PAUSED, _I.SKIP): (_M.PREPARING, (_A.SKIP,)),
}

SHOWN: dict[Mode, State] = {
    Mode.IDLE: State.IDLE,
    Mode.CAPTURING: State.PREPARING,
    Mode.CAPTURING_OVER_SPEECH: State.PREPARING,
    Mode.CAPTURING_OVER_PAUSE: State.PAUSED,
    Mode.PREPARING: State.PREPARING,
    Mode.SPEAKING: State.SPEAKING,
    Mode.PAUSED: State.PAUSED,
}

# Modes in which a press is being answered.
CAPTURING = frozenset({Mode.CAPTURING, Mode.CAPTURING_OVER_SPEECH, Mode.CAPTURING_OVER_PAUSE})


def step(mode: Mode, happened: Input) -> tuple[Mode, tuple[Action, ...]]:
    """The next mode and what to do. Defined for every pair."""
    return TABLE.get((mode, happened), (mode, ()))
