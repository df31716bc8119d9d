"""A stream directly on ALSA, for outputs that PortAudio starts late. In the audio process only.

WORKAROUND PortAudio: before a stream with a callback is heard, it fills the device's whole buffer with silence wherever
that can be mapped into memory, as with PipeWire's plugin and sound cards; PulseAudio's plugin is unaffected. The flag
to prevent this, paPrimeOutputBuffersUsingStreamCallback, does nothing on ALSA. So with a buffer of 100 ms, the first
sound came 127 ms after the start on PipeWire. Here it is the first thing in the buffer, and comes after 3 ms.
"""

from __future__ import annotations

import ctypes
import functools
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from reader import threads
from reader.flow import FRAME_BYTES

# How often the buffer is refilled. The buffer is longer by this much, so that it never holds less than asked for.
_TOP_UP_S = 0.02
# alsa-lib's constants.
_PLAYBACK = 0
_NONBLOCK = 1
_S16 = 2 if sys.byteorder == "little" else 3
_RW_INTERLEAVED = 3
_PREPARED = 2

# Fills a block that will be heard from `starts_s` on: (block, now_s, starts_s), in the stream's time.
Fill = Callable[[memoryview, float, float], None]


class AlsaStream:
    """16-bit mono to a configured ALSA PCM. Created open and stopped; `start` and `abort` alternate.

    One thread starts and aborts it; its own thread fills it. Errors from ALSA are raised as OSError: at once, or by
    `time` if they occurred on the stream's own thread.
    """

    def __init__(self, pcm: str, rate_hz: int, latency_s: float, fill: Fill) -> None:
        """Open it. `latency_s` of sound is asked for at the start, and then kept in the device. Raises OSError."""
        self._alsa = _alsa()
        self._pcm = ctypes.c_void_p()
        self._rate_hz = rate_hz
        self._fill = fill
        self._first = round(latency_s * rate_hz)
        self._lock = threading.Lock()  # for the PCM, while it runs
        self._over = threading.Event()  # the run is over
        self._over.set()
        self._failure: OSError | None = None
        _must(self._alsa.snd_pcm_open(ctypes.byref(self._pcm), pcm.encode(), _PLAYBACK, _NONBLOCK))
        try:
            self._size = self._set_buffer(latency_s + _TOP_UP_S)
        except OSError:
            self._alsa.snd_pcm_close(self._pcm)  # an open card would be blocked for everyone else
            raise
        # A device's buffer may be larger than asked for, and what is in it can't be changed any more.
        self._most = min(self._size, round((latency_s + _TOP_UP_S) * rate_hz))

    def _set_buffer(self, buffer_s: float) -> int:
        """Returns the size of the buffer in frames."""
        buffer_us = round(buffer_s * 1_000_000)
        _must(self._alsa.snd_pcm_set_params(self._pcm, _S16, _RW_INTERLEAVED, 1, self._rate_hz, 1, buffer_us))
        size, period = ctypes.c_ulong(), ctypes.c_ulong()
        _must(self._alsa.snd_pcm_get_params(self._pcm, ctypes.byref(size), ctypes.byref(period)))
        return size.value

    @property
    def stopped(self) -> bool:
        """Whether it has to be started before anything is heard."""
        return self._over.is_set()

    @property
    def time(self) -> float:
        """The current time, in seconds. Raises OSError if the run has failed."""
        if self._failure:
            raise self._failure
        return time.monotonic()

    def start(self) -> None:
        """Start playing, with the first block that is asked for. Raises OSError."""
        _must(self._alsa.snd_pcm_prepare(self._pcm))
        self._failure = None
        self._top_up(self._first)
        self._over = threading.Event()
        threads.start(self._keep_full, "sound", self._over)

    def abort(self) -> None:
        """Fall silent at once: what is in the device is dropped."""
        self._over.set()
        with self._lock:
            self._alsa.snd_pcm_drop(self._pcm)

    def _keep_full(self, over: threading.Event) -> None:
        """Runs on the run's own thread."""
        while not over.wait(_TOP_UP_S):
            with self._lock:
                if over.is_set():
                    return
                try:
                    self._top_up(self._most)
                except OSError as error:
                    self._failure = error
                    return

    def _top_up(self, most: int) -> None:
        """Fill the device up to this many frames, if it takes them."""
        room = self._alsa.snd_pcm_avail_update(self._pcm)
        if room < 0:  # it ran dry, or the computer slept
            _must(self._alsa.snd_pcm_prepare(self._pcm))
            room = _must(self._alsa.snd_pcm_avail_update(self._pcm))
        frames = most - (self._size - room)
        if frames <= 0:
            return
        block = bytearray(frames * FRAME_BYTES)
        delay, now_s = ctypes.c_long(), time.monotonic()
        self._alsa.snd_pcm_delay(self._pcm, ctypes.byref(delay))  # stays 0 if unknown
        self._fill(memoryview(block), now_s, now_s + max(delay.value, 0) / self._rate_hz)
        self._write(block)
        if self._alsa.snd_pcm_state(self._pcm) == _PREPARED:
            _must(self._alsa.snd_pcm_start(self._pcm))

    def _write(self, block: bytearray) -> None:
        """Write all of it, even if the device runs dry at this very moment."""
        offset = 0
        while offset < len(block):
            frames = (len(block) - offset) // FRAME_BYTES
            sound = (ctypes.c_char * (len(block) - offset)).from_buffer(block, offset)
            written = self._alsa.snd_pcm_writei(self._pcm, sound, frames)
            if written < 0:
                _must(self._alsa.snd_pcm_prepare(self._pcm))
                written = _must(self._alsa.snd_pcm_writei(self._pcm, sound, frames))
            offset += written * FRAME_BYTES


@functools.cache
def _alsa() -> Any:
    """The library, which PortAudio has loaded."""
    alsa = ctypes.CDLL("libasound.so.2")
    pcm, ulong = ctypes.c_void_p, ctypes.c_ulong
    alsa.snd_pcm_writei.argtypes = [pcm, ctypes.c_void_p, ulong]
    for counts in (alsa.snd_pcm_writei, alsa.snd_pcm_avail_update):
        counts.restype = ctypes.c_long
    alsa.snd_strerror.restype = ctypes.c_char_p
    return alsa


def _must(code: int) -> int:
    """Return ALSA's result. Raises OSError if it is an error code."""
    if code < 0:
        raise OSError(-code, _alsa().snd_strerror(code).decode(errors="replace"))
    return code
