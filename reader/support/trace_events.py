"""Turns marks into trace events: the JSON that Perfetto and chrome://tracing show. Pure: marks in, events out.

Each mark is an instant on its thread. Each reading has a row of its own that shows how long it took from one stage to
the next, up to the first frame heard, and then to its end. The width of a segment is the cost of the stage.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from reader.support.timeline import Mark, Stage

Event = dict[str, Any]

# The row of the readings; no thread has this number.
_ROW = 0
_KEY = (Stage.PRESSED, Stage.KEY)
# A key pressed longer ago belongs to another command.
_KEY_NS = 1_000_000_000
_OF_READING = (Stage.VOICE_CHOSEN, Stage.CUT, Stage.REQUEST, Stage.PREPARED)
_OF_VOICE = (Stage.AT_VOICE, Stage.PHONEMES, Stage.NET, Stage.PIECE)
_OF_OUTPUT = (Stage.AT_OUTPUT, Stage.STARTED, Stage.BLOCK, Stage.FRAME)
_LEADS = (*_KEY, Stage.KEY_IN_CORE, Stage.FOUND)
# In a long reading, marks after this many say nothing about how it started.
_MOST = 2000


class TraceEvents:
    """Makes events from the marks of several processes, in whatever order they arrive."""

    def __init__(self, process: int) -> None:
        """`process` is Harken's own."""
        self._process = process
        self._threads: set[tuple[int, int]] = set()
        self._marks: list[Mark] = []  # since the last reading began, and what led to it
        self._utterance = 0

    def add(self, marks: Iterable[Mark]) -> Iterator[Event]:
        """The events for these marks, and for a reading once the next one has followed it."""
        for mark in marks:
            yield from self._instant(mark)
            if mark.stage is Stage.BEGUN:
                yield from self._settle()
                self._utterance = mark.number
            if len(self._marks) < _MOST or mark.stage is Stage.ENDED:
                self._marks.append(mark)

    def end(self) -> Iterator[Event]:
        """The events for the last reading."""
        yield from self._settle()
        self._utterance = 0

    def _instant(self, mark: Mark) -> Iterator[Event]:
        if not self._threads:
            yield _named("thread_name", self._process, _ROW, "readings: stage by stage")
        if not any(process == mark.process for process, _ in self._threads):
            yield _named("process_name", mark.process, mark.thread, mark.process_name)
        if (mark.process, mark.thread) not in self._threads:
            self._threads.add((mark.process, mark.thread))
            yield _named("thread_name", mark.process, mark.thread, mark.thread_name)
        yield {
            "ph": "i",
            "s": "t",
            "name": mark.stage.value,
            "cat": "mark",
            "ts": mark.at_ns / 1000,
            "pid": mark.process,
            "tid": mark.thread,
            "args": {"number": mark.number},
        }

    def _settle(self) -> Iterator[Event]:
        """Events for the last reading. The marks that led to the next one are kept."""
        if not self._utterance:
            return
        marks = sorted(self._marks, key=lambda mark: mark.at_ns)
        self._marks = [mark for mark in marks if mark.stage in _LEADS]
        if not (chain := stages(marks, self._utterance)):
            return
        yield self._span(f"{chain[0].stage} to {chain[-1].stage}", chain[0].at_ns, chain[-1].at_ns)
        for before, after in itertools.pairwise(chain):
            yield self._span(f"until {after.stage}", before.at_ns, after.at_ns)
        if ended := _first(marks, Stage.ENDED, chain[-1].at_ns, number=self._utterance):
            yield self._span(f"until {Stage.ENDED}", chain[-1].at_ns, ended.at_ns)

    def _span(self, name: str, start_ns: int, end_ns: int) -> Event:
        return {
            "ph": "X",
            "name": name,
            "cat": "reading",
            "ts": start_ns / 1000,
            "dur": (end_ns - start_ns) / 1000,
            "pid": self._process,
            "tid": _ROW,
            "args": {"utterance": self._utterance},
        }


def stages(marks: list[Mark], utterance: int) -> list[Mark]:
    """How a reading got to its first frame: from marks in order of time, the first of each of its stages."""
    begun = _first(marks, Stage.BEGUN, 0, number=utterance)
    if not begun:
        return []
    chain = _Chain(marks, [*_press(marks, begun), begun])
    chain.follow(_OF_READING, number=utterance)
    sound = _first(marks, Stage.SOUND, chain.at_ns, number=utterance)
    if sound and chain.links[-1].stage is not Stage.PREPARED:  # else the voice is asked only for what comes next
        chain.follow((Stage.ASKED,), number=utterance, until_ns=sound.at_ns)
        chain.follow(_OF_VOICE, until_ns=sound.at_ns)
    chain.follow((Stage.SOUND, Stage.PLAYED), number=utterance)
    if chain.links[-1].stage is Stage.PLAYED:
        chain.follow(_OF_OUTPUT)
    return chain.links


class _Chain:
    """Marks that follow each other, chosen from marks in order of time."""

    def __init__(self, marks: list[Mark], links: list[Mark]) -> None:
        self._marks = marks
        self.links = links

    @property
    def at_ns(self) -> int:
        """The time of its last mark."""
        return self.links[-1].at_ns

    def follow(self, wanted: Iterable[Stage], *, number: int | None = None, until_ns: int | None = None) -> None:
        """Add the next mark of each of these stages, if there is one."""
        for stage in wanted:
            found = _first(self._marks, stage, self.at_ns, number=number)
            if found and (until_ns is None or found.at_ns <= until_ns):
                self.links.append(found)


def _press(marks: list[Mark], begun: Mark) -> list[Mark]:
    """What led to a reading: a key, or a command."""
    before = [mark for mark in marks if mark.at_ns <= begun.at_ns and mark is not begun]
    asked = next((mark for mark in reversed(before) if mark.stage is Stage.KEY_IN_CORE), None)
    if not asked:
        return [mark for mark in before if mark.stage is Stage.COMMAND][:1]
    led = {m.stage: m for m in before if m.stage in _KEY and 0 <= asked.at_ns - m.at_ns < _KEY_NS}  # the last of each
    found = [mark for mark in before if mark.stage is Stage.FOUND and mark.at_ns >= asked.at_ns]
    return [*(led[stage] for stage in _KEY if stage in led), asked, *found[:1]]


def _first(marks: list[Mark], stage: Stage, from_ns: int, *, number: int | None = None) -> Mark | None:
    """The first mark of a stage from a given time on."""
    for mark in marks:
        if mark.stage is stage and mark.at_ns >= from_ns and (number is None or mark.number == number):
            return mark
    return None


def _named(kind: str, process: int, thread: int, name: str) -> Event:
    return {"ph": "M", "name": kind, "pid": process, "tid": thread, "args": {"name": name}}
