"""Marks of what a reading has come to, and when: for `harken --trace`. Nothing is marked while nobody collects.

A mark is a stage's name, a moment and a number, so that no text can be in it. All processes measure by the computer's
one clock (`time.perf_counter_ns`, which counts alike in all of them). A child process keeps its marks until it next has
something to tell Harken (`workers/frames.py`), since it may write no file. `trace_events.py` makes a picture of them.
"""

from __future__ import annotations

import collections
import os
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

VARIABLE = "HARKEN_TIMELINE"  # set for child processes that are to mark
# In hand at most, if nobody takes them: a reading of a whole book.
_MOST = 100_000
# What an X server's clock may differ by, or it is another computer's.
_AGE_MS = 1000
_CLOCK_MS = 1 << 32


class Stage(StrEnum):
    """What a reading comes to, in this order. A number in brackets says what the mark's is."""

    COMMAND = "command begun"
    PRESSED = "key pressed"  # by the X server's clock, to a millisecond
    KEY = "key at Harken"
    KEY_IN_CORE = "key at the core"
    FOUND = "text found"
    BEGUN = "reading begun"  # (utterance), and so are the next ones
    VOICE_CHOSEN = "voice chosen"
    CUT = "segment cut"
    REQUEST = "words for the voice"
    PREPARED = "prepared sound used"
    ASKED = "asked of the voice"
    AT_VOICE = "taken by the voice"  # (request)
    PHONEMES = "phonemes"
    NET = "net's answer"
    PIECE = "piece of sound made"
    SOUND = "sound at the core"  # (utterance)
    PLAYED = "sound to the sound process"
    AT_OUTPUT = "sound at the sound process"  # (run)
    STARTED = "output started"
    BLOCK = "first block asked for"
    FRAME = "first frame heard"  # by the sound system's own reckoning
    TOLD = "heard, says the core"  # (utterance)
    ENDED = "reading ended"


class Mark(NamedTuple):
    """That a stage was reached, on a thread of a process. `number` is what `Stage` says, 0 where it says nothing."""

    stage: Stage
    at_ns: int
    number: int
    process: int
    process_name: str
    thread: int
    thread_name: str


_marks: collections.deque[Mark] | None = None
_on_mark: Callable[[Stage], None] | None = None


def mark(stage: Stage, number: int = 0, *, in_s: float = 0.0) -> None:
    """Note that a stage is reached, now or in so many seconds, before 0 those ago.

    Any thread; takes 3 µs, and 0.1 µs while nobody collects.
    """
    if _marks is not None:
        name = threading.current_thread().name
        at_ns = time.perf_counter_ns() + round(in_s * 1e9)
        _marks.append(Mark(stage, at_ns, number, os.getpid(), "harken", threading.get_native_id(), name))
        if _on_mark:
            _on_mark(stage)


def mark_press(server_ms: int) -> None:
    """Note when a key was pressed, by an X server's clock: on Linux the computer's own, if it runs on this computer."""
    if _marks is not None:
        age_ms = (time.perf_counter_ns() / 1e6 - server_ms) % _CLOCK_MS
        if age_ms < _AGE_MS:
            mark(Stage.PRESSED, in_s=-age_ms / 1000)


def is_collecting() -> bool:
    """Whether marks are collected in this process."""
    return _marks is not None


def collect(on_mark: Callable[[Stage], None] | None = None) -> None:
    """Begin to collect. `on_mark` is told of each stage, on its thread."""
    global _marks, _on_mark
    _marks, _on_mark = collections.deque(maxlen=_MOST), on_mark


def stop() -> None:
    """Collect no more, and forget what nobody has taken."""
    global _marks, _on_mark
    _marks, _on_mark = None, None


def take() -> list[Mark]:
    """The marks since the last time."""
    taken = []
    while _marks:
        taken.append(_marks.popleft())
    return taken


def take_over(found: Any, process: int, process_name: str) -> None:
    """Add the marks that a child process has sent. What is none, because the child was taken over, is left out."""
    if _marks is None or not isinstance(found, list):
        return
    for fields in found:
        match fields:
            case [str(stage), int(at_ns), int(number), int(_), str(_), int(thread), str(name)] if stage in _STAGES:
                _marks.append(Mark(Stage(stage), at_ns, number, process, process_name, thread, name[:32]))


_STAGES = frozenset(stage.value for stage in Stage)
