"""A stream of ALSA's own, for the outputs that PortAudio begins late. In the audio process only.

WORKAROUND PortAudio: before a stream that calls back is heard, it fills the device's whole buffer with silence wherever
that can be mapped into memory, as with PipeWire's plugin and sound cards; with PulseAudio's plugin it can't. The flag
against it, paPrimeOutputBuffersUsingStreamCallback, does nothing on ALSA. So with a buffer of 100 ms the first sound
came 127 ms after the start on PipeWire. Here it is the first thing in the buffer, and comes after 3 ms.
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

# How often what was played is replaced. The buffer is longer by this, so that there is never less than asked for.
_TOP_UP_S = 0.02
# alsa-lib's numbers.
_PLAYBACK = 0
_NONBLOCK = 1
_S16 = 2 if sys.byteorder == "little" else 3
_RW_INTERLEAVED = 3
_PREPARED = 2

# Fills a block that is heard from `starts_s` on: (block, now_s, starts_s), both of the stream's time.
Fill = Callable[[memoryview, float, float], None]


class AlsaStream:
    """16-bit mono to a PCM of ALSA's configuration. It is open and stopped at first, and `start` and `abort` alternate.

    One thread starts and aborts it, its own thread fills. What ALSA refuses is raised as OSError: at once, or by `time`
    where the stream's own thread met it.
    """

    def __init__(self, pcm: str, rate_hz: int, latency_s: float, fill: Fill) -> None:
        """Open it. `latency_s` of sound is asked for at a start, and in the device from then on. Raises OSError."""
        self._alsa = _alsa()
        self._pcm = ctypes.c_void_p()
        self._rate_hz = rate_hz
        self._fill = fill
        self._first = round(latency_s * rate_hz)
        self._lock = threading.Lock()  # of the PCM, while it runs
        self._over = threading.Event()  # of the run
        self._over.set()
        self._failure: OSError | None = None
        _must(self._alsa.snd_pcm_open(ctypes.byref(self._pcm), pcm.encode(), _PLAYBACK, _NONBLOCK))
        try:
            self._size = self._set_buffer(latency_s + _TOP_UP_S)
        except OSError:
            self._alsa.snd_pcm_close(self._pcm)  # a card is nobody else's meanwhile
            raise
        # A device may have a larger buffer than was asked for; what is in it can't be changed any more.
        self._most = min(self._size, round((latency_s + _TOP_UP_S) * rate_hz))

    def _set_buffer(self, buffer_s: float) -> int:
        """Returns how many frames the buffer has."""
        buffer_us = round(buffer_s * 1_000_000)
        _must(self._alsa.snd_pcm_set_params(self._pcm, _S16, _RW_INTERLEAVED, 1, self._rate_hz, 1, buffer_us))
        size, period = ctypes.c_ulong(), ctypes.c_ulong()
        _must(self._alsa.snd_pcm_get_params(self._pcm, ctypes.byref(size), ctypes.byref(period)))
        return size.value

    @property
    def stopped(self) -> bool:
        """Whether it is to be started before anything is heard."""
        return self._over.is_set()

    @property
    def time(self) -> float:
        """Now, in seconds. Raises OSError when the run has failed."""
        if self._failure:
            raise self._failure
        return time.monotonic()

    def start(self) -> None:
        """Be heard, with the first block that is asked for. Raises OSError."""
        _must(self._alsa.snd_pcm_prepare(self._pcm))
        self._failure = None
        self._top_up(self._first)
        self._over = threading.Event()
        threads.start(self._keep_full, "sound", self._over)

    def abort(self) -> None:
        """Silence, at once: what is in the device is dropped."""
        self._over.set()
        with self._lock:
            self._alsa.snd_pcm_drop(self._pcm)

    def _keep_full(self, over: threading.Event) -> None:
        """On the run's own thread."""
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
        """Have so many frames in the device, if it takes them."""
        room = self._alsa.snd_pcm_avail_update(self._pcm)
        if room < 0:  # it ran dry, or the computer slept
            _must(self._alsa.snd_pcm_prepare(self._pcm))
            room = _must(self._alsa.snd_pcm_avail_update(self._pcm))
        frames = most - (self._size - room)
        if frames <= 0:
            return
        block = bytearray(frames * FRAME_BYTES)
        delay, now_s = ctypes.c_long(), time.monotonic()
        self._alsa.snd_pcm_delay(self._pcm, ctypes.byref(delay))  # stays 0 where that is not known
        self._fill(memoryview(block), now_s, now_s + max(delay.value, 0) / self._rate_hz)
        self._write(block)
        if self._alsa.snd_pcm_state(self._pcm) == _PREPARED:
            _must(self._alsa.snd_pcm_start(self._pcm))

    def _write(self, block: bytearray) -> None:
        """All of it, also when the device runs dry at this very moment."""
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
    """What ALSA answered. Raises OSError where it is a fault."""
    if code < 0:
        raise OSError(-code, _alsa().snd_strerror(code).decode(errors="replace"))
    return code
