"""The sound device in its child process, seen from this side.

A child that does not respond to a request within a second is waiting for a sound server that will not answer: it is
ended, the run is Lost, and the next `open` starts another. Until it reports that it is asking the sound system, it is
only busy loading, however long that takes: ending it then would mean starting all over again.
"""

from __future__ import annotations

import asyncio
import collections
import logging
import os
import time
from typing import Any

from reader.audio.base import Drained, Listener, Lost, Progress
from reader.audio.lead import Lead
from reader.errors import SoundError
from reader.flow import SoundOutput
from reader.support.i18n import translate
from reader.workers.child import Child
from reader.workers.frames import Frame
from reader.workers.worker import Worker

log = logging.getLogger(__name__)

# WORKAROUND PipeWire: its library asks the desktop's portal for priority before it asks RTKit, and waits for an answer.
# After a restart of PipeWire, the portal, which uses that library too, waits for itself: 75 s in Debian 13. Without the
# session bus the library asks RTKit. Only in Flatpak is there nothing else to ask.
_NO_PORTAL = () if "FLATPAK_ID" in os.environ else (("DBUS_SESSION_BUS_ADDRESS", "disabled:"),)
SOUND = Worker("audio", "reader.audio.sound_worker", variables=_NO_PORTAL)

# PortAudio's buffer. It is filled at once when a stream starts and dropped when it is aborted, so it delays neither,
# and it bridges 100 ms without CPU time.
LATENCY_S = 0.1
# More than a process takes to load its own files: 36 s was seen next to twenty busy programs on two cores.
START_LIMIT_S = 120.0
# The limit for the sound system's answer after that. It doubles with each opening in a row that fails by it, up to the
# second: what merely takes long gets there in the end.
OPEN_LIMIT_S = 10.0
OPEN_LIMIT_MOST_S = 40.0
ANSWER_LIMIT_S = 1.0


async def list_outputs() -> list[SoundOutput]:
    """All outputs that exist now. Asks a new process, because a playing one knows only those that existed at its start.

    Raises SoundError.
    """
    answer = _Answer()
    try:
        child = await Child.start(SOUND, lambda frame: answer.take(frame.json()), lambda: answer.give({"outputs": []}))
    except OSError as error:
        raise SoundError(translate("reader", "The sound system is not responding.")) from error
    try:
        child.send(0, {"do": "list"})
        return [SoundOutput(**output) for output in (await answer.within(OPEN_LIMIT_S))["outputs"]]
    except TimeoutError as error:
        raise SoundError(translate("reader", "The sound system is not responding.")) from error
    finally:
        await child.close()


class _Answer:
    """The first answer of a process that was just started."""

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._has_started: asyncio.Future[None] = loop.create_future()
        self._given: asyncio.Future[dict[str, Any]] = loop.create_future()

    def take(self, message: dict[str, Any]) -> None:
        """Handle a message from the process."""
        if message.get("is") != "loaded":
            self.give(message)
        elif not self._has_started.done():
            self._has_started.set_result(None)

    def give(self, message: dict[str, Any]) -> None:
        """Set the answer, unless there is one."""
        if not self._given.done():
            self._given.set_result(message)

    async def within(self, limit_s: float) -> dict[str, Any]:
        """Wait for the answer, this long after the process has loaded. Raises TimeoutError."""
        waited_for = (self._has_started, self._given)
        await asyncio.wait(waited_for, timeout=START_LIMIT_S, return_when=asyncio.FIRST_COMPLETED)
        async with asyncio.timeout(limit_s):
            return await self._given


class ProcessDevice:
    """PortAudio in a child process."""

    is_live = True
    rate_hz = 48000

    def __init__(self, device: str = "", awake_s: float = 0.0) -> None:
        """`device` is a SoundOutput's id, "" for the system's default.

        `awake_s` keeps the stream running this long after a run, for devices that fall asleep.
        """
        self.name = device
        self.missing = ""
        self._device = device
        self._awake_s = awake_s
        self._listener: Listener = lambda event: None
        self._child: Child | None = None
        self._answer: _Answer | None = None  # while it opens
        self._is_open = False
        self._open_limit_s = OPEN_LIMIT_S
        self._one_opening = asyncio.Lock()
        self._closings = 0
        self._cutting: collections.deque[asyncio.Future[int]] = collections.deque()
        self._run = 0
        self._heard = 0
        self._dry = self._starved = 0  # as the child counts them within a run
        self._is_playing = False
        self._lead = Lead()
        self._watchdog: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        return self._is_open

    @property
    def lead_s(self) -> float:
        return self._lead.s

    def listen(self, listener: Listener) -> None:
        self._listener = listener

    async def open(self) -> None:
        async with self._one_opening:
            if not self._is_open:
                await self._open()

    async def _open(self) -> None:
        self._answer = wanted = _Answer()
        closings = self._closings
        try:
            child = await Child.start(SOUND, self._receive, self._on_end)
            if closings != self._closings:  # closed in the meantime, which missed this child
                await child.close()
                raise SoundError(_not_responding())
            self._child = child
            message = {"do": "open", "device": self._device, "latency_s": LATENCY_S, "awake_s": self._awake_s}
            child.send(0, message)
            answer = await wanted.within(self._open_limit_s)
        except (OSError, TimeoutError) as error:
            self._open_limit_s = min(2 * self._open_limit_s, OPEN_LIMIT_MOST_S)
            await self.close()
            raise SoundError(_not_responding()) from error
        self._open_limit_s = OPEN_LIMIT_S
        if answer["is"] != "open":
            log.warning("no sound device: %s", answer["why"])
            await self.close()
            raise SoundError(
                translate(
                    "reader", "There is no sound output. Connect speakers or headphones, or start the sound system."
                )
            )
        self.name, self.rate_hz, self.missing = answer["name"], answer["rate_hz"], answer["missing"]
        self._is_open = self._child is child  # it may have ended after its answer

    def keep_awake(self, awake_s: float) -> None:
        self._awake_s = awake_s
        self._send({"do": "awake", "awake_s": awake_s})

    def play(self) -> None:
        self._run += 1
        self._heard = self._dry = self._starved = 0
        self._is_playing = True
        self._lead.begin_run()
        self._send({"do": "play"})

    def write(self, pcm: bytes) -> None:
        if self._child:
            self._child.send(self._run, pcm)
            self._expect_answer()

    def end(self) -> None:
        self._send({"do": "end"})
        self._expect_answer()

    def cut(self) -> asyncio.Future[int]:
        self._is_playing = False
        heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        if self._child is None:
            heard.set_result(self._heard)
        else:
            self._cutting.append(heard)
            self._send({"do": "cut"})
            self._expect_answer()
        return heard

    async def close(self) -> None:
        self._closings += 1
        self._expect_nothing()
        self._fail_to_open("it was closed while opening")
        child, self._child = self._child, None
        self._is_open = False
        if child:
            await child.close()
        while self._cutting:
            self._finish_cut(self._heard)
        self._tell_lost("it could not be opened")  # for anything played in the meantime

    def _send(self, message: dict[str, Any]) -> None:
        if self._child:
            self._child.send(self._run, message)

    # ---- what comes back ----

    def _fail_to_open(self, why: str) -> None:
        if self._answer:
            self._answer.give({"is": "failed", "why": why})

    def _tell_lost(self, why: str) -> None:
        if self._is_playing:
            self._is_playing = False
            self._listener(Lost(why))

    def _receive(self, frame: Frame) -> None:
        message = frame.json()
        self._expect_nothing()
        match message["is"]:
            case "loaded" | "open" | "failed":
                if self._answer:
                    self._answer.take(message)
            case "cut":
                self._finish_cut(message["heard"])
            case "progress" if frame.tag == self._run and self._is_playing:
                self._heard = message["heard"]
                self._lead.note(time.monotonic() - message["at_s"])
                self._note_holes(message["dry"], message["starved"])
                self._expect_answer()
                self._listener(Progress(message["taken"], self._heard))
            case "drained" if frame.tag == self._run and self._is_playing:
                self._is_playing = False
                self._listener(Drained())
            case "lost":
                self._lose(message["why"])

    def _note_holes(self, dry: int, starved: int) -> None:
        """Log what is heard as a hole, if there is a new one."""
        if dry > self._dry:
            log.info("the sound process was late: the device ran dry, %d times in this run", dry)
        if starved > self._starved:
            log.info("the sound process had nothing to play in %d blocks of this run", starved)
        self._dry, self._starved = dry, starved

    def _finish_cut(self, heard: int) -> None:
        """Complete the oldest cut."""
        if self._cutting:
            future = self._cutting.popleft()
            if not future.cancelled():
                future.set_result(heard)

    def _expect_answer(self) -> None:
        """Something must be received within the limit."""
        if self._watchdog is None:
            self._watchdog = asyncio.get_running_loop().call_later(ANSWER_LIMIT_S, self._on_silence)

    def _expect_nothing(self) -> None:
        if self._watchdog:
            self._watchdog.cancel()
            self._watchdog = None

    def _on_silence(self) -> None:
        self._watchdog = None
        self._lose("the sound system does not answer")

    def _lose(self, why: str) -> None:
        """The device is useless now: end the process that has it."""
        log.warning("sound lost: %s", why)
        if self._child:
            self._child.kill()

    def _on_end(self) -> None:
        self._child = None
        self._is_open = False
        self._expect_nothing()
        while self._cutting:
            self._finish_cut(self._heard)
        self._fail_to_open("it ended while opening")
        self._tell_lost("the sound process ended")


def _not_responding() -> str:
    return translate("reader", "The sound system is not responding. Harken will try again.")
