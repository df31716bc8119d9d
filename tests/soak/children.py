"""Harken's child processes on its own loop: what they are told and answer, and how they end, hang and stay away.

They speak the frames of the real ones (`tests/contract` and `tests/desktop` try those). What a voice says are tones
(`words.py`); the sound process keeps what is heard, run by run.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from reader.flow import FRAME_BYTES
from reader.workers.frames import HEAD, Frame, FrameKind, encode
from reader.workers.worker import Worker
from tests.soak import words

_RATES = {"neural": 16000, "espeak": 8000}
_LANGUAGES = ("en-us", "de", "fr-fr", "es", "it", "nl", "ar")
_REPORT_S = 0.04
_PREFILL_S = 0.1
# How much sooner than it is heard a device takes its sound.
_DEVICE_S = 0.1
_PIECES_S = (0.3, 0.5)


@dataclass
class Run:
    """A run of the sound output: what was written, how much of it was heard, and how much of that Harken knows."""

    utterance_id: int
    rate_hz: int
    began_s: float
    pcm: bytearray = field(default_factory=bytearray, repr=False)
    heard: int = 0
    told: int = 0
    starved: int = 0
    is_lost: bool = False  # Harken goes on behind what it was told

    @property
    def sound(self) -> bytes:
        """What was heard, as far as Harken can know."""
        return bytes(self.pcm[: (self.told if self.is_lost else self.heard) * FRAME_BYTES])


class House:
    """Where the children live. What may be set at any time says how they fare."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.children: list[FakeChild] = []
        self.account: dict[str, Any] = {}  # what a search for AWS keys finds
        self.utterance_id: Callable[[], int] = lambda: 0
        self.on_run: Callable[[Run], None] = lambda _: None
        self.is_sound_there = True
        self.loads_s = self.asks_s = 0.0  # how long the sound process takes to start, and the sound system to answer it
        self.reports_late_s = 0.0  # how long Harken takes to get to a report of the sound process
        self.rate_hz = 8000
        self.stillborn = 0.0  # how likely a process ends before it is ready
        self.pace = 30.0  # how many times faster than it is heard sound is made
        self.errors: list[BaseException] = []
        self.started = 0  # children, so far
        self._last_pid = 10_000_000

    async def start(
        self, worker: Worker, on_frame: Callable[[Frame], None], on_end: Callable[[], None], *, is_group: bool = False
    ) -> FakeChild:
        """In the place of `Child.start`."""
        kinds: dict[str, type[FakeChild]] = {"audio": SoundChild, "credentials": KeysChild}
        kind = kinds.get(worker.name, VoiceChild)
        await asyncio.sleep(self.chance.uniform(0.0, 0.02))
        self._last_pid += 1
        self.started += 1
        child = kind(self, worker, self._last_pid, on_frame, on_end)
        self.children = [one for one in self.children if one.is_alive] + [child]
        return child

    def alive(self, *names: str) -> list[FakeChild]:
        """Those that live, of some kinds, or all."""
        return [child for child in self.children if child.is_alive and (not names or child.name in names)]

    def take_sound(self) -> None:
        """Every output goes."""
        self.is_sound_there = False
        for child in self.alive("audio"):
            assert isinstance(child, SoundChild)
            child.lose()


class FakeChild:
    """See Child. Its messages arrive in order, in a turn of the loop each; those it wrote before it ended do, too."""

    def __init__(
        self, house: House, worker: Worker, pid: int, on_frame: Callable[[Frame], None], on_end: Callable[[], None]
    ) -> None:
        self.house = house
        self.name = worker.name
        self.pid = pid
        self.is_alive = True
        self.is_hanging = False
        self.loop = asyncio.get_running_loop()
        self._on_frame = on_frame
        self._on_end = on_end
        self.begin()

    # ---- Harken's side ----

    def send(self, tag: int, body: dict[str, Any] | bytes) -> None:
        self.loop.call_soon(self._take, _frame(tag, body))

    def kill(self) -> None:
        if self.is_alive:
            self.is_alive = False
            self.on_killed()
            self.loop.call_soon(self._tell_end)

    async def close(self) -> None:
        self._on_end = _nothing
        self.kill()
        for _ in range(2):
            await asyncio.sleep(0)

    def hang(self) -> None:
        """It does nothing any more, until it is ended."""
        self.on_killed()
        self.is_hanging = True

    # ---- the child's ----

    def begin(self) -> None:
        """It has started."""

    def obey(self, frame: Frame) -> None:
        """A message of Harken's."""

    def on_killed(self) -> None:
        """It ends here."""

    def answer(self, tag: int, body: dict[str, Any] | bytes) -> None:
        """Write a message."""
        if self.is_alive and not self.is_hanging:
            self.loop.call_soon(self._tell, _frame(tag, body))

    def _take(self, frame: Frame) -> None:
        if self.is_alive and not self.is_hanging:
            self.obey(frame)

    def _tell(self, frame: Frame) -> None:
        try:
            self._on_frame(frame)
        except Exception as error:  # as the real one, which ends the child
            self.house.errors.append(error)
            self.kill()

    def _tell_end(self) -> None:
        self._on_end()


class KeysChild(FakeChild):
    """Finds an account."""

    def obey(self, frame: Frame) -> None:
        self.answer(frame.tag, {"is": "at", "stage": "search"})
        self.answer(frame.tag, {"is": "done", "account": self.house.account, "sources": []})


class VoiceChild(FakeChild):
    """Says requests one by one, each in pieces, and words behind their sound."""

    def begin(self) -> None:
        self._requests: deque[tuple[int, dict[str, Any]]] = deque()
        self._cancelled: set[int] = set()
        self._is_busy = False
        self._rate_hz = _RATES.get(self.name, 8000)
        self.loop.call_later(self.house.chance.uniform(0.05, 0.4), self._get_ready)

    def _get_ready(self) -> None:
        if self.house.chance.random() < self.house.stillborn:
            self.kill()
            return
        voices = [{"code": code, "name": code} for code in _LANGUAGES] if self.name == "espeak" else []
        self.answer(0, {"is": "ready", "rate_hz": self._rate_hz, "voices": voices})

    def obey(self, frame: Frame) -> None:
        message = frame.json()
        if message["do"] == "cancel":
            self._cancelled.add(frame.tag)
            return
        self._requests.append((frame.tag, message))
        self._go_on()

    def _go_on(self) -> None:
        while not self._is_busy and self._requests and self.is_alive:
            tag, message = self._requests.popleft()
            if tag not in self._cancelled:
                self._is_busy = True
                pcm, places = words.speak(message["text"], self._rate_hz, message["speed"])
                self._say(tag, pcm, places, 0)

    def _say(self, tag: int, pcm: bytes, places: list[tuple[int, int, int]], done: int) -> None:
        """The next piece, after the time that it takes."""
        if not self.is_alive or tag in self._cancelled or done >= len(pcm):
            if self.is_alive and tag not in self._cancelled:
                self.answer(tag, {"is": "done"})
            self._is_busy = False
            self._go_on()
            return
        piece_s = _PIECES_S[min(done, 1)]
        end = min(done + 2 * round(piece_s * self._rate_hz), len(pcm))
        made_s = (end - done) / 2 / self._rate_hz / self.house.pace
        self.loop.call_later(made_s, self._made, tag, pcm, places, done, end)

    def _made(self, tag: int, pcm: bytes, places: list[tuple[int, int, int]], done: int, end: int) -> None:
        if tag not in self._cancelled:
            self.answer(tag, pcm[done:end])
            if begun := [place for place in places if done <= place[0] * 2 < end]:
                self.answer(tag, {"is": "words", "words": begun})
        self._say(tag, pcm, places, end)


class SoundChild(FakeChild):
    """Plays what is written, at the pace of the loop's time, and keeps what was heard."""

    def begin(self) -> None:
        self._tag = 0
        self.run: Run | None = None
        self._is_open = self._is_playing = self._is_started = self._is_ended = False
        self._later: list[Callable[[], None]] | None = None  # what comes while it opens: it does one thing at a time
        self._heard_to_s = 0.0

    @property
    def is_sounding(self) -> bool:
        """Whether something is heard now, or will be."""
        return self.is_alive and self._is_playing

    def lose(self) -> None:
        """The output is gone."""
        if self._is_open:
            self._stop(is_lost=True)
            self._is_open = False
            self.answer(self._tag, {"is": "lost", "why": "taken away"})

    def sleep(self, seconds: float) -> None:
        """The computer was asleep."""
        self._heard_to_s += seconds

    def on_killed(self) -> None:
        self._stop(is_lost=True)

    def send(self, tag: int, body: dict[str, Any] | bytes) -> None:
        if isinstance(body, dict) and body["do"] == "play":  # whose it is is known now
            run = Run(self.house.utterance_id(), self.house.rate_hz, self.loop.time())
            self.house.on_run(run)
            self.loop.call_soon(self._begin_run, tag, run)
            return
        super().send(tag, body)

    def _begin_run(self, tag: int, run: Run) -> None:
        if self._later is not None:
            self._later.append(partial(self._begin_run, tag, run))
            return
        if not self.is_alive or self.is_hanging or not self._is_open:
            run.is_lost = True
            self.answer(tag, {"is": "failed", "why": "not open"})
            return
        assert not self._is_playing, "a run was begun over another"
        self._tag, self.run, run.rate_hz = tag, run, self._rate_hz
        self._is_playing, self._is_started, self._is_ended = True, False, False
        self.loop.call_later(_REPORT_S, self._report, tag)

    def obey(self, frame: Frame) -> None:
        if self._later is not None:
            self._later.append(partial(self.obey, frame))
            return
        if frame.kind is FrameKind.BYTES:
            if frame.tag == self._tag and self.run and self._is_playing:
                assert not self._is_ended, "written behind the end"
                self._advance()
                self.run.pcm += frame.body
                if len(self.run.pcm) >= _PREFILL_S * self._rate_hz * FRAME_BYTES:
                    self._start()
            return
        message = frame.json()
        match message["do"]:
            case "open":
                self._later = []
                self.loop.call_later(self.house.loads_s, self.answer, 0, {"is": "loaded"})
                takes_s = self.house.loads_s + self.house.asks_s + self.house.chance.uniform(0.02, 0.2)
                self.loop.call_later(takes_s, self._open, message)
            case "list":
                found = [{"id": "soak", "name": "soak", "is_default": True}] if self.house.is_sound_there else []
                self.answer(0, {"outputs": found})
            case "end" if frame.tag == self._tag and self._is_playing:
                self._advance()
                self._is_ended = True
                self._start()
            case "cut":
                self._advance()
                heard = self.run.heard if self.run and self._is_playing and frame.tag == self._tag else 0
                self._stop()
                self.answer(self._tag, {"is": "cut", "heard": heard})

    def _open(self, message: dict[str, Any]) -> None:
        if self.house.is_sound_there:
            self._is_open, self._rate_hz = True, self.house.rate_hz
            missing = message["device"] if message["device"] not in ("", "soak") else ""
            self.answer(0, {"is": "open", "name": "soak", "rate_hz": self._rate_hz, "missing": missing})
        else:
            self.answer(0, {"is": "failed", "why": "no output"})
        later, self._later = self._later or [], None
        for do in later:
            do()

    def _start(self) -> None:
        if not self._is_started:
            self._is_started, self._heard_to_s = True, self.loop.time()

    def _advance(self) -> None:
        """Hear what was to be heard until now."""
        if not (self.run and self._is_playing and self._is_started) or self.is_hanging:
            return
        wanted = int((self.loop.time() - self._heard_to_s) * self._rate_hz)
        there = len(self.run.pcm) // FRAME_BYTES - self.run.heard
        self._heard_to_s += wanted / self._rate_hz
        self.run.heard += min(wanted, there)
        if wanted > there and not self._is_ended:
            self.run.starved += 1

    def _report(self, tag: int) -> None:
        run = self.run
        if tag != self._tag or not self._is_playing or not self.is_alive or self.is_hanging or run is None:
            return
        self._advance()
        written = len(run.pcm) // FRAME_BYTES
        run.told = run.heard
        taken = min(run.heard + round(_DEVICE_S * self._rate_hz), written) if self._is_started else 0
        counts = {"starved": run.starved, "dry": 0, "at_s": time.monotonic() - self.house.reports_late_s}
        self.answer(tag, {"is": "progress", "taken": taken, "heard": run.heard, **counts})
        if self._is_ended and run.heard == written:
            self._is_playing = False
            self.answer(tag, {"is": "drained"})
        else:
            self.loop.call_later(_REPORT_S, self._report, tag)

    def _stop(self, *, is_lost: bool = False) -> None:
        if self.run and self._is_playing:
            self._advance()
            self.run.is_lost = is_lost
        self._is_playing = False


def _frame(tag: int, body: dict[str, Any] | bytes) -> Frame:
    """As it comes out of the pipe."""
    data = encode(tag, body)
    kind = FrameKind.JSON if isinstance(body, dict) else FrameKind.BYTES
    return Frame(kind, tag, data[HEAD.size :])


def _nothing() -> None:
    pass
