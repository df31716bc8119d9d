"""The sound device, in its own process: frames in, sound out.

Why a process: PortAudio lists devices once, when it is loaded, and its calls may wait forever for a sound server that
is gone (`Pa_StartStream` on ALSA's pulse plugin does after every restart of the server). A process can be ended and
started again. It also keeps the callback away from everything else that competes for the interpreter.

An open stream stays stopped until something is to be heard: starting takes 0.3 ms (PulseAudio) to 3 ms (PipeWire, see
alsa.py), `abort` silences it within 1 ms, and while idle it costs nothing. A permanently running stream with a small
buffer is slower to start and to stop, and drops out.

Messages in: {"do": "open", ...}, {"do": "play"}, bytes, {"do": "end"}, {"do": "cut"}, {"do": "awake", ...}; the tag
is the number of the run. Messages out: {"is": "open"|"failed"|"progress"|"cut"|"drained"|"lost"}. {"do": "list"} is
answered with {"outputs": ...}.
"""

from __future__ import annotations

import os
import queue
import sys
import time
from typing import Any

import sounddevice

from reader import threads
from reader.audio import outputs
from reader.audio.alsa import AlsaStream
from reader.audio.ring import Ring
from reader.flow import FRAME_BYTES
from reader.support import timeline
from reader.support.timeline import Stage
from reader.workers import frames
from reader.workers.frames import Frame, FrameKind

# Start playing once this much sound has arrived, or all of it: the first callbacks take as much at once.
PREFILL_S = 0.1
# How often the position is reported while playing.
REPORT_S = 0.04
RING_S = 4.0
# A stream that has asked for nothing during this many reports (3 s) has stopped playing; headphones wake up sooner.
# Not in seconds, so that a computer too busy to run this process is not mistaken for it.
_STANDSTILL_REPORTS = 75
# Check every so many reports (each second) whether the system's default output has changed.
_ASKED_REPORTS = 25
# The most blocks between the callback and the ear.
_MOMENTS = 64
_ZEROS = memoryview(bytes(1 << 18))


class Clock:
    """Which frame is being heard. The callback records when each block will be heard; others look it up."""

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._moments = [(0.0, 0)] * _MOMENTS  # (time at which a block has been heard, frames up to then)
        self._next = 0

    def reset(self) -> None:
        """A new run begins."""
        self._moments = [(0.0, 0)] * _MOMENTS
        self._next = 0

    def note(self, heard_at_s: float, frames_taken: int) -> None:
        """Called by the callback: `frames_taken` frames will have been heard at `heard_at_s` (stream time)."""
        self._moments[self._next % _MOMENTS] = (heard_at_s, frames_taken)
        self._next += 1

    def heard(self, now_s: float) -> int:
        """Frames heard at stream time `now_s`."""
        moments = sorted(self._moments)
        before = max((m for m in moments if m[0] <= now_s), default=(0.0, 0))
        after = next((m for m in moments if m[0] > now_s), before)
        missing = round((after[0] - now_s) * self._rate_hz)
        return max(before[1], after[1] - missing) if after[0] > now_s else before[1]


class Output:
    """An open stream and what it plays."""

    def __init__(self, device: str, latency_s: float) -> None:
        """Open an output ("" is the system's default).

        If it is missing, the default is opened instead and `missing` is `device`; otherwise that is "". Raises
        sounddevice.PortAudioError or ValueError.
        """
        sockets = _sockets()
        self.missing = ""
        self._default = outputs.systems_default()  # when it was opened
        try:
            chosen = outputs.find(device)
        except ValueError:
            chosen, self.missing = outputs.find(""), device
        self._follows = not device or bool(self.missing)
        info = sounddevice.query_devices(chosen, "output")
        self.name = device if device and not self.missing else info["name"]
        more = outputs.settings_for(info)
        self.rate_hz = _rate(chosen, info, more)
        self._ring = Ring(round(self.rate_hz * RING_S) * FRAME_BYTES)
        self._clock = Clock(self.rate_hz)
        self._is_ended = False
        self.blocks = 0  # the number asked for
        self._starved = 0  # blocks with too little sound to fill them
        self._dry = 0  # blocks asked for too late: the device had run out of sound
        self._lasts_until_s = 0.0  # stream time at which it runs out; 0 before the first block
        self._latency_s = 0.0
        self._stream = self._open_late(info, latency_s) or self._open_on(chosen, latency_s, more)
        # WORKAROUND PortAudio: start() on a stream whose server is gone never returns. When the server goes, these
        # sockets disappear, which gives it away.
        self._sockets = _sockets() - sockets

    def _open_late(self, info: Any, latency_s: float) -> AlsaStream | None:
        """A stream for an output that PortAudio would start late. None for others, or if only PortAudio can open it."""
        pcm = outputs.begins_late(info)
        try:
            return AlsaStream(pcm, self.rate_hz, latency_s, self._fill) if pcm else None
        except OSError:
            return None

    def _open_on(self, chosen: int | str | None, latency_s: float, more: Any) -> Any:
        """Open PortAudio's stream."""
        made = sounddevice.RawOutputStream(
            samplerate=self.rate_hz, channels=1, dtype="int16", blocksize=0, latency=latency_s,
            device=chosen, callback=self._callback, extra_settings=more,
        )  # fmt: skip
        if more:  # Wine's WASAPI does not report when a block is heard
            self._latency_s = float(made.latency)
        return made

    def _callback(self, out: Any, _count: int, moment: Any, _status: Any) -> None:
        """PortAudio's callback, on its thread."""
        now_s = moment.currentTime
        self._fill(memoryview(out).cast("B"), now_s, moment.outputBufferDacTime or now_s + self._latency_s)

    def _fill(self, view: memoryview, now_s: float, starts_s: float) -> None:
        """Fill one block, heard from `starts_s` on. On the stream's thread: only copies, zero-fills and counts."""
        self.blocks += 1
        size = self._ring.read_into(view)
        if size < len(view):
            view[size:] = _ZEROS[: len(view) - size]
            if not self._is_ended:
                self._starved += 1
        if size and not self._lasts_until_s:
            timeline.mark(Stage.BLOCK)
            timeline.mark(Stage.FRAME, in_s=starts_s - now_s)
        if size and 0 < self._lasts_until_s < now_s:
            self._dry += 1
        self._lasts_until_s = starts_s + len(view) / FRAME_BYTES / self.rate_hz
        self._clock.note(starts_s + size / FRAME_BYTES / self.rate_hz, self._ring.read // FRAME_BYTES)

    def lost(self, *, asks: bool) -> str:
        """Why the stream is useless now, "" while it isn't. `asks`: ask the system as well, which takes a moment."""
        if not self._sockets <= _sockets():
            return "the sound server is gone"
        if asks and self._follows and outputs.systems_default() != self._default:  # a stream stays where it was opened
            return "the default sound output is another one"
        return ""

    def begin(self) -> None:
        """Stop the stream, and forget the last run."""
        self.silence()
        self._ring.clear()
        self._clock.reset()
        self._is_ended = False
        self._starved = self._dry = 0
        self._lasts_until_s = 0.0

    def write(self, pcm: bytes) -> bool:
        """Append frames, and start once there are enough. False if there was no room."""
        if not self._ring.written:
            timeline.mark(Stage.AT_OUTPUT)
        fits = self._ring.write(pcm)
        if self._ring.written >= PREFILL_S * self.rate_hz * FRAME_BYTES:
            self._start()
        return fits

    def end(self) -> None:
        """No more frames will come."""
        self._is_ended = True
        self._start()

    def _start(self) -> None:
        if self._stream.stopped:
            timeline.mark(Stage.STARTED)
            self._stream.start()

    def silence(self) -> None:
        """Stop the stream now, dropping what the system has buffered."""
        if not self._stream.stopped:
            self._stream.abort()

    @property
    def is_started(self) -> bool:
        """Whether it was started, which takes enough frames."""
        return not self._stream.stopped

    def progress(self, heard: int) -> dict[str, Any]:
        """The state of the run, as a message."""
        return {
            "is": "progress",
            "at_s": time.monotonic(),  # one clock for all processes, on each of the three systems
            "taken": self._ring.read // FRAME_BYTES,
            "heard": heard,
            "starved": self._starved,
            "dry": self._dry,
        }

    def heard(self) -> int:
        """Frames of the run that have been heard."""
        return self._clock.heard(self._stream.time) if not self._stream.stopped else 0

    @property
    def is_drained(self) -> bool:
        """Whether everything that was written has been heard."""
        return self._is_ended and self.heard() * FRAME_BYTES >= self._ring.written


def _rate(device: int | str | None, info: Any, more: Any) -> int:
    """48 kHz, which nearly every device supports, or else the rate that the device reports."""
    try:
        sounddevice.check_output_settings(
            device=device, channels=1, dtype="int16", samplerate=48000, extra_settings=more
        )
    except sounddevice.PortAudioError:
        return int(info["default_samplerate"])
    return 48000


def _sockets() -> frozenset[str]:
    """The sockets this process has open; empty if the system can't tell."""
    found: set[str] = set()
    if sys.platform == "linux":
        for fd in os.listdir("/proc/self/fd"):
            try:
                target = os.readlink(f"/proc/self/fd/{fd}")
            except OSError:
                continue
            if target.startswith("socket:"):
                found.add(target)
    return frozenset(found)


class Worker:
    """Obeys messages in order, and reports while something plays."""

    def __init__(self, fd_in: int, fd_out: int) -> None:
        self._fd_in, self._fd_out = fd_in, fd_out
        self._messages: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._output: Output | None = None
        self._run = 0
        self._is_playing = False
        self._blocks = self._idle_reports = 0  # blocks at the last report; reports without new ones
        self._heard = 0  # the position at the last new block
        self._reports = 0
        self._awake_s = 0.0
        self._asleep_at_s = 0.0  # when to stop a stream kept awake after a run; 0 if there is none
        self._is_elsewhere = False  # playing on another output, although the chosen one is back

    def serve(self) -> None:
        """Run until the input ends."""
        threads.start(self._listen, "messages")
        is_over = False
        while not is_over:
            try:
                is_over = not self._take_turn()
            except (sounddevice.PortAudioError, OSError, ValueError) as error:
                self._lose(str(error))

    def _take_turn(self) -> bool:
        """Obey a message, or report if none arrives in time. False when no more will come."""
        try:
            frame = self._messages.get(timeout=self._wait_s())
        except queue.Empty:
            self._report()
            return True
        if frame:
            self._obey(frame)
        return frame is not None

    def _wait_s(self) -> float | None:
        if self._is_playing:
            return REPORT_S
        return max(self._asleep_at_s - time.monotonic(), 0.0) if self._asleep_at_s else None

    def _listen(self) -> None:
        try:
            while (frame := frames.read(self._fd_in)) is not None:
                self._messages.put(frame)
        finally:
            self._messages.put(None)

    def _obey(self, frame: Frame) -> None:
        if frame.kind is FrameKind.BYTES:
            if frame.tag == self._run and self._output and not self._output.write(frame.body):
                self._lose("more sound than there is room for")
            return
        message = frame.json()
        match message["do"]:
            case "open":
                self._open(message)
            case "list":
                frames.write(self._fd_out, 0, {"outputs": outputs.outputs()})
            case "return":
                self._is_elsewhere = True
                self._return()
            case "awake":
                self._awake_s = message["awake_s"]
                if self._asleep_at_s:
                    self._asleep_at_s = time.monotonic() + self._awake_s
            case what:
                self._obey_in_run(what, frame.tag)

    def _obey_in_run(self, what: str, run: int) -> None:
        if self._output is None:
            self._lose("not open")
        elif what == "play":
            if why := self._output.lost(asks=True):
                self._lose(why)
                return
            self._run, self._is_playing, self._asleep_at_s = run, True, 0.0
            self._idle_reports = self._heard = 0
            self._output.begin()
        elif what == "end" and run == self._run:
            self._output.end()
        elif what == "cut":
            heard = self._output.heard() if run == self._run else 0
            self._output.silence()
            self._is_playing = False
            self._send({"is": "cut", "heard": heard})
            self._return()

    def _open(self, message: dict[str, Any]) -> None:
        self._awake_s = message["awake_s"]
        self._output = Output(message["device"], message["latency_s"])
        output = self._output
        self._send({"is": "open", "name": output.name, "rate_hz": output.rate_hz, "missing": output.missing})
        if message["device"]:
            threads.start(self._watch, "outputs", message["device"])

    def _watch(self, device: str) -> None:
        """Wait for the chosen output's return. A server leaves the stream on the output it moved it to meanwhile."""
        if outputs.wait_for(device):
            self._messages.put(Frame(FrameKind.JSON, 0, b'{"do": "return"}'))

    def _return(self) -> None:
        """Play on the chosen output from the next run on, which takes a new process."""
        if self._is_elsewhere and not self._is_playing:
            self._lose("the chosen sound output is back")

    def _report(self) -> None:
        """Report how far the run is; sleep if there is nothing more to play."""
        output = self._output
        assert output is not None
        self._reports += 1
        if not self._is_playing:  # the time to stay awake after the last run is up
            self._asleep_at_s = 0.0
            output.silence()
            return
        if output.blocks != self._blocks or not output.is_started:
            self._blocks, self._idle_reports, self._heard = output.blocks, 0, output.heard()
        else:
            self._idle_reports += 1
        if output.is_drained:
            self._send(output.progress(output.heard()))
            self._send({"is": "drained"})
            self._is_playing = False
            if self._awake_s:
                self._asleep_at_s = time.monotonic() + self._awake_s
            else:
                output.silence()
            self._return()
        elif why := output.lost(asks=self._reports % _ASKED_REPORTS == 0):
            self._lose(why)
        elif self._idle_reports > _STANDSTILL_REPORTS:
            self._lose("the sound system plays nothing any more")
        else:
            # What is in a device that asks for nothing may never be heard, so it does not count.
            self._send(output.progress(self._heard))

    def _lose(self, why: str) -> None:
        self._is_playing = False
        self._send({"is": "failed" if self._output is None else "lost", "why": why})

    def _send(self, message: dict[str, Any]) -> None:
        frames.write(self._fd_out, self._run, message)
