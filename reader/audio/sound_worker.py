"""The start of the sound process: it loads all but PortAudio, says so, and only then is anybody else waited for.

PortAudio asks the sound system as soon as it is loaded, and may never be answered. What comes before that is this
computer's own work, which takes 0.1 s, or half a minute beside many busy programs.
"""

from __future__ import annotations

import _sounddevice  # what sounddevice says in C, which takes longest

from reader import threads
from reader.audio import alsa, coreaudio, ring, urgency, wasapi
from reader.support import timeline
from reader.workers import frames

_LOADED = (_sounddevice, alsa, coreaudio, ring, wasapi, timeline)


def run(fd_in: int, fd_out: int) -> None:
    """Serve until the input ends."""
    urgency.come_first()
    threads.take_short_turns()
    frames.write(fd_out, 0, {"is": "loaded"})
    from reader.audio.portaudio_worker import Worker

    Worker(fd_in, fd_out).serve()
