"""The start of the sound process: it loads all but PortAudio, says so, and only then is anybody else waited for.

PortAudio asks the sound system as soon as it is loaded, and may never be answered. What comes before that is this
computer's own work, which takes 0.1 s, or half a minute beside many busy programs.
"""

from __future__ import annotations

import sys

import _sounddevice  # what sounddevice says in C, which takes longest

from reader.audio import alsa, coreaudio, ring, urgency, wasapi
from reader.support import timeline
from reader.workers import frames

# How long a thread may keep the interpreter while another wants it. With Python's own 5 ms, the thread that fills the
# first block would wait for the one that is given the sound behind it.
_SWITCH_S = 0.0002
_LOADED = (_sounddevice, alsa, coreaudio, ring, wasapi, timeline)


def run(fd_in: int, fd_out: int) -> None:
    """Serve until the input ends."""
    urgency.come_first()
    sys.setswitchinterval(_SWITCH_S)
    frames.write(fd_out, 0, {"is": "loaded"})
    from reader.audio.portaudio_worker import Worker

    Worker(fd_in, fd_out).serve()
