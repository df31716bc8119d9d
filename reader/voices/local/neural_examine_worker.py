"""Tries a net in the neural voice's format before it is added, in a separate process because it may be anything.

Worker.reads is the voice's folder. Each message is answered with the gain that the voice needs, or the reason why it
can't be used.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from reader.voices.local.neural_worker import RATE_HZ, AddedVoices
from reader.voices.piper.examine import gain_of
from reader.workers import frames
from reader.workers.worker import READS

# Takes some 12 s to say; anything much shorter or longer is not speech.
_TEXT = (
    "The old lighthouse keeper walked slowly down to the harbour early every morning, and looked at the water. "
    "Nobody knew why he did it. When the train finally arrived at the small station by the sea, he was gone."
)
_SECONDS = (4.0, 40.0)


def run(fd_in: int, fd_out: int) -> None:
    """Serve until the input ends."""
    frames.write(fd_out, 0, {"is": "ready"})
    while (frame := frames.read(fd_in)) is not None:
        try:
            folder = Path(os.environ[READS])
            frames.write(fd_out, frame.tag, {"is": "examined", "gain": _examine(folder)})
        except Exception as error:  # whatever a net provokes in ONNX Runtime
            frames.write(fd_out, frame.tag, {"is": "refused", "why": f"{type(error).__name__}: {error}"[:500]})


def _examine(folder: Path) -> float:
    """The gain for the loudness of the other voices. Raises ValueError, and what ONNX Runtime raises."""
    voice = AddedVoices(folder.parent).get(folder.name)
    sound = np.concatenate([np.zeros(0, np.float32), *voice.say(_TEXT, 1.0, lambda: None)])
    if not np.isfinite(sound).all() or not _SECONDS[0] <= sound.size / RATE_HZ <= _SECONDS[1]:
        raise ValueError("what it says is no speech")
    return gain_of(sound, RATE_HZ)
