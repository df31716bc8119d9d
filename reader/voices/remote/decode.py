"""Decodes the service's audio as it arrives.

mp3 and Ogg are decoded by a child process (decode_worker.py), because damaged bytes may crash a decoder, which is C.
When it dies, a new one gets everything received so far and continues where the sound ended. PCM needs no process.

Core thread only.
"""

from __future__ import annotations

import array
import asyncio
import logging
import sys
from collections.abc import Callable
from typing import Protocol

from reader import tasks
from reader.errors import StreamCorruptError
from reader.workers.child import Child
from reader.workers.frames import Frame, FrameKind
from reader.workers.worker import Worker

log = logging.getLogger(__name__)

# Uses 0.05 GB.
DECODER = Worker("decoder", "reader.voices.remote.decode_worker", memory_bytes=1 << 29)

PCM = "pcm"
# The service's formats (see the model's OutputFormat) that can be played here.
FORMATS = (PCM, "mp3", "ogg_vorbis")
# A process that has produced nothing from its input for this long is hanging: it makes minutes of sound in a second.
ANSWER_LIMIT_S = 3.0
# A process that has not answered by then never will (a cold disk takes a few seconds, a busy computer half a minute).
START_LIMIT_S = 60.0
# A process that ends this often before answering can't run here.
STARTS = 8
# A stream is damaged if this many processes died at the same place, or this many without decoding any more of it in
# between. Ending a process because it hung counts as two.
DEATHS_OF_A_STREAM = 3
DEATHS_IN_VAIN = 12

OnSound = Callable[[bytes], None]
OnEnd = Callable[[StreamCorruptError | None], None]


class Decoder(Protocol):
    """Takes bytes cut anywhere. Calls `on_sound` with the frames, and `on_end` after `finish`: core thread."""

    def feed(self, data: bytes) -> None:
        """Add what arrived. Returns at once."""

    def finish(self) -> None:
        """Nothing more will arrive."""

    def cancel(self) -> None:
        """The sound is no longer wanted: neither callback will be called again."""


class Decoders:
    """Makes decoders, which share one process. It starts when first needed, or earlier with `warm_up`."""

    def __init__(self) -> None:
        """Starts nothing yet."""
        self._child: Child | None = None
        self._starting: asyncio.Task[None] | None = None
        self._streams: dict[int, _Packed] = {}
        self._last_tag = 0
        self._watchdog: asyncio.TimerHandle | None = None
        self._starts = 0  # in a row, whose processes ended before they were ready
        self._is_ready = False  # the process has begun to answer
        self._is_hanging = False  # and is being ended because of that

    def decoder(self, output_format: str, rate_hz: int, on_sound: OnSound, on_end: OnEnd) -> Decoder:
        """The decoder of a format, one of FORMATS."""
        if output_format == PCM:
            return _Pcm(on_sound, on_end)
        self._last_tag += 1
        stream = _Packed(self, self._last_tag, {"format": output_format, "rate_hz": rate_hz}, on_sound, on_end)
        self._streams[stream.tag] = stream
        if self._child:
            stream.begin(self._child)
        else:
            self._begin()
        return stream

    def warm_up(self, output_format: str) -> None:
        """Start the process if this format needs it. Returns at once."""
        if output_format != PCM:
            self._begin()

    async def close(self) -> None:
        """End the process. It can be started again."""
        for stream in list(self._streams.values()):
            stream.cancel()
        if self._starting:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
            self._starting = None
        if self._child:
            child, self._child = self._child, None
            await child.close()
        self.watch()

    # ---- for streams ----

    def send(self, stream: _Packed, body: dict[str, object] | bytes) -> None:
        """Send a message if the process is running; a process that starts later is given everything."""
        if self._child:
            self._child.send(stream.tag, body)
            self.watch()
        elif stream.is_owed:
            self._begin()

    def forget(self, stream: _Packed) -> None:
        """The stream is over."""
        self._streams.pop(stream.tag, None)
        self.watch()

    def watch(self) -> None:
        """Expect an answer within the limit while there is something to decode."""
        if self._watchdog:
            self._watchdog.cancel()
            self._watchdog = None
        if self._child and any(stream.is_owed for stream in self._streams.values()):
            limit_s = ANSWER_LIMIT_S if self._is_ready else START_LIMIT_S
            self._watchdog = asyncio.get_running_loop().call_later(limit_s, self._end_hanging)

    def _end_hanging(self) -> None:
        if self._child:
            self._is_hanging = True
            self._child.kill()

    # ---- the process ----

    def _begin(self) -> None:
        if not self._child and (self._starting is None or self._starting.done()):
            self._starting = tasks.start(self._start(), "start decoder")

    async def _start(self) -> None:
        try:
            self._child = await Child.start(DECODER, self._receive, self._on_end)
        except OSError as error:
            log.error("the decoder does not start: %s", error.strerror)
            for stream in list(self._streams.values()):
                stream.end("the decoder does not start")
            return
        for stream in list(self._streams.values()):
            stream.begin(self._child)
        self.watch()

    def _receive(self, frame: Frame) -> None:
        self._is_ready = True
        if stream := self._streams.get(frame.tag):
            stream.receive(frame)
        self.watch()

    def _on_end(self) -> None:
        """The process is gone. Which stream killed it is unknown: any that was still owed sound may have."""
        log.info("the decoder ended")
        if self._is_ready:
            self._starts, deaths = 0, 2 if self._is_hanging else 1
        else:  # nothing was decoded yet
            self._starts += 1
            deaths = DEATHS_IN_VAIN if self._starts == STARTS else 0
        self._child, self._is_ready, self._is_hanging = None, False, False
        self.watch()
        for stream in [stream for stream in self._streams.values() if stream.is_owed]:
            stream.note_deaths(deaths)
        if any(stream.is_owed for stream in self._streams.values()):
            self._begin()


class _Pcm:
    """Signed 16-bit little-endian mono; a frame may be split across two pieces."""

    def __init__(self, on_sound: OnSound, on_end: OnEnd) -> None:
        self._on_sound = on_sound
        self._on_end = on_end
        self._half = b""

    def feed(self, data: bytes) -> None:
        if self._half:
            data = self._half + data
        end = len(data) & ~1
        self._half = data[end:]
        if end:
            self._on_sound(_native(data[:end] if self._half else data))

    def finish(self) -> None:
        self._on_end(None)

    def cancel(self) -> None:
        self._on_sound = _ignore


def _native(pcm: bytes) -> bytes:
    if sys.byteorder == "little":
        return pcm
    frames = array.array("h", pcm)
    frames.byteswap()
    return frames.tobytes()


class _Packed:
    """A stream that the process decodes. Its input is kept in case a new process needs it: 6 KB a second of speech."""

    def __init__(self, owner: Decoders, tag: int, opening: dict[str, object], on_sound: OnSound, on_end: OnEnd) -> None:
        self.tag = tag
        self._owner = owner
        self._opening = opening
        self._on_sound = on_sound
        self._on_end = on_end
        self._given: list[bytes] = []
        self._given_bytes = self._taken_bytes = 0
        self._is_finished = False
        self._heard_bytes = 0  # of sound passed on
        self._skip_bytes = 0  # of sound that a new process will make again
        self._deaths = self._deaths_in_vain = 0
        self._died_at_bytes = 0  # how much sound the last process to die had made

    def feed(self, data: bytes) -> None:
        if data:
            self._given.append(data)
            self._given_bytes += len(data)
            self._owner.send(self, data)

    def finish(self) -> None:
        self._is_finished = True
        self._owner.send(self, {"do": "finish"})

    def cancel(self) -> None:
        self._on_sound = self._on_end = _ignore
        self._owner.send(self, {"do": "cancel"})
        self._owner.forget(self)

    @property
    def is_owed(self) -> bool:
        """Whether the process still has to make something of its input."""
        return self._taken_bytes < self._given_bytes or self._is_finished

    def begin(self, child: Child) -> None:
        """Give a new process everything that arrived so far."""
        self._taken_bytes, self._skip_bytes = 0, self._heard_bytes
        child.send(self.tag, {"do": "open", **self._opening})
        for data in self._given:
            child.send(self.tag, data)
        if self._is_finished:
            child.send(self.tag, {"do": "finish"})

    def receive(self, frame: Frame) -> None:
        """Handle a message about this stream."""
        if frame.kind is FrameKind.BYTES:
            self._hear(frame.body)
            return
        message = frame.json()
        if message["is"] == "eager":
            self._taken_bytes = message["taken"]
            if self._taken_bytes == self._given_bytes:
                self._deaths = self._deaths_in_vain = 0  # it survived all of it
        else:
            self.end(message.get("why", ""))

    def _hear(self, pcm: bytes) -> None:
        skipped = min(self._skip_bytes, len(pcm))
        self._skip_bytes -= skipped
        if pcm := pcm[skipped:]:
            self._heard_bytes += len(pcm)
            self._deaths = self._deaths_in_vain = 0
            self._on_sound(pcm)

    def note_deaths(self, deaths: int) -> None:
        """A process died while working on this stream."""
        made_bytes = self._heard_bytes - self._skip_bytes
        self._deaths = deaths + (self._deaths if made_bytes == self._died_at_bytes else 0)
        self._died_at_bytes = made_bytes
        self._deaths_in_vain += deaths
        if self._deaths >= DEATHS_OF_A_STREAM or self._deaths_in_vain >= DEATHS_IN_VAIN:
            self.end("the decoder dies of it")

    def end(self, why: str) -> None:
        """The stream is over; `why` it is damaged, or ""."""
        self._owner.forget(self)
        self._on_end(StreamCorruptError(f"the sound can't be decoded: {why}") if why else None)


def _ignore(_: object) -> None:
    pass
