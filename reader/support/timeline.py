"""Timestamps of the stages of a reading, for `harken --trace`. Nothing is recorded unless something collects them.

A mark is a stage's name, a time and a number, so it can't contain text. All processes use the same clock
(`time.perf_counter_ns`, which is the same in all of them). A child process keeps its marks until it next sends Harken a
message (`workers/frames.py`), since it may not write files. `trace_events.py` turns them into a picture.
"""

from __future__ import annotations

import collections
import os
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

VARIABLE = "HARKEN_TIMELINE"  # set for child processes that should record marks
# The most marks kept if nothing takes them: enough for the reading of a whole book.
_MOST = 100_000
# The largest difference accepted for an X server's clock; beyond it, it belongs to another computer.
_AGE_MS = 1000
_CLOCK_MS = 1 << 32


class Stage(StrEnum):
    """What a reading goes through, in this order. What a mark's number means is in brackets."""

    COMMAND = "command begun"
    PRESSED = "key pressed"  # by the X server's clock, to a millisecond
    KEY = "key at Harken"
    KEY_IN_CORE = "key at the core"
    FOUND = "text found"
    BEGUN = "reading begun"  # (utterance), as for the following ones
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
    FRAME = "first frame heard"  # by the sound system's own estimate
    TOLD = "heard, says the core"  # (utterance)
    ENDED = "reading ended"


class Mark(NamedTuple):
    """A stage was reached, on a thread of a process. `number` is what `Stage` says, or 0."""

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
    """Record that a stage is reached, now or in `in_s` seconds; negative values are in the past.

    Any thread; takes 3 µs, or 0.1 µs if nothing is collected.
    """
    if _marks is not None:
        name = threading.current_thread().name
        at_ns = time.perf_counter_ns() + round(in_s * 1e9)
        _marks.append(Mark(stage, at_ns, number, os.getpid(), "harken", threading.get_native_id(), name))
        if _on_mark:
            _on_mark(stage)


def mark_press(server_ms: int) -> None:
    """Record when a key was pressed, by an X server's clock: on Linux the same as ours, if it runs on this computer."""
    if _marks is not None:
        age_ms = (time.perf_counter_ns() / 1e6 - server_ms) % _CLOCK_MS
        if age_ms < _AGE_MS:
            mark(Stage.PRESSED, in_s=-age_ms / 1000)


def is_collecting() -> bool:
    """Whether marks are collected in this process."""
    return _marks is not None


def collect(on_mark: Callable[[Stage], None] | None = None) -> None:
    """Start collecting. `on_mark` is called with each stage, on the thread that reached it."""
    global _marks, _on_mark
    _marks, _on_mark = collections.deque(maxlen=_MOST), on_mark


def stop() -> None:
    """Stop collecting, and drop marks that were not taken."""
    global _marks, _on_mark
    _marks, _on_mark = None, None


def take() -> list[Mark]:
    """The marks since the last call."""
    taken = []
    while _marks:
        taken.append(_marks.popleft())
    return taken


def take_over(found: Any, process: int, process_name: str) -> None:
    """Add the marks that a child process sent. Malformed ones, from a compromised child, are left out."""
    if _marks is None or not isinstance(found, list):
        return
    for fields in found:
        match fields:
            case [str(stage), int(at_ns), int(number), int(_), str(_), int(thread), str(name)] if stage in _STAGES:
                _marks.append(Mark(Stage(stage), at_ns, number, process, process_name, thread, name[:32]))


_STAGES = frozenset(stage.value for stage in Stage)
