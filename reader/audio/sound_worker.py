"""The start of the sound process: loads everything but PortAudio, says so, and only then depends on anything else.

PortAudio asks the sound system as soon as it is loaded, and may never get an answer. What comes before that is this
computer's own work, which takes 0.1 s, or half a minute next to many busy programs.
"""

from __future__ import annotations

import _sounddevice  # sounddevice's C declarations, which take longest

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
